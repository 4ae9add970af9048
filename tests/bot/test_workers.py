"""Two workers as the roof wires them, each with its own connections, on one database: what is written through one shows
through the other at once, with Redis, without it, and with a Redis that goes and comes back in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from storage.database import Database
from storage.redis_link import TRY_AGAIN
from tests.api.whole import Whole, whole
from tests.handlers.web.api.course_kit import outline
from tests.kit.database import postgres, postgres_database
from tests.kit.redis import RedisServer, redis_server

__all__ = ["postgres", "redis_server"]


@dataclass
class Workers:
    """Two of them, and the Redis that they share, if they do; `falters`: it is away every other moment."""

    one: Whole
    other: Whole
    redis: RedisServer | None
    falters: bool
    moments: int = 0

    def moment(self) -> None:
        """Between any two calls."""
        self.moments += 1
        if self.redis is not None and self.falters:
            if self.moments % 2:
                self.redis.stop()
            else:
                self.redis.start()

    async def person(self) -> int:
        """Somebody who is signed in to both."""
        number = await self.one.person()
        self.other.tokens[number] = self.one.tokens[number]
        return number

    async def write(self, who: int, method: str, path: str, body: Any = None) -> Any:
        """Through the first."""
        self.moment()
        found = await self.one.good(who, method, path, body)
        self.moment()
        return found

    async def same(self, who: int | None, path: str) -> Any:
        """What both say, which is byte for byte the same."""
        self.moment()
        there = await self.other.ask(who, "GET", path)
        self.moment()
        here = await self.one.ask(who, "GET", path)
        assert (here.status, here.headers.get("ETag")) == (there.status, there.headers.get("ETag"))
        assert _timeless(here.body) == _timeless(there.body)
        return there.body if there.status == 200 else there.status

    async def settle(self) -> None:
        """Until both know that Redis is there for good, if it faltered."""
        if self.redis is not None and self.falters:
            self.falters = False
            self.redis.stop()
            self.redis.start()
            await asyncio.sleep(TRY_AGAIN + 0.1)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = await Database.open(url)
    try:
        yield database
    finally:
        await database.close()


@pytest.fixture(params=["no redis", "redis", "faltering redis"])
async def workers(request: pytest.FixtureRequest, postgres: str) -> AsyncIterator[Workers]:
    server: RedisServer | None = None
    changes: dict[str, Any] = {}
    if request.param != "no redis":
        server = request.getfixturevalue("redis_server")
        changes["redis_url"] = SecretStr(server.url)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(postgres_database(postgres))
        url = database.engine.url.render_as_string(hide_password=False)
        second = await stack.enter_async_context(opened(url))
        one = await stack.enter_async_context(whole(database, **changes))
        other = await stack.enter_async_context(whole(second, **changes))
        yield Workers(one, other, server, request.param == "faltering redis")


async def test_a_course_is_the_same_through_both_whatever_is_done_to_it(workers: Workers) -> None:
    ada, bob = await workers.person(), await workers.person()
    number = (await workers.write(ada, "POST", "/courses", outline()))["id"]
    course = f"/courses/{number}"
    first = await workers.same(ada, course)
    assert await workers.same(bob, course) == 404
    await workers.write(ada, "POST", f"{course}/publish")
    assert await workers.same(None, course) == await workers.same(bob, course)
    for title in ("Bread that rises", "Bread that rises by itself", "Bread that rises"):
        await workers.write(ada, "PATCH", course, {"title": title})
        assert (await workers.same(bob, course))["title"] == title
    lesson = first["lessons"][0]
    section = f"{course}/lessons/{lesson['id']}/sections/{lesson['sections'][0]['id']}"
    await workers.write(ada, "PATCH", section, {"title": "Another section"})
    shown = await workers.same(bob, course)
    assert shown["lessons"][0]["sections"][0]["title"] == "Another section"
    assert (await workers.same(bob, section))["title"] == "Another section"
    order = [one["id"] for one in reversed(first["lessons"])]
    await workers.write(ada, "PUT", f"{course}/lessons/order", {"lesson_ids": order})
    assert [one["id"] for one in (await workers.same(None, course))["lessons"]] == order
    await workers.settle()
    for title in ("Bread that sank", "Bread that rises"):
        await workers.write(ada, "PATCH", course, {"title": title})
        assert (await workers.same(bob, course))["title"] == title
    await workers.write(ada, "POST", f"{course}/unpublish")
    assert await workers.same(None, course) == await workers.same(bob, course) == 404
    assert (await workers.same(ada, course))["title"] == "Bread that rises"
    await workers.write(ada, "DELETE", course)
    assert await workers.same(ada, course) == await workers.same(ada, section) == 404


async def test_figures_follow_what_is_done_through_the_other(workers: Workers) -> None:
    ada, bob = await workers.person(), await workers.person()
    number = (await workers.write(ada, "POST", "/courses", outline()))["id"]
    course = f"/courses/{number}"
    await workers.write(ada, "POST", f"{course}/publish")
    shape = await workers.same(None, course)
    sections = [
        f"{course}/lessons/{lesson['id']}/sections/{section['id']}"
        for lesson in shape["lessons"]
        for section in lesson["sections"]
    ]
    for done in range(3):
        figures = await workers.same(ada, f"{course}/analytics")
        assert [one["completed"] for one in figures["sections"]] == [int(at < done) for at in range(6)]
        assert figures["enrolled"] == 1 + bool(done)
        assert (await workers.same(bob, "/analytics/me"))["sections_done"] == done
        assert (await workers.same(bob, f"{course}/progress"))["sections_done"] == done if done else True
        await workers.write(bob, "POST", f"{sections[done]}/complete", {"time_spent": 60})
    await workers.write(ada, "PATCH", course, {"title": "Bread that rises"})
    assert (await workers.same(ada, f"{course}/analytics"))["title"] == "Bread that rises"
    cyd = await workers.person()
    await workers.write(cyd, "POST", f"{course}/enrol")
    assert (await workers.same(ada, f"{course}/analytics"))["enrolled"] == 3


async def test_what_one_rendered_the_other_takes_from_redis(postgres: str, redis_server: RedisServer) -> None:
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(postgres_database(postgres))
        url = database.engine.url.render_as_string(hide_password=False)
        second = await stack.enter_async_context(opened(url))
        one = await stack.enter_async_context(whole(database, redis_url=SecretStr(redis_server.url)))
        other = await stack.enter_async_context(whole(second, redis_url=SecretStr(redis_server.url)))
        workers = Workers(one, other, redis_server, falters=False)
        ada = await workers.person()
        number = (await workers.write(ada, "POST", "/courses", outline()))["id"]
        await workers.write(ada, "POST", f"/courses/{number}/publish")  # which makes the page, packed and all
        keys = await _keys(redis_server)
        assert [key.split(":")[3] for key in keys if ":course:" in key] == ["course"]
        for coding in ("br", "gzip", "identity"):
            answer = await other.ask(None, "GET", f"/courses/{number}", headers={"Accept-Encoding": coding})
            assert answer.headers.get("Content-Encoding", "identity") == coding
        assert await _keys(redis_server) == keys


def _timeless(body: Any) -> Any:
    """Without when it was worked out, which each process does for itself where nothing is shared."""
    return {name: one for name, one in body.items() if name != "computed_at"} if isinstance(body, dict) else body


async def _keys(server: RedisServer) -> list[str]:
    async with Redis.from_url(server.url) as redis:
        return sorted(bytes(key).decode() for key in await redis.keys("lectern:cache:*") if isinstance(key, bytes))
