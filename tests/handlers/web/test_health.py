"""Health as anybody sees it, as an admin sees it, and as fast as it has to be."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text

from handlers.web.app import build_app
from handlers.web.door import TokenDoor
from handlers.web.services import WebServices
from services.health import FRESH_SECONDS, STALE_SECONDS, HealthService
from services.limits import DEFAULTS, make_limits
from services.views import ProbeView
from storage.database import Database
from tests.handlers.web.sidecar import Client, Words
from tests.kit.clocks import HeldClock
from tests.kit.database import postgres, sqlite

__all__ = ["postgres", "sqlite"]


class Dependency:
    """Something that is asked, and answers as it is told to."""

    def __init__(self) -> None:
        self.asked = 0
        self.answer: Callable[[], Awaitable[ProbeView]] = self.fine

    async def fine(self) -> ProbeView:
        return ProbeView("author", "ok", 1.25, None, "model-x")

    async def slow(self) -> ProbeView:
        await asyncio.sleep(0.3)
        return await self.fine()

    async def gone(self) -> ProbeView:
        raise ConnectionResetError("10.1.2.3 refused")

    async def probe(self) -> ProbeView:
        self.asked += 1
        return await self.answer()


@asynccontextmanager
async def served(database: Database, *, ready: bool = True) -> AsyncIterator[tuple[Client, HeldClock, Dependency]]:
    clock, author = HeldClock(), Dependency()
    health = HealthService(
        database=database,
        clock=clock,
        version="1",
        environment="test",
        probes={"author": author.probe},
        limit_seconds=30.0,  # a slow machine is no fault of the database's
    )
    limits = make_limits(clock, DEFAULTS)
    app = build_app(
        WebServices(clock=clock),
        TokenDoor(Words(), limits, clock),
        health,
        is_ready=lambda: ready,
        version="1",
        operations=[],
    )
    async with TestClient(TestServer(app)) as client:
        yield client, clock, author


async def ask(client: Client, path: str = "/health", token: str = "") -> tuple[int, Any]:
    async with client.get(path, headers={"Authorization": f"Bearer {token}"} if token else {}) as answer:
        return answer.status, await answer.json()


@pytest.mark.parametrize("token", ["", "lena", "ines", "blocked", "nobody"])
async def test_without_an_admin_there_are_only_words(sqlite: Database, token: str) -> None:
    async with served(sqlite) as (client, _clock, author):
        author.answer = author.gone
        status, body = await ask(client, token=token)
        assert (status, body["status"]) == (200, "degraded")
        assert body["loses"] == [
            "New courses cannot be made just now. Courses that are there can be read and completed."
        ]
        assert body["checks"] == {
            "database": {"status": "ok"},
            "work": {"status": "ok"},
            "author": {"status": "failed"},
        }
        assert "10.1.2.3" not in str(body)


async def test_admins_see_why(sqlite: Database) -> None:
    async with served(sqlite) as (client, _clock, author):
        author.answer = author.gone
        _, body = await ask(client, token="ada")
        assert body["checks"]["author"]["detail"] == "ConnectionResetError: 10.1.2.3 refused"
        assert body["checks"]["database"]["latency_ms"] >= 0


async def test_without_a_database_it_is_not_ready_but_alive(sqlite: Database) -> None:
    async with sqlite.engine.begin() as connection:
        await connection.execute(text("DROP TABLE work"))
    async with served(sqlite) as (client, _clock, _author):
        status, body = await ask(client)
        assert (status, body["status"]) == (503, "unhealthy")
        assert "Nothing can be read or kept just now. What was done before is safe." in body["loses"]
        assert (await ask(client, "/health/ready"))[0] == 503
        assert await ask(client, "/health/live") == (200, {"status": "alive"})


async def test_it_is_not_ready_before_it_serves(sqlite: Database) -> None:
    async with served(sqlite, ready=False) as (client, _clock, author):
        assert await ask(client, "/health/ready") == (503, {"status": "not ready"})
        assert await ask(client, "/health/live") == (200, {"status": "alive"})
        assert author.asked == 0


async def test_nobody_waits_for_a_check_who_can_have_the_last_answer(sqlite: Database) -> None:
    async with served(sqlite) as (client, clock, author):
        assert (await ask(client))[1]["status"] == "healthy"
        author.answer = author.slow
        slowest = 0.0
        for _ in range(3):
            clock.move(FRESH_SECONDS + 0.1)
            for _ in range(20):
                begun = time.perf_counter()
                assert (await ask(client))[0] == 200
                slowest = max(slowest, time.perf_counter() - begun)
            await asyncio.sleep(0.5)  # the check that they set off
        assert slowest < 0.25  # they all would have waited 0.3 s
        assert author.asked == 4


async def test_an_answer_that_is_too_old_is_not_given(sqlite: Database) -> None:
    async with served(sqlite) as (client, clock, author):
        assert (await ask(client))[1]["status"] == "healthy"
        author.answer = author.gone
        clock.move(STALE_SECONDS + 0.1)
        assert (await ask(client))[1]["status"] == "degraded"


async def test_many_who_ask_are_one_check(sqlite: Database) -> None:
    async with served(sqlite) as (client, _clock, author):
        author.answer = author.slow
        await asyncio.gather(*(ask(client) for _ in range(30)))
        assert author.asked == 1
