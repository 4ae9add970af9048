from __future__ import annotations

import pytest
from sqlalchemy import select

from services.clock import SystemClock
from services.heart import Heart
from services.ledger import Ledger
from storage.accepting import accept
from storage.database import Database
from storage.models import Work
from storage.work import NewWork, WorkRow
from storage.writer import Job, repeatable
from tests.kit.database import database, postgres
from tests.kit.school import START

__all__ = ["database", "postgres"]
NOBODY: frozenset[str] = frozenset()


async def taken(database: Database, *keys: str) -> list[WorkRow]:
    items = [NewWork("update", f"u:{key}", key, {}) for key in keys]
    return await database.writer.do(accept(items, "me", START, NOBODY))


async def states(database: Database) -> dict[str, str]:
    async with database.reading() as session:
        rows = await session.execute(select(Work.key, Work.state))
        return {str(key): str(state) for key, state in rows}


@repeatable
def nothing() -> Job[str]:
    yield from ()
    return "done"


@repeatable
def broken() -> Job[str]:
    yield from ()
    raise ValueError("this job is bad")


async def test_what_is_finished_is_marked_with_the_next_job(database: Database) -> None:
    ledger = Ledger(database, SystemClock(), Heart(database, SystemClock(), name="me", label="here"))
    first, _ = await taken(database, "a", "b")
    ledger.finish(first, "done")
    assert await states(database) == {"a": "open", "b": "open"}
    assert await ledger.along(nothing()) == "done"
    assert await states(database) == {"a": "done", "b": "open"}


async def test_a_job_that_fails_on_the_way_leaves_the_finished_to_be_marked_later(database: Database) -> None:
    ledger = Ledger(database, SystemClock(), Heart(database, SystemClock(), name="me", label="here"))
    [first] = await taken(database, "a")
    ledger.finish(first, "done")
    with pytest.raises(ValueError, match="bad"):
        await ledger.along(broken())
    assert await states(database) == {"a": "open"}
    await ledger.flush()
    assert await states(database) == {"a": "done"}
