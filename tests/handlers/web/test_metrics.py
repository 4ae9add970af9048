"""What Prometheus reads, who may, and that it is true."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from handlers.web.app import build_app
from handlers.web.door import TokenDoor
from handlers.web.services import WebServices
from services.clock import SystemClock
from services.health import HealthService
from services.intake import IntakeService
from services.jobs import Jobs
from services.limits import DEFAULTS, make_limits
from services.meter import Meter
from services.metrics import MetricsService
from services.money.caps import Caps
from services.money.purse import bot_budget
from services.money.reports import SpendingReports
from storage.database import Database
from storage.money import MoneyRepository
from tests.handlers.web.sidecar import Client, Words
from tests.handlers.web.test_edge import OPERATIONS
from tests.kit.database import postgres, sqlite

__all__ = ["postgres", "sqlite"]
Found = dict[tuple[str, tuple[str, ...]], float]


@asynccontextmanager
async def served(database: Database) -> AsyncIterator[tuple[Client, Meter]]:
    clock, meter = SystemClock(), Meter()
    health = HealthService(database=database, clock=clock, version="1", environment="test", probes={})
    spending = SpendingReports(database=database, clock=clock, caps=Caps(bot_day=5_000_000))
    metrics = MetricsService(meter=meter, database=database, clock=clock, health=health, spending=spending)
    app = build_app(
        WebServices(clock=clock, metrics=metrics),
        TokenDoor(Words(), make_limits(clock, DEFAULTS), clock),
        health,
        is_ready=lambda: True,
        version="1",
        operations=OPERATIONS,
    )
    async with TestClient(TestServer(app)) as client:
        yield client, meter


async def scrape(client: Client) -> Found:
    async with client.get("/metrics") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        words = await answer.text()
    return {
        (one.name, tuple(sorted(one.labels.values()))): one.value
        for family in text_string_to_metric_families(words)
        for one in family.samples
    }


async def test_requests_are_counted_by_what_they_are_for(sqlite: Database) -> None:
    async with served(sqlite) as (client, _meter):
        for path in ("/health/live", "/health/live", "/nothing", "/nothing/else"):
            async with client.get(path) as answer:
                await answer.read()
        found = await scrape(client)
        assert found["lectern_requests_total", ("200", "GET /health/live")] == 2
        assert found["lectern_requests_total", ("404", "unknown address")] == 2
        assert found["lectern_request_seconds_count", ("GET /health/live",)] == 2
        assert found["lectern_request_seconds_bucket", ("+Inf", "GET /health/live")] == 2
        assert 0 < found["lectern_request_seconds_sum", ("GET /health/live",)] < 5
        assert found["lectern_database_up", ()] == 1
        assert found["process_cpu_seconds_total", ()] > 0


async def test_updates_and_work_are_counted(sqlite: Database) -> None:
    async with served(sqlite) as (client, meter):
        jobs = Jobs(sqlite, SystemClock(), worker="somebody")
        jobs.register("update", lambda _: asyncio.sleep(60))
        intake = IntakeService(jobs, meter)
        tap = {"callback_query": {"id": "1", "from": {"id": 5}}}
        await intake.accept([{"update_id": 1, "message": {"from": {"id": 5}}}, {"update_id": 2, **tap}])
        await intake.accept([{"update_id": 3, **tap}])
        async with sqlite.transaction() as session:
            await session.execute(text("UPDATE work SET state = 'aside' WHERE id = 1"))
            await session.execute(text("UPDATE work SET created_at = created_at - 60000, due = due - 60000"))
        found = await scrape(client)
        assert found["lectern_updates_total", ("callback_query",)] == found["lectern_taps_total", ()] == 2
        assert found["lectern_updates_total", ("message",)] == 1
        assert (found["lectern_work_open", ("update",)], found["lectern_work_aside", ()]) == (2, 1)
        assert 59 < found["lectern_work_oldest_seconds", ()] < 90
        await jobs.stop(0.0)


async def test_money_and_tokens_are_counted(sqlite: Database) -> None:
    async with served(sqlite) as (client, meter):
        for _ in range(2):
            meter.paid("claude-x", 250_000, {"fresh": 100, "output": 7})
        async with sqlite.transaction() as session:
            money = MoneyRepository(session)
            assert await money.take(bot_budget(SystemClock().now().date()), 1_250_000, None)
        found = await scrape(client)
    assert found["lectern_spent_dollars_total", ("claude-x",)] == 0.5
    assert found["lectern_tokens_total", ("claude-x", "fresh")] == 200
    assert found["lectern_tokens_total", ("claude-x", "output")] == 14
    assert (found["lectern_spent_today_dollars", ()], found["lectern_cap_day_dollars", ()]) == (1.25, 5)
    assert found["lectern_reserved_dollars", ()] == 0


async def test_without_a_database_the_rest_is_told(sqlite: Database) -> None:
    async with sqlite.engine.begin() as connection:
        await connection.execute(text("DROP TABLE work"))
    async with served(sqlite) as (client, _meter):
        found = await scrape(client)
        assert found["lectern_database_up", ()] == 0
        assert found["lectern_taps_total", ()] == 0


async def test_a_loop_that_is_held_up_shows(sqlite: Database) -> None:
    async with served(sqlite) as (client, meter):
        await asyncio.sleep(0.1)
        time.sleep(0.9)  # noqa: ASYNC251 - it is the loop that is to be held up
        async with asyncio.timeout(30):
            while meter.lag < 0.3:  # noqa: ASYNC110 - a number, not an event
                await asyncio.sleep(0.05)
        assert (await scrape(client))["lectern_loop_lag_seconds", ()] > 0.2


@pytest.mark.parametrize("says", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
@pytest.mark.parametrize(("token", "status"), [("", 401), ("x", 401), ("lena", 403), ("ines", 403), ("ada", 200)])
async def test_from_elsewhere_it_is_for_admins(sqlite: Database, says: str, token: str, status: int) -> None:
    async with served(sqlite) as (client, _meter):
        headers = {says: "127.0.0.1", **({"Authorization": f"Bearer {token}"} if token else {})}
        async with client.get("/metrics", headers=headers) as answer:
            assert answer.status == status


async def test_the_dashboard_asks_for_what_there_is(sqlite: Database) -> None:
    board = json.loads((Path(__file__).parents[3] / "docs" / "grafana.json").read_text())
    asked = {target["expr"] for panel in board["panels"] for target in panel.get("targets", [])}
    assert len(asked) >= 10
    async with served(sqlite) as (client, meter):
        meter.request("GET /x", 200, 0.1)
        async with client.get("/metrics") as answer:
            words = await answer.text()
    known = set(re.findall(r"^# TYPE (\S+)", words, re.MULTILINE))
    for expression in asked:
        for name in re.findall(r"\b(?:lectern|process)_[a-z_]+", expression):
            assert {name, re.sub("_(bucket|count|sum)$", "", name)} & known, name
