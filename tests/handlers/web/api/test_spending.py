"""`/admin/spending`, and what a client is told where a cap is in the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from aiohttp.test_utils import TestClient, TestServer

from handlers.web import problems, rate
from handlers.web.api import auth, spending
from handlers.web.app import build_app
from handlers.web.door import TokenDoor
from handlers.web.services import WebServices
from services.authors.model.wire import Ask, Usage
from services.authors.protocol import Payer
from services.errors import AuthorUnusable, LimitReached
from services.health import HealthService
from services.limits import DEFAULTS, make_limits
from services.money.caps import Caps
from services.money.reports import SpendingReports
from storage.database import Database
from tests.handlers.web.api.callers import Web
from tests.kit.database import database, postgres, sqlite
from tests.kit.school import START
from tests.kit.signing import gate
from tests.services.money.people import purse_of

__all__ = ["database", "postgres", "sqlite"]


async def test_what_was_spent_in_dollars_for_admins_alone(database: Database) -> None:
    door = gate(database)
    shared: dict[str, Any] = {"database": database, "clock": door.clock}
    caps, limits = Caps(course=2_500_000, bot_day=100_000_000), make_limits(door.clock, DEFAULTS)
    services = WebServices(
        clock=door.clock,
        learners=door.learners,
        auth=door.auth,
        limits=limits,
        spending=SpendingReports(**shared, caps=caps),
    )
    app = build_app(
        services,
        TokenDoor(door.auth, limits, door.clock),
        HealthService(**shared, version="1", environment="test", probes={}),
        is_ready=lambda: True,
        version="1",
        operations=[*auth.OPERATIONS, *spending.OPERATIONS],
    )
    async with TestClient(TestServer(app)) as client:
        web = Web(door, client)
        ada, lena = await web.admin(), await web.somebody(2)
        purse = purse_of(database, door.clock)
        ask = Ask("claude-sonnet-5-5", (), "Write.", {}, 1_000, "low", "body")
        for _ in range(2):
            await purse.settle(await purse.reserve(Payer(1), "claude", ask), Usage(cached=3_000, output=500, fresh=1))
        assert (await web.nobody.ask("GET", "/admin/spending"))[0] == 401
        assert (await lena.ask("GET", "/admin/spending"))[0] == 403
        status, found = await ada.ask("GET", "/admin/spending")
    assert status == 200
    assert found["caps"] == {"course_usd": 2.5, "learner_day_usd": None, "day_usd": 100.0}
    today = found["periods"][0]
    assert (today["days"], today["total"]["calls"], found["today_usd"]) == (1, 2, today["total"]["usd"])
    assert today["by_model"][0]["name"] == "claude-sonnet-5-5"
    assert today["by_step"][0] == {**today["total"], "name": "body"}
    assert 0.010 < today["total"]["usd"] < 0.012
    assert round(today["total"]["cached_share"], 3) == 1.0
    assert found["open"] == {"calls": 0, "usd": 0.0}
    assert found["estimates"] == {"courses": 0, "expected_usd": 0.0, "usd": 0.0, "error": None}
    assert found["dearest"] == []


def test_a_cap_of_the_day_says_when_to_come_back_and_nothing_about_numbers_of_calls() -> None:
    error = LimitReached("cap_learner", 0, 86_400, START + timedelta(hours=3))
    problem, headers = problems.of(error)
    assert (problem.status, problem.code, headers) == (429, "limit_reached.cap_learner", {})
    assert "tomorrow" in problem.detail
    assert rate.refusal(error, START) == {"Retry-After": "10800"}


def test_a_cap_of_a_course_is_told_in_words() -> None:
    problem, _ = problems.of(AuthorUnusable("cap_course"))
    assert problem.status == 422
    assert "What one course may cost is limited here" in problem.detail
