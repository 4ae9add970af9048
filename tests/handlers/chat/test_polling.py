from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from telegram.error import InvalidToken
from telegram.ext import ExtBot

from bot.localchat.people import LEARNER, TOKEN
from handlers.chat.polling import AFTER_CONFLICT, FULL, LOOK_EVERY, OTHER_PROGRAM, OTHER_WORKER, Polling
from handlers.chat.transport import AiohttpRequest
from services.intake import KIND, IntakeService
from services.jobs import Jobs, NewWork, WorkItem
from storage.database import Database
from storage.writer import Ask, Job, Statement, repeatable
from tests.kit.database import postgres, postgres_database, sqlite
from tests.kit.hurried_clock import HurriedClock
from tests.kit.telegram_server import BadGateway, Drop, TelegramServer, TooMany, telegram_server

__all__ = ["postgres", "sqlite"]

POLL = "getupdates"


@dataclass
class Side:
    """Polling with the intake behind it; `texts` are those of the updates that were handled."""

    polling: Polling
    jobs: Jobs
    clock: HurriedClock
    texts: list[str] = field(default_factory=list)
    running: asyncio.Task[None] | None = None

    async def handle(self, item: WorkItem) -> None:
        self.texts.append(item.payload["message"]["text"])

    def run(self) -> asyncio.Task[None]:
        self.running = asyncio.create_task(self.polling.run())
        return self.running

    async def halt(self) -> None:
        """As a kill does for the poll: at once, acknowledging nothing."""
        assert self.running is not None
        self.running.cancel()
        with suppress(asyncio.CancelledError):
            await self.running

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not true():  # noqa: ASYNC110 - what is waited for is a list, which rings no bell
                await asyncio.sleep(0.005)


@asynccontextmanager
async def polling(
    url: str, database: Database, token: str = TOKEN, *, worker: str = "one", clock: HurriedClock | None = None
) -> AsyncIterator[Side]:
    request, clock = AiohttpRequest(), clock or HurriedClock()
    await request.initialize()
    jobs = Jobs(database, clock, worker=worker)
    side = Side(
        Polling(ExtBot(token, base_url=f"{url}/bot", request=request), IntakeService(jobs), jobs, clock), jobs, clock
    )
    jobs.register(KIND, side.handle)
    await jobs.start()
    try:
        yield side
    finally:
        if side.running is not None:
            with suppress(InvalidToken):
                await side.halt()
        await jobs.stop(1)
        await request.shutdown()


def offsets(server: TelegramServer) -> list[int]:
    return [int(call.params.get("offset", 0)) for call in server.of(POLL)]


async def test_updates_are_handled_in_order_and_acknowledged_after(sqlite: Database) -> None:
    async with telegram_server() as server, polling(server.url, sqlite) as side:
        me = server.engine.person(LEARNER.id)
        for n in range(250):
            await me.send_text(f"m{n}")
        side.run()
        await side.until(lambda: len(side.texts) == 250)
        assert side.texts == [f"m{n}" for n in range(250)]
        await me.send_text("one more")
        await side.until(lambda: side.texts[-1] == "one more")
        assert side.polling.last_seen is not None
        allowed = server.of(POLL)[0].params["allowed_updates"]
        assert {"message", "callback_query", "edited_message", "poll_answer", "my_chat_member"} == set(allowed)


async def test_nothing_is_acknowledged_that_is_not_stored(sqlite: Database) -> None:
    await sqlite.writer.do(_busy(20))
    async with telegram_server() as server, polling(server.url, sqlite) as side:
        await server.engine.person(LEARNER.id).send_text("hold on to me")
        path = sqlite.engine.url.database
        assert path is not None
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        side.run()
        await side.until(lambda: len(server.of(POLL)) >= 4)
        assert set(offsets(server)) == {0}
        other.execute("ROLLBACK")
        other.close()
        await side.until(lambda: side.texts == ["hold on to me"])
        await server.engine.person(LEARNER.id).send_text("thank you")
        await side.until(lambda: side.texts == ["hold on to me", "thank you"])
        assert max(offsets(server)) > 0


async def test_killed_between_storing_and_acknowledging_means_told_twice_and_done_once(sqlite: Database) -> None:
    async with scripted([17]) as (url, asked), polling(url, sqlite) as first:
        first.run()
        await first.until(lambda: first.texts == ["17"])
        assert asked == [0]  # the poll that would acknowledge it gets no answer
    async with scripted([17, 18]) as (url, asked), polling(url, sqlite) as second:
        second.run()
        await second.until(lambda: second.texts == ["18"])


@pytest.mark.parametrize(
    ("fault", "waits"),
    [(TooMany(3), 3.0), (BadGateway(), 1.0), (Drop(delivered=False), 1.0), (Drop(delivered=True), 1.0)],
)
async def test_faults_of_telegrams_are_waited_out(
    sqlite: Database, fault: TooMany | BadGateway | Drop, waits: float
) -> None:
    async with telegram_server() as server, polling(server.url, sqlite) as side:
        server.fault(POLL, fault)
        await server.engine.person(LEARNER.id).send_text("still here")
        side.run()
        await side.until(lambda: side.texts == ["still here"])
        assert waits in side.clock.slept


async def test_the_longer_telegram_is_away_the_longer_we_wait(sqlite: Database) -> None:
    async with telegram_server() as server, polling(server.url, sqlite) as side:
        server.fault(POLL, BadGateway(), times=6)
        await server.engine.person(LEARNER.id).send_text("back")
        side.run()
        await side.until(lambda: side.texts == ["back"])
        assert [wait for wait in side.clock.slept if wait >= 1] == [1, 2, 5, 15, 15, 15]


async def test_a_token_that_is_refused_again_and_again_ends_it(sqlite: Database) -> None:
    async with telegram_server() as server, polling(server.url, sqlite, "1:other") as side:
        running = side.run()
        with pytest.raises(InvalidToken):
            await asyncio.wait_for(running, 30)


async def test_too_much_work_in_hand_leaves_the_rest_to_telegram(sqlite: Database) -> None:
    async with telegram_server() as server, polling(server.url, sqlite) as side:
        gate = asyncio.Event()

        async def slow(item: WorkItem) -> None:
            await gate.wait()

        side.jobs.register("slow", slow)
        await side.jobs.put(*(NewWork("slow", "s:1", f"s{n}", {}) for n in range(FULL + 1)))
        await server.engine.person(LEARNER.id).send_text("when you can")
        side.run()
        await asyncio.sleep(0.2)
        assert server.of(POLL) == []
        gate.set()
        await side.until(lambda: side.texts == ["when you can"])


@asynccontextmanager
async def scripted(*batches: list[int]) -> AsyncIterator[tuple[str, list[int]]]:
    """A Telegram that answers polls with updates of these ids, then nothing; the offsets that it was asked for."""
    asked: list[int] = []
    left = iter(batches)

    async def answer(request: web.Request) -> web.Response:
        given: dict[str, Any] = await request.json()
        ids = next(left, None)
        if ids is None:
            await asyncio.sleep(30)
        asked.append(int(given["offset"]))
        person = {"id": LEARNER.id, "is_bot": False, "first_name": "Lena"}
        chat = {"id": LEARNER.id, "type": "private"}
        updates = [
            {"update_id": n, "message": {"message_id": n, "date": 1, "chat": chat, "from": person, "text": str(n)}}
            for n in ids or []
        ]
        return web.json_response({"ok": True, "result": updates})

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield "http://{}:{}".format(*runner.addresses[0][:2]), asked
    finally:
        await runner.cleanup()


async def test_after_a_quiet_week_numbers_may_start_lower(sqlite: Database) -> None:
    async with scripted([900, 901], [], [17], [18, 901]) as (url, asked), polling(url, sqlite) as side:
        side.run()
        await side.until(lambda: len(asked) == 4)
        await side.until(lambda: len(side.texts) == 4)
        assert asked == [0, 902, 0, 18]
        assert side.texts == ["900", "901", "17", "18"]


class _Patient(HurriedClock):
    """Waits for another worker and for another program take a moment, so that the others get to do something."""

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        if seconds in (LOOK_EVERY, AFTER_CONFLICT):
            await asyncio.sleep(0.05)


async def test_on_one_database_one_worker_polls_and_another_stands_by_until_it_goes(
    postgres: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    async with telegram_server() as server, postgres_database(postgres) as database:
        me, url = server.engine.person(LEARNER.id), database.engine.url.render_as_string(hide_password=False)
        second = await Database.open(url)
        async with polling(server.url, second, worker="two", clock=_Patient()) as other:
            async with polling(server.url, database, clock=_Patient()) as one:
                one.run()
                await one.until(lambda: one.polling.last_seen is not None)
                other.run()
                await other.until(lambda: other.polling.standing_by == OTHER_WORKER)
                await me.send_text("to the first")
                await one.until(lambda: bool(one.texts or other.texts))
                assert other.polling.last_seen is None
                await asyncio.sleep(0.2)
            await me.send_text("to the second")
            await other.until(lambda: "to the second" in one.texts + other.texts)
            assert other.polling.standing_by is None
        await second.close()
    said = [record.message for record in caplog.records if "stands by" in record.message]
    assert len(said) == 1, "it says so once"


async def test_another_program_with_our_token_is_given_way_to_and_tried_again(
    sqlite: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with telegram_server() as server, polling(server.url, sqlite, clock=_Patient()) as side:
        running = side.run()
        await side.until(lambda: side.polling.last_seen is not None)
        for _ in range(3):
            async with asyncio.timeout(30):
                while side.polling.standing_by is None:
                    await server.engine.call("getUpdates", {"offset": 0, "timeout": 0})
                    await asyncio.sleep(0.01)
            assert side.polling.standing_by == OTHER_PROGRAM
            await side.until(lambda: side.polling.standing_by is None)
        await server.engine.person(LEARNER.id).send_text("ours again")
        await side.until(lambda: side.texts == ["ours again"])
        assert side.polling.standing_by is None
        assert not running.done()
        assert AFTER_CONFLICT in side.clock.slept
    said = [record.message for record in caplog.records if "stands by" in record.message]
    assert len(said) == 1, "it says so once"


async def test_a_webhook_from_before_is_taken_away_and_what_waits_is_kept(sqlite: Database) -> None:
    async with telegram_server() as server, polling(server.url, sqlite) as side:
        await server.engine.person(LEARNER.id).send_text("before")
        await server.engine.call("setWebhook", {"url": "https://learn.example/hook"})
        side.run()
        await side.until(lambda: side.texts == ["before"])
        assert side.polling.standing_by is None


@repeatable
def _busy(milliseconds: int) -> Job[None]:
    yield Ask(Statement(f"PRAGMA busy_timeout={milliseconds}"), {})
