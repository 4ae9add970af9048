from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select, text

from handlers.web.api import admin, auth, users
from handlers.web.app import build_app
from handlers.web.door import TokenDoor
from handlers.web.services import WebServices
from services.activity import ActivityLog
from services.admin import PACE_MS, AdminService
from services.health import HealthService
from services.jobs import Jobs, NewWork, WorkItem
from services.limits import DEFAULTS, make_limits
from services.people import PeopleService
from storage.database import Database
from storage.models import Work
from tests.handlers.web.api.callers import Caller, Web
from tests.kit.database import database, postgres, sqlite
from tests.kit.school import add_course, add_learner
from tests.kit.signing import gate
from tests.kit.tampering import tamper

__all__ = ["database", "postgres", "sqlite"]


class Hands:
    """Somebody who does work, or fails at it."""

    def __init__(self) -> None:
        self.fail = True
        self.done: list[WorkItem] = []
        self.busy = asyncio.Event()

    async def do(self, item: WorkItem) -> None:
        if self.fail:
            raise ValueError(f"could not do {item.payload['words']}")
        self.done.append(item)
        self.busy.set()


@asynccontextmanager
async def served(database: Database) -> AsyncIterator[tuple[Web, Jobs, Hands]]:
    door, hands = gate(database), Hands()
    shared: dict[str, Any] = {"database": database, "clock": door.clock}
    jobs = Jobs(database, door.clock, worker="tests")
    jobs.register("chore", hands.do)
    limits = make_limits(door.clock, DEFAULTS)
    health = HealthService(**shared, version="1", environment="test", probes={})
    services = WebServices(
        clock=door.clock,
        learners=door.learners,
        auth=door.auth,
        people=PeopleService(database=database, learners=door.learners),
        limits=limits,
        health=health,
        activity=ActivityLog(**shared, learners=door.learners),
        admin=AdminService(
            **shared, learners=door.learners, jobs=jobs, limits={str(kind): rule for kind, rule in DEFAULTS.items()}
        ),
    )
    app = build_app(
        services,
        TokenDoor(door.auth, limits, door.clock),
        health,
        is_ready=lambda: True,
        version="1",
        operations=[*auth.OPERATIONS, *users.OPERATIONS, *admin.OPERATIONS],
    )
    await jobs.start()
    async with TestClient(TestServer(app)) as client:
        yield Web(door, client), jobs, hands
    await jobs.stop(0)


async def set_aside(caller: Caller, count: int) -> list[dict[str, Any]]:
    """The work set aside, once there is so much of it."""
    async with asyncio.timeout(10):
        while True:
            status, page = await caller.ask("GET", "/admin/jobs")
            assert status == 200, page
            items: list[dict[str, Any]] = page["items"]
            if len(items) == count:
                return items
            await asyncio.sleep(0.02)


async def test_what_was_set_aside_is_listed_without_words_and_tried_again(database: Database) -> None:
    async with served(database) as (web_, jobs, hands):
        ada = await web_.admin()
        await jobs.put(NewWork("chore", "lane", "key", {"words": "my secret"}))
        (item,) = await set_aside(ada, 1)
        assert (item["kind"], item["state"], item["tries"], item["error"]) == ("chore", "aside", 3, "ValueError")
        assert "secret" not in str(item)
        hands.fail = False
        status, again = await ada.ask("POST", f"/admin/jobs/{item['id']}/retry")
        assert (status, again["state"], again["tries"]) == (200, "open", 0)
        await asyncio.wait_for(hands.busy.wait(), 10)
        assert [(one.key, one.payload) for one in hands.done] == [("key", {"words": "my secret"})]
        status, problem = await ada.ask("POST", f"/admin/jobs/{item['id']}/retry")
        assert (status, problem["code"]) == (404, "not_found.work")
        status, log = await ada.ask("GET", "/admin/activity", params={"action": "work.retried"})
        assert [(one["object"], one["detail"]) for one in log["items"]] == [(f"work:{item['id']}", {"kind": "chore"})]


async def test_what_was_dropped_is_not_brought_again(database: Database) -> None:
    async with served(database) as (web_, jobs, hands):
        ada = await web_.admin()
        await jobs.put(*[NewWork("chore", f"lane {n}", f"key {n}", {"words": "x"}) for n in range(3)])
        items = await set_aside(ada, 3)
        _status, page = await ada.ask("GET", "/admin/jobs", params={"limit": "2"})
        assert len(page["items"]) == 2
        _status, rest = await ada.ask("GET", "/admin/jobs", params={"cursor": page["next_cursor"], "kind": "chore"})
        assert [one["id"] for one in [*page["items"], *rest["items"]]] == [one["id"] for one in items]
        assert rest["next_cursor"] is None
        assert (await ada.ask("GET", "/admin/jobs", params={"kind": "update"}))[1]["items"] == []
        assert (await ada.ask("DELETE", f"/admin/jobs/{items[0]['id']}"))[0] == 204
        assert (await ada.ask("DELETE", f"/admin/jobs/{items[0]['id']}"))[0] == 404
        await set_aside(ada, 2)
        hands.fail = False
        await jobs.put(NewWork("chore", "lane 0", "key 0", {"words": "x"}), NewWork("chore", "z", "z", {"words": "z"}))
        await asyncio.wait_for(hands.busy.wait(), 10)
        assert [one.key for one in hands.done] == ["z"]


async def test_work_in_hand_is_not_to_be_tried_again(sqlite: Database) -> None:
    async with served(sqlite) as (web_, jobs, _hands):
        ada = await web_.admin()
        due = web_.gate.clock.now().replace(year=2100)
        await jobs.put(NewWork("chore", "lane", "key", {"words": "x"}, due))
        status, page = await ada.ask("GET", "/admin/jobs", params={"state": "open"})
        (item,) = page["items"]
        status, problem = await ada.ask("POST", f"/admin/jobs/{item['id']}/retry")
        assert (status, problem["code"]) == (409, "conflict.not_aside")
        status, view = await ada.ask("GET", "/admin/health")
        assert (status, view["status"], view["workload"]["open"]) == (200, "healthy", {"chore": 1})
        assert {one["name"]: one["state"] for one in view["probes"]} == {"database": "ok", "work": "ok"}


@pytest.mark.parametrize("of_course", [False, True])
async def test_an_announcement_reaches_whom_it_can_once(database: Database, of_course: bool) -> None:
    async with served(database) as (web_, _jobs, _hands):
        ada, lena = await web_.admin(), await web_.somebody(2)
        people = [await add_learner(database, 100 + number) for number in range(4)]
        course, _ = await add_course(database, people[0])
        async with database.transaction() as session:
            await session.execute(text("UPDATE learner SET reachable = false WHERE telegram_id = 101"))
            await session.execute(text("UPDATE learner SET blocked_at = 1 WHERE telegram_id = 102"))
        words = {"text": 'Bread "at" <nine>\n😀', **({"course_id": course} if of_course else {})}
        told = await ada.ask("POST", "/admin/announcements", words)
        expected = [people[0]] if of_course else [people[0], people[3]]  # who only signed in cannot be written to
        assert told == (202, {"people": len(expected)})
        async with database.reading() as session:
            rows = list(await session.scalars(select(Work).where(Work.kind == "announcement").order_by(Work.due)))
        assert [row.payload for row in rows] == [{"learner_id": one, "text": words["text"]} for one in expected]
        assert [row.lane for row in rows] == [f"a:{one}" for one in expected]
        paces = {round((b.due - a.due).total_seconds() * 1000) for a, b in itertools.pairwise(rows)}
        assert paces <= {PACE_MS}
        assert (await lena.ask("POST", "/admin/announcements", words))[0] == 403
        assert (await ada.ask("POST", "/admin/announcements", {"text": "x", "course_id": 10**9}))[0] == 404
        assert (await ada.ask("POST", "/admin/announcements", {"text": " \n "}))[0] == 422
        assert (await ada.ask("POST", "/admin/announcements", {"text": "x" * 2001}))[0] == 422


async def test_the_same_key_tells_nobody_twice(sqlite: Database) -> None:
    async with served(sqlite) as (web_, _jobs, _hands):
        ada = await web_.admin()
        await add_learner(sqlite, 100)
        headers = {"Idempotency-Key": "monday", "Authorization": f"Bearer {ada.token}"}
        for people in (1, 0):
            async with web_.client.post("/api/v1/admin/announcements", json={"text": "Hi"}, headers=headers) as answer:
                assert await answer.json() == {"people": people}
        headers["Idempotency-Key"] = "ä"
        async with web_.client.post("/api/v1/admin/announcements", json={"text": "Hi"}, headers=headers) as answer:
            assert answer.status == 422


async def test_the_log_says_who_read_it_and_whether_it_holds(database: Database) -> None:
    async with served(database) as (web_, _jobs, _hands):
        ada = await web_.admin()
        lena = await web_.somebody(2)
        await ada.ask("GET", f"/users/{lena.id}")
        status, page = await ada.ask("GET", "/admin/activity", params={"limit": "1"})
        (entry,) = page["items"]
        assert (status, entry["action"], entry["actor_id"], entry["whose_id"]) == (200, "person.read", ada.id, lena.id)
        status, older = await ada.ask("GET", "/admin/activity", params={"cursor": page["next_cursor"]})
        assert {one["action"] for one in older["items"]} == {"sign_in.opened"}
        status, chain = await ada.ask("GET", "/admin/activity/check")
        assert (chain["intact"], chain["entries"], chain["broken_at"]) == (True, 5, None)
        await tamper(database, "UPDATE activity_entry SET whose = actor WHERE action = 'person.read'")
        status, chain = await ada.ask("GET", "/admin/activity/check")
        assert (chain["intact"], chain["entries"], chain["broken_at"]) == (False, 2, 3)


async def test_limits_as_they_are(sqlite: Database) -> None:
    async with served(sqlite) as (web_, _jobs, _hands):
        ada = await web_.admin()
        status, found = await ada.ask("GET", "/admin/limits")
        assert (status, found) == (
            200,
            {
                "items": [
                    {"name": "progress", "allowed": 100, "window_seconds": 60},
                    {"name": "requests", "allowed": 1000, "window_seconds": 900},
                ],
                "shared": False,
            },
        )


@pytest.mark.parametrize("one", admin.OPERATIONS, ids=lambda one: f"{one.method} {one.path}")
async def test_it_is_for_admins_alone(sqlite: Database, one: Any) -> None:
    async with served(sqlite) as (web_, _jobs, _hands):
        path = one.path.replace("{work_id}", "1")
        lena = await web_.somebody(2)
        assert (await web_.nobody.ask(one.method, path))[0] == 401
        assert (await lena.ask(one.method, path))[0] == 403
        assert (await replace(lena, token="x").ask(one.method, path))[0] == 401
