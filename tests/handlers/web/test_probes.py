from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import aiohttp
from aiohttp import web

from handlers.web.app import build_app
from handlers.web.door import TokenDoor
from handlers.web.services import WebServices
from services.health import HealthService
from services.limits import DEFAULTS, make_limits
from services.views import ProbeView
from storage import work
from storage.accepting import accept
from storage.database import Database
from storage.work import NewWork
from tests.handlers.web.sidecar import Words
from tests.kit.clocks import HeldClock
from tests.kit.database import database, postgres, sqlite
from tests.kit.school import START

__all__ = ["database", "postgres", "sqlite"]


@dataclass
class Side:
    """The sidecar over HTTP. `ready` is what the bot says about itself."""

    url: str
    session: aiohttp.ClientSession
    clock: HeldClock
    ready: bool = True

    async def get(self, path: str) -> tuple[int, dict[str, Any]]:
        self.clock.move(3)  # past what is remembered
        async with self.session.get(self.url + path) as response:
            assert response.headers["Cache-Control"] == "no-store"
            return response.status, await response.json()


def _app(health: HealthService, clock: HeldClock, side: Side) -> web.Application:
    door = TokenDoor(Words(), make_limits(clock, DEFAULTS), clock)
    return build_app(WebServices(clock=clock), door, health, is_ready=lambda: side.ready, version="1.2.3")


@asynccontextmanager
async def sidecar(
    database: Database,
    limit_seconds: float = 30,  # a loaded machine is not what these tests are about
    **probes: Callable[[], Awaitable[ProbeView]],
) -> AsyncIterator[Side]:
    clock = HeldClock()
    health = HealthService(
        database=database,
        clock=clock,
        version="1.2.3",
        environment="test",
        probes=probes,
        limit_seconds=limit_seconds,
    )
    async with aiohttp.ClientSession() as session:
        side = Side("", session, clock)
        runner = web.AppRunner(_app(health, clock, side), shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        side.url = "http://{}:{}".format(*runner.addresses[0][:2])
        try:
            yield side
        finally:
            await runner.cleanup()


def answering(state: Literal["ok", "off", "slow", "failed"]) -> Callable[[], Awaitable[ProbeView]]:
    async def probe() -> ProbeView:
        return ProbeView("other", state, 12.34, "chat", "a detail that is for admins")

    return probe


async def test_healthy_says_so_without_details(database: Database) -> None:
    async with sidecar(database, other=answering("ok")) as side:
        status, body = await side.get("/health")
        assert (status, body["status"], body["version"], body["environment"]) == (200, "healthy", "1.2.3", "test")
        assert body["timestamp"] == (START + timedelta(seconds=3)).isoformat()
        assert set(body["checks"]) == {"database", "work", "other"}
        assert body["checks"]["other"] == {"status": "ok"}
        assert body["checks"]["database"]["status"] == "ok"
        assert "detail" not in str(body)


async def test_the_probe_leaves_nothing_behind(database: Database) -> None:
    async with sidecar(database) as side:
        for _ in range(3):
            assert (await side.get("/health"))[0] == 200
        assert await database.writer.do(work.take_heads("one", START + timedelta(days=1), 9)) == []


async def test_what_something_is_lost_without_is_degraded_and_still_serves(sqlite: Database) -> None:
    async def silent() -> ProbeView:
        await asyncio.sleep(30)
        raise AssertionError

    async def broken() -> ProbeView:
        raise ConnectionRefusedError("no details of this may be seen: sk-secret")

    for probe in (silent, broken, answering("failed"), answering("slow")):
        async with sidecar(sqlite, limit_seconds=3, other=probe) as side:
            status, body = await side.get("/health")
            assert (status, body["status"]) == (200, "degraded")
            assert "secret" not in str(body)
            assert (await side.get("/health/ready"))[0] == 200


async def test_what_is_off_is_no_illness(sqlite: Database) -> None:
    async with sidecar(sqlite, other=answering("off")) as side:
        assert (await side.get("/health"))[1]["status"] == "healthy"


async def test_work_that_nobody_does_is_degraded(sqlite: Database) -> None:
    async with sidecar(sqlite) as side:
        await sqlite.writer.do(accept([NewWork("update", "u:1", "a", {})], "gone", START, frozenset()))
        assert (await side.get("/health"))[1]["status"] == "healthy"
        side.clock.move(600)
        body = (await side.get("/health"))[1]
        assert (body["status"], body["checks"]["work"]["status"]) == ("degraded", "slow")


async def test_a_database_that_cannot_be_written_is_unhealthy_in_time_and_recovers(sqlite: Database) -> None:
    path = sqlite.engine.url.database
    assert path is not None
    async with sidecar(sqlite, limit_seconds=0.5) as side:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        begun = asyncio.get_running_loop().time()
        status, body = await side.get("/health")
        assert asyncio.get_running_loop().time() - begun < 2
        assert (status, body["status"], body["checks"]["database"]["status"]) == (503, "unhealthy", "failed")
        assert (await side.get("/health/ready"))[0] == 503
        assert (await side.get("/health/live")) == (200, {"status": "alive"})
        other.execute("ROLLBACK")
        other.close()
        async with asyncio.timeout(10):
            while (await side.get("/health"))[0] != 200:
                pass


async def test_ready_only_while_it_serves(sqlite: Database) -> None:
    async with sidecar(sqlite) as side:
        assert await side.get("/health/ready") == (200, {"status": "ready"})
        side.ready = False
        assert await side.get("/health/ready") == (503, {"status": "not ready"})
        assert (await side.get("/health"))[0] == 200


async def test_many_who_ask_at_once_ask_once(sqlite: Database) -> None:
    asked = 0

    async def count() -> ProbeView:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.05)
        return ProbeView("other", "ok", 1.0)

    async with sidecar(sqlite, other=count) as side:

        async def get() -> int:
            async with side.session.get(side.url + "/health") as response:
                return response.status

        assert set(await asyncio.gather(*(get() for _ in range(50)))) == {200}
        assert asked == 1
