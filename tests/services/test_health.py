from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import event, text

from services.health import HealthService
from services.views import ProbeView
from storage.database import Database
from storage.work import NewWork, WorkRepository
from tests.kit.database import database, postgres, sqlite
from tests.kit.house import HeldClock

__all__ = ["database", "postgres", "sqlite"]


def service(
    database: Database,
    clock: HeldClock | None = None,
    limit_seconds: float = 30,  # a loaded machine is not what these tests are about
    **probes: Callable[[], Awaitable[ProbeView]],
) -> HealthService:
    return HealthService(
        database=database,
        clock=clock or HeldClock(),
        version="1.2",
        environment="test",
        probes=probes,
        limit_seconds=limit_seconds,
    )


async def fine() -> ProbeView:
    return ProbeView("telegram", "ok", 1.0)


async def hangs() -> ProbeView:
    await asyncio.sleep(60)
    return await fine()


async def fails() -> ProbeView:
    raise ConnectionResetError("gone")


async def test_all_is_well(database: Database) -> None:
    view = await service(database, telegram=fine).check()
    assert (view.status, view.version, view.environment) == ("healthy", "1.2", "test")
    assert [(probe.name, probe.state) for probe in view.probes] == [
        ("database", "ok"),
        ("work", "ok"),
        ("telegram", "ok"),
    ]
    async with database.reading() as session:
        assert (await session.scalar(text("SELECT count(*) FROM work"))) == 0


@pytest.mark.parametrize(("probe", "words"), [(hangs, "no answer within 3 s"), (fails, "ConnectionResetError: gone")])
async def test_what_is_away_degrades(sqlite: Database, probe: Callable[[], Awaitable[ProbeView]], words: str) -> None:
    view = await service(sqlite, limit_seconds=3, author=probe).check()
    assert view.status == "degraded"
    (found,) = [one for one in view.probes if one.name == "author"]
    assert (found.state, found.loses, found.detail) == ("failed", "author", words)


async def test_what_is_not_set_up_does_not_degrade(sqlite: Database) -> None:
    async def off() -> ProbeView:
        return ProbeView("telegram", "off", 0)

    assert (await service(sqlite, telegram=off).check()).status == "healthy"


async def test_without_a_database_it_is_unhealthy(sqlite: Database) -> None:
    async with sqlite.engine.begin() as connection:
        await connection.execute(text("DROP TABLE work"))
    assert (await service(sqlite).check()).status == "unhealthy"


async def test_a_database_that_cannot_be_written_is_unhealthy(sqlite: Database) -> None:
    def only_read(connection: Any, record: Any) -> None:
        connection.execute("PRAGMA query_only=ON")

    await sqlite.engine.dispose()
    event.listen(sqlite.engine.sync_engine, "connect", only_read)
    view = await service(sqlite).check()
    assert view.status == "unhealthy"
    assert "read_only" in view.probes[0].detail


async def test_a_database_somebody_holds_is_unhealthy_in_time(sqlite: Database) -> None:
    async with sqlite.transaction():
        async with asyncio.timeout(2):
            view = await service(sqlite, limit_seconds=0.2).check()
    assert view.status == "unhealthy"


async def test_many_ask_and_one_check_is_made(sqlite: Database) -> None:
    asked = []

    async def counted() -> ProbeView:
        asked.append(1)
        return await fine()

    clock = HeldClock()
    health = service(sqlite, clock, telegram=counted)
    views = await asyncio.gather(*(health.check() for _ in range(20)))
    assert len(asked) == 1
    assert all(view is views[0] for view in views)
    clock.move(1.9)
    assert await health.check() is views[0]
    clock.move(0.2)
    assert await health.check() is not views[0]
    assert len(asked) == 2


async def test_work_that_nobody_does_shows(database: Database) -> None:
    clock = HeldClock()
    async with database.transaction() as session:
        items = [NewWork("update", "u:1", "u:1", {}), NewWork("generation", "g:1", "g:1", {})]
        await WorkRepository(session).put(items, clock.now())
    health = service(database, clock)
    clock.move(10)
    load = await health.workload()
    assert (load.open, load.aside, load.oldest_seconds) == ({"update": 1, "generation": 1}, 0, 10.0)
    assert (await health.check()).status == "healthy"
    clock.move(300)
    view = await health.check()
    assert view.status == "degraded"
    assert view.probes[1].loses == "work"
