from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from aiohttp import web
from telegram.ext import ExtBot

from bot.localchat.people import TOKEN
from handlers.chat.hooked import Hooked
from handlers.chat.transport import AiohttpRequest
from services.intake import ALLOWED_UPDATES
from services.jobs import Jobs
from storage.database import Database
from tests.kit.database import postgres, postgres_database, sqlite
from tests.kit.hurried_clock import HurriedClock

__all__ = ["postgres", "sqlite"]

URL = "https://learn.example/telegram/webhook"


class Telegram:
    """Knows where to post, and says how that went; `set` are the calls of setWebhook."""

    def __init__(self) -> None:
        self.info: dict[str, Any] = {"url": "", "pending_update_count": 0}
        self.set: list[dict[str, Any]] = []
        self.looks = 0
        self.fails = 0
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        if self.fails:
            self.fails -= 1
            return web.Response(status=502)
        method = request.path.rpartition("/")[2].lower()
        if method == "setwebhook":
            given = await request.json()
            self.set.append(given)
            self.info |= {"url": given["url"], "allowed_updates": ALLOWED_UPDATES}
            return web.json_response({"ok": True, "result": True})
        self.looks += 1
        return web.json_response({"ok": True, "result": self.info})


@asynccontextmanager
async def telegram() -> AsyncIterator[Telegram]:
    told = Telegram()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", told.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    told.url = "http://{}:{}".format(*runner.addresses[0][:2])
    try:
        yield told
    finally:
        await runner.cleanup()


class _Patient(HurriedClock):
    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        await asyncio.sleep(0.01)


@asynccontextmanager
async def hooked(told: Telegram, database: Database, worker: str = "one", secret: str = "s-1") -> AsyncIterator[Hooked]:
    request, clock = AiohttpRequest(), _Patient()
    await request.initialize()
    jobs = Jobs(database, clock, worker=worker)
    await jobs.start()
    bot = ExtBot(TOKEN, base_url=f"{told.url}/bot", request=request)
    side = Hooked(bot, jobs.heart, clock, url=URL, secret=secret)
    running = asyncio.create_task(side.run())
    try:
        yield side
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await jobs.stop(1)
        await request.shutdown()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not true():  # noqa: ASYNC110 - what is waited for is a list, which rings no bell
            await asyncio.sleep(0.005)


async def test_it_is_set_once_with_the_secret_and_again_when_it_is_gone(sqlite: Database) -> None:
    async with telegram() as told, hooked(told, sqlite) as side:
        await until(lambda: told.looks >= 4)
        (given,) = told.set
        assert (given["url"], given["secret_token"]) == (URL, "s-1")
        assert "true" not in str(given.get("drop_pending_updates")).lower(), "what waits is kept"
        assert set(ALLOWED_UPDATES) == set(_listed(given["allowed_updates"]))
        assert side.last_seen is not None
        told.info["url"] = "https://elsewhere.example"
        await until(lambda: len(told.set) == 2)


async def test_telegram_away_is_waited_out(sqlite: Database) -> None:
    async with telegram() as told:
        told.fails = 5
        async with hooked(told, sqlite):
            await until(lambda: len(told.set) == 1)


async def test_what_telegram_could_not_deliver_is_told_for_as_long_as_it_lasts(
    sqlite: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with telegram() as told, hooked(told, sqlite) as side:
        await until(lambda: len(told.set) == 1)
        told.info |= {"last_error_date": 2**40, "last_error_message": "Connection refused", "pending_update_count": 7}
        await until(lambda: side.trouble is not None)
        assert side.trouble == "Connection refused; 7 updates wait"
        told.info |= {"last_error_date": 1}
        await until(lambda: side.trouble is None)
    assert len([one for one in caplog.records if "cannot post updates" in one.message]) == 1


async def test_of_several_workers_one_sets_it_and_the_next_sets_its_own_secret(postgres: str) -> None:
    async with telegram() as told, postgres_database(postgres) as database:
        second = await Database.open(database.engine.url.render_as_string(hide_password=False))
        async with hooked(told, database):
            await until(lambda: len(told.set) == 1)
            async with hooked(told, second, "two", "s-2"):
                looks = told.looks
                await until(lambda: told.looks > looks + 6)
                assert len(told.set) == 1
        async with hooked(told, second, "three", "s-3"):
            await until(lambda: len(told.set) == 2)
        assert [one["secret_token"] for one in told.set] == ["s-1", "s-3"]
        await second.close()


def _listed(value: Any) -> list[str]:
    return list(json.loads(value)) if isinstance(value, str) else list(value)
