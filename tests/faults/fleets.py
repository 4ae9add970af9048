"""The two forms in which every fault is tried: one worker on SQLite, three on PostgreSQL with Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from benchmarks import school
from benchmarks.rig.checker import Verdict, check
from benchmarks.rig.fleet import Fleet, fleet
from benchmarks.rig.stores import SqliteStore, Store, postgres_store
from benchmarks.school import School
from tests.kit.database import lasting_postgres as postgres
from tests.kit.redis import RedisServer, redis_server

__all__ = ["postgres", "redis_server", "scaled", "single"]


@dataclass
class Form:
    """How many workers, on what."""

    workers: int
    store: Store
    redis: RedisServer | None = None


@pytest.fixture
def single(tmp_path: Path) -> Form:
    """One worker on SQLite."""
    (tmp_path / "data").mkdir()
    return Form(1, SqliteStore(tmp_path / "data" / "lectern.db"))


@pytest.fixture
async def scaled(postgres: str, redis_server: RedisServer) -> AsyncIterator[Form]:
    """Three workers on PostgreSQL, with Redis."""
    async with postgres_store(postgres, redis_server.url) as store:
        yield Form(3, store, redis_server)


@pytest.fixture(params=["single", "scaled"])
def form(request: pytest.FixtureRequest) -> Form:
    """The one, then the other."""
    found: Form = request.getfixturevalue(request.param)
    return found


@asynccontextmanager
async def running(
    form: Form, folder: Path, seed: int, *, learners: int, courses: int = 1, webhook: bool = False, **more: Any
) -> AsyncIterator[tuple[Fleet, School]]:
    """A school on the form's database, and its workers, ready. `more` goes to the fleet."""
    made = await school.fill(form.store.url, learners=learners, tapped=courses)
    async with fleet(folder, form.store, seed, webhook=webhook, **more) as workers:
        await workers.start(form.workers)
        yield workers, made


async def judge(workers: Fleet, *, refused: int = 0) -> Verdict:
    """Wait until all is at rest; then nothing is lost, doubled or inverted, and Telegram was asked for more than it
    takes at most so many times."""
    await workers.rest()
    verdict = await check(workers.telegram.ledger, workers.store)
    assert verdict.clean, str(verdict)
    assert len(verdict.refused) <= refused, str(verdict)
    return verdict
