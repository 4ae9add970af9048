"""Announcements arrive over the wire as they were written, and only with whom they can."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from telegram.ext import ExtBot

from bot.localchat.people import LEARNER, TOKEN
from handlers.chat.announcing import KIND, Announcing
from handlers.chat.transport import AiohttpRequest
from services.jobs import Jobs, NewWork
from services.learners import LearnerService
from services.meter import Meter
from storage.database import Database
from tests.kit.clocks import HeldClock
from tests.kit.database import postgres, sqlite
from tests.kit.telegram_server import TelegramServer, TooMany, telegram_server

__all__ = ["postgres", "sqlite"]
SEND = "sendmessage"  # as the bot writes it: Telegram does not mind


class Desk:
    """Jobs that announce, and those who are told."""

    def __init__(self, database: Database, server: TelegramServer, clock: HeldClock, meter: Meter) -> None:
        self.clock, self.meter, self.server = clock, meter, server
        self.jobs = Jobs(database, clock, worker="tests")
        self.learners = LearnerService(database=database, clock=clock)

    async def arrive(self, telegram_id: int) -> int:
        return (await self.learners.arrive(telegram_id, "Lena", None, "en", self.clock.now())).id

    async def announce(self, learner_id: int, words: str) -> None:
        await self.jobs.put(
            NewWork(KIND, f"a:{learner_id}", f"k:{learner_id}", {"learner_id": learner_id, "text": words})
        )

    async def idle(self) -> None:
        await self.until(lambda: self.jobs.waiting == 0)

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not true():  # noqa: ASYNC110 - the far side of a wire has no event
                await asyncio.sleep(0.02)


@asynccontextmanager
async def desk(database: Database) -> AsyncIterator[Desk]:
    clock, meter = HeldClock(), Meter()
    async with telegram_server() as server:
        bot: ExtBot[None] = ExtBot(
            TOKEN,
            base_url=server.base_url,
            base_file_url=server.base_file_url,
            request=AiohttpRequest(meter),
            get_updates_request=AiohttpRequest(),
        )
        made = Desk(database, server, clock, meter)
        made.jobs.register(KIND, Announcing(made.learners, bot).tell)
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
