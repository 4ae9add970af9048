"""Redis and PostgreSQL go and come back while people learn: nothing fails that need not, and nothing is lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks.rig.deeds import Deed, mixed
from benchmarks.rig.fleet import Fleet
from benchmarks.rig.rest import Visitors, visitors
from benchmarks.rig.stores import postgres_store
from benchmarks.school import FIRST_PERSON
from tests.faults.fleets import Form, judge, postgres, redis_server, running, scaled
from tests.faults.rig import SEED
from tests.handlers.web.api.course_kit import order
from tests.kit.database import PostgresServer, own_postgres
from tests.kit.model_server import Pace, model_server
from tests.kit.redis import RedisServer

__all__ = ["own_postgres", "postgres", "redis_server", "scaled"]

PACE = Pace(first_token_seconds=0.05, tokens_per_second=20_000)
PAID = 5  # generations that one learner may ask for in a quarter of an hour
HEALTHY = 10.0  # seconds after the database is back


async def test_redis_is_killed(scaled: Form, tmp_path: Path) -> None:
    await kill_redis(scaled, tmp_path, SEED, times=2)


@pytest.mark.soak
async def test_redis_is_killed_twenty_times(scaled: Form, tmp_path: Path) -> None:
    await kill_redis(scaled, tmp_path, SEED + 1, times=20)


async def kill_redis(form: Form, folder: Path, seed: int, times: int) -> None:
    """At each kill another learner asks for more than may be paid for, at all workers at once."""
    assert form.redis is not None
    async with model_server(pace=PACE) as model, visitors() as people:
        model_settings = {"ANTHROPIC_API_KEY": "test", "ANTHROPIC_BASE_URL": model.url}
        async with running(form, folder, seed, learners=times, courses=4, webhook=True, **model_settings) as (
            workers,
            school,
        ):
            await people.sign_in(workers.addresses[0], [FIRST_PERSON + place for place in range(times)])
            async with _reading(workers, people), _tapping(workers, mixed(school, workers.rng, 40 * times)):
                for place in range(times):
                    accepted = await _ask_for_too_much(workers, people, form.redis, FIRST_PERSON + place)
                    assert accepted == PAID
            await judge(workers)
            assert workers.telegram.balancer is not None
            answered = people.statuses + workers.telegram.balancer.statuses
            assert [status for status in answered if status >= 500] == [], answered


async def _ask_for_too_much(workers: Fleet, people: Visitors, redis: RedisServer, person: int) -> int:
    """Returns how many were accepted."""
    asking = [
        asyncio.create_task(
            people.ask(address, person, "POST", "/courses/generate", order(title=f"Sourdough, part {number}"))
        )
        for number in range(PAID)
        for address in workers.addresses
    ]
    await asyncio.sleep(workers.rng.uniform(0, 0.05))
    await asyncio.to_thread(redis.stop)
    statuses = await asyncio.gather(*asking)
    await asyncio.sleep(workers.rng.uniform(0, 1))
    await asyncio.to_thread(redis.start)
    await asyncio.sleep(workers.rng.uniform(0, 1))
    assert set(statuses) == {202, 429}, statuses
    return statuses.count(202)


@asynccontextmanager
async def _reading(workers: Fleet, people: Visitors) -> AsyncIterator[None]:
    """Somebody reads over REST all the while."""

    async def read() -> None:
        while True:
            for address in workers.addresses:
                await people.ask(address, FIRST_PERSON, "GET", "/courses")
            await asyncio.sleep(0.05)

    async with _meanwhile(read()):
        yield


@asynccontextmanager
async def _tapping(workers: Fleet, deeds: list[Deed]) -> AsyncIterator[None]:
    """People go on learning all the while, and to the end of what they have to do."""
    left = list(deeds)

    async def tap() -> None:
        while left:
            await workers.telegram.give(left[:2])
            del left[:2]
            await asyncio.sleep(0.1)

    async with _meanwhile(tap()):
        yield
    await workers.telegram.give(left)


@asynccontextmanager
async def _meanwhile(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        if not task.done():
            task.cancel()
        outcome = (await asyncio.gather(task, return_exceptions=True))[0]
    if isinstance(outcome, Exception):
        raise outcome


async def test_postgresql_is_restarted(own_postgres: PostgresServer, tmp_path: Path) -> None:
    await restart_postgres(own_postgres, tmp_path, SEED, times=1)


@pytest.mark.soak
async def test_postgresql_is_restarted_ten_times(own_postgres: PostgresServer, tmp_path: Path) -> None:
    await restart_postgres(own_postgres, tmp_path, SEED + 1, times=10)


async def restart_postgres(server: PostgresServer, folder: Path, seed: int, times: int) -> None:
    took: list[float] = []
    async with postgres_store(server.url) as store, visitors() as people:
        form = Form(3, store)
        async with running(form, folder, seed, learners=30, courses=2, webhook=True) as (workers, school):
            before = {await people.health(address) for address in workers.addresses}
            async with _tapping(workers, mixed(school, workers.rng, 60 * times)):
                for _ in range(times):
                    await asyncio.sleep(workers.rng.uniform(0.2, 1))
                    await server.stop()
                    await _until(workers, people, {"unhealthy"})
                    await asyncio.sleep(workers.rng.uniform(0, 2))
                    await server.start()
                    took.append(await _until(workers, people, before))
                    assert took[-1] <= HEALTHY, took
            await judge(workers)
    print(f"PostgreSQL restarted {times} times; all workers healthy after at most {max(took):.1f} s")


async def _until(workers: Fleet, people: Visitors, words: set[str]) -> float:
    """Seconds until every worker says one of these words of itself."""
    begun = time.monotonic()
    for address in workers.addresses:
        while await people.health(address) not in words - {""}:
            await asyncio.sleep(0.1)
            assert time.monotonic() - begun < 6 * HEALTHY
    return time.monotonic() - begun
