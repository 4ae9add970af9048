"""Announcements arrive over the wire as they were written, and only with whom they can."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from telegram.ext import ExtBot

from bot.localchat.people import INSTRUCTOR, LEARNER, TOKEN
from handlers.chat.announcing import AT_ONCE, GIVE_WAY, KIND, Announcing
from handlers.chat.transport import AiohttpRequest
from services.jobs import Jobs, NewWork
from services.learners import LearnerService
from services.meter import Meter
from services.people import PeopleService
from storage.database import Database
from storage.models import Work
from tests.kit.clocks import HeldClock
from tests.kit.database import database, postgres, sqlite
from tests.kit.school import START
from tests.kit.telegram_server import TelegramServer, TooMany, telegram_server

__all__ = ["database", "postgres", "sqlite"]
SEND = "sendmessage"  # as the bot writes it: Telegram does not mind


class Desk:
    """Jobs that announce, and those who are told."""

    def __init__(self, database: Database, server: TelegramServer, clock: HeldClock, meter: Meter) -> None:
        self.database, self.clock, self.meter, self.server = database, clock, meter, server
        self.jobs = Jobs(database, clock, worker="tests")
        self.learners = LearnerService(database=database, clock=clock)
        self.people = PeopleService(database=database, learners=self.learners)
        self.in_hand = 0

    async def arrive(self, telegram_id: int) -> int:
        return (await self.learners.arrive(telegram_id, "Lena", None, "en", self.clock.now())).id

    async def announce(self, learner_id: int, words: str) -> None:
        await self.jobs.put(
            NewWork(KIND, f"a:{learner_id}", f"k:{learner_id}", {"learner_id": learner_id, "text": words})
        )

    async def wants_quiet(self, learner_id: int, begin: int, end: int) -> None:
        """In hours of the day where they are: Vienna, an hour ahead of UTC."""
        hours = {"quiet_from": begin * 60, "quiet_to": end * 60}
        await self.people.change(learner_id, {"time_zone": "Europe/Vienna", **hours})

    async def due(self, learner_id: int) -> datetime:
        """When they are to be told."""
        async with self.database.reading() as session:
            query = select(Work.due).where(Work.key == f"k:{learner_id}")
            return (await session.scalars(query)).one()

    async def told(self) -> list[str]:
        return [str(call.params["chat_id"]) for call in self.server.of(SEND) if call.status == 200]

    async def idle(self) -> None:
        await self.until(lambda: self.jobs.waiting == 0)

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not true():  # noqa: ASYNC110 - the far side of a wire has no event
                await asyncio.sleep(0.02)


@asynccontextmanager
async def desk(database: Database, clock: HeldClock | None = None) -> AsyncIterator[Desk]:
    clock, meter = clock or HeldClock(), Meter()
    async with telegram_server() as server:
        bot: ExtBot[None] = ExtBot(
            TOKEN,
            base_url=server.base_url,
            base_file_url=server.base_file_url,
            request=AiohttpRequest(meter),
            get_updates_request=AiohttpRequest(),
        )
        made = Desk(database, server, clock, meter)
        announcing = Announcing(made.learners, made.people, bot, clock, lambda: made.in_hand)
        made.jobs.register(KIND, announcing.tell, at_once=AT_ONCE)
        async with bot:
            await made.jobs.start()
            yield made
            await made.jobs.stop(0)


@pytest.mark.parametrize("words", ["Bread & <b>butter</b>\nat nine 😀", "x" * 2000])
async def test_it_is_shown_as_it_was_written(sqlite: Database, words: str) -> None:
    async with desk(sqlite) as made:
        await made.announce(await made.arrive(LEARNER.id), words)
        await made.until(lambda: len(made.server.of(SEND)) == 1)
        (call,) = made.server.of(SEND)
        assert call.result["text"] == words
        assert call.result.get("entities", []) == []


async def test_a_pause_that_telegram_asks_for_is_waited_out_and_counted(sqlite: Database) -> None:
    async with desk(sqlite) as made:
        learner = await made.arrive(LEARNER.id)
        made.server.fault(SEND, TooMany(7))
        await made.announce(learner, "hello")
        await made.until(lambda: made.meter.refused == 1)
        await made.idle()
        made.clock.move(6)
        made.jobs.wake()
        await asyncio.sleep(0.2)
        assert len(made.server.of(SEND)) == 1
        made.clock.move(2)
        made.jobs.wake()
        await made.until(lambda: [call.status for call in made.server.of(SEND)] == [429, 200])


async def test_who_cannot_be_reached_is_left_in_peace(sqlite: Database) -> None:
    async with desk(sqlite) as made:
        gone, nobody = await made.arrive(LEARNER.id), await made.arrive(4_000_000_001)
        await made.learners.set_reachable(LEARNER.id, False)
        await made.announce(gone, "hello")
        await made.announce(999, "hello")
        await made.announce(nobody, "hello")  # a chat that Telegram does not know
        await made.until(lambda: len(made.server.of(SEND)) == 1)
        await made.idle()
        (call,) = made.server.of(SEND)
        assert (str(call.params["chat_id"]), call.status) == ("4000000001", 400)
        assert (await made.learners.get(nobody)).reachable is False


async def test_who_wants_quiet_is_told_afterwards(database: Database) -> None:
    """START is 9:00 in UTC, 10:00 in Vienna; somebody else is told at once, and a restart forgets nothing."""
    async with desk(database) as made:
        ada, bob = await made.arrive(LEARNER.id), await made.arrive(INSTRUCTOR.id)
        await made.wants_quiet(ada, 22, 11)
        await made.announce(ada, "hello")
        await made.announce(bob, "hello")
        await made.until(lambda: len(made.server.of(SEND)) == 1)
        await made.idle()
        assert await made.told() == [str(INSTRUCTOR.id)]
        end = START.replace(hour=10, minute=0, second=0, microsecond=0)
        assert timedelta(0) <= await made.due(ada) - end < timedelta(minutes=5)
        clock = made.clock
    async with desk(database, clock) as made:
        clock.move((end - clock.now()).total_seconds() - 1)
        made.jobs.wake()
        await asyncio.sleep(0.2)
        assert await made.told() == []
        clock.move(301)
        made.jobs.wake()
        await made.until(lambda: len(made.server.of(SEND)) == 1)
        assert await made.told() == [str(LEARNER.id)]


async def test_who_blocks_the_bot_while_it_waits_gets_nothing_until_they_write(sqlite: Database) -> None:
    async with desk(sqlite) as made:
        ada = await made.arrive(LEARNER.id)
        await made.wants_quiet(ada, 22, 11)
        await made.announce(ada, "hello")
        await made.idle()
        await made.learners.set_reachable(LEARNER.id, False)
        made.clock.move(6 * 3600)
        made.jobs.wake()
        await made.until(lambda: made.jobs.waiting == 0)
        await asyncio.sleep(0.2)
        assert made.server.of(SEND) == []
        await made.arrive(LEARNER.id)  # they write again: what was said meanwhile stays unsaid, the next is said
        await made.jobs.put(NewWork(KIND, f"a:{ada}", "k:2", {"learner_id": ada, "text": "again"}))
        await made.until(lambda: len(made.server.of(SEND)) == 1)
        assert made.server.of(SEND)[0].result["text"] == "again"


async def test_a_pause_that_one_is_asked_for_is_kept_by_all(sqlite: Database) -> None:
    async with desk(sqlite) as made:
        ada, bob = await made.arrive(LEARNER.id), await made.arrive(INSTRUCTOR.id)
        made.server.fault(SEND, TooMany(7))
        await made.announce(ada, "hello")
        await made.until(lambda: made.meter.refused == 1)
        await made.announce(bob, "hello")
        await made.idle()
        await asyncio.sleep(0.1)
        assert len(made.server.of(SEND)) == 1
        assert (await made.due(bob) - made.clock.now()).total_seconds() >= 7
        made.clock.move(8)
        made.jobs.wake()
        await made.until(lambda: len(made.server.of(SEND)) == 3)
        assert sorted(await made.told()) == sorted([str(LEARNER.id), str(INSTRUCTOR.id)])


async def test_peoples_taps_go_first_but_not_for_ever(sqlite: Database) -> None:
    async with desk(sqlite) as made:
        ada, before = await made.arrive(LEARNER.id), made.clock.monotonic()
        made.in_hand = 1
        await made.announce(ada, "hello")
        await made.until(lambda: len(made.server.of(SEND)) == 1)
        assert made.clock.monotonic() - before == pytest.approx(GIVE_WAY)
        made.in_hand, before = 0, made.clock.monotonic()
        await made.jobs.put(NewWork(KIND, f"a:{ada}", "k:2", {"learner_id": ada, "text": "again"}))
        await made.until(lambda: len(made.server.of(SEND)) == 2)
        assert made.clock.monotonic() == before
