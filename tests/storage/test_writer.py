from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Collection
from typing import Any

import pytest

from storage.database import Database
from storage.errors import StorageError
from storage.turns import Turns
from storage.writer import Ask, GroupWriter, Job, Outcome, Statement, repeatable
from tests.kit.database import database, postgres, sqlite
from tests.kit.school import START, add_learner

__all__ = ["database", "postgres", "sqlite"]

RENAME = Statement("UPDATE learner SET name = :name WHERE telegram_id = CAST(:id AS BIGINT) RETURNING id")
NAME = Statement("SELECT name FROM learner WHERE telegram_id = CAST(:id AS BIGINT)")
ME = 7_000_000_001


@repeatable
def rename(name: str) -> Job[int]:
    rows = yield Ask(RENAME, {"name": name, "id": ME})
    return len(rows)


@repeatable
def read() -> Job[str]:
    rows = yield Ask(NAME, {"id": ME})
    return str(rows[0][0])


@repeatable
def rename_and_fail(name: str) -> Job[int]:
    yield Ask(RENAME, {"name": name, "id": ME})
    raise ValueError("this job is bad")


@repeatable
def break_the_schema() -> Job[None]:
    yield Ask(Statement("INSERT INTO learner (id) VALUES (CAST(:id AS BIGINT))"), {"id": 1})


async def test_a_bad_job_does_not_fail_its_group(database: Database) -> None:
    await add_learner(database)
    do = database.writer.do
    results = await asyncio.gather(
        do(rename("Bea")), do(rename_and_fail("Cyd")), do(break_the_schema()), do(read()), return_exceptions=True
    )
    assert results[0] == 1
    assert isinstance(results[1], ValueError)
    assert isinstance(results[2], Exception)
    assert results[3] == "Bea"


async def test_what_is_counted_tells_how_many_rows_it_wrote(database: Database) -> None:
    for number in range(2):
        await add_learner(database, ME + number)
    counted = Statement("UPDATE learner SET name = :name WHERE telegram_id >= CAST(:id AS BIGINT)", counted=True)

    @repeatable
    def written(least: int) -> Job[int]:
        return len((yield Ask(counted, {"name": "Bea", "id": least})))

    assert [await database.writer.do(written(ME + number)) for number in range(3)] == [2, 1, 0]


async def test_many_jobs_at_once_lose_nothing(database: Database) -> None:
    await add_learner(database)
    append = Statement("UPDATE learner SET name = name || :mark WHERE telegram_id = CAST(:id AS BIGINT)")

    @repeatable
    def one() -> Job[None]:
        yield Ask(append, {"mark": "x", "id": ME})

    await asyncio.gather(*(database.writer.do(one()) for _ in range(600)))
    assert await database.writer.do(read()) == "Ada" + "x" * 600


async def test_transactions_and_groups_take_turns(sqlite: Database) -> None:
    await add_learner(sqlite)

    async def slow() -> None:
        async with sqlite.transaction() as session:
            await asyncio.sleep(0.05)
            await session.connection()

    await asyncio.gather(slow(), *(sqlite.writer.do(rename(f"N{n}")) for n in range(20)), slow())
    assert (await sqlite.writer.do(read())).startswith("N")


async def test_a_database_that_another_program_holds_says_so_and_recovers(sqlite: Database) -> None:
    await add_learner(sqlite)
    await sqlite.writer.do(_busy(50))
    path = sqlite.engine.url.database
    assert path is not None
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError) as refused:
        await sqlite.writer.do(rename("Bea"))
    assert refused.value.why == "locked"
    other.execute("ROLLBACK")
    other.close()
    assert await sqlite.writer.do(rename("Bea")) == 1


async def test_what_waits_is_written_at_the_close_and_what_comes_after_is_refused(sqlite: Database) -> None:
    await add_learner(sqlite)
    waiting = asyncio.gather(*(sqlite.writer.do(rename(f"N{n}")) for n in range(5)))
    await asyncio.sleep(0)
    await sqlite.writer.close()
    assert await waiting == [1] * 5
    with pytest.raises(StorageError):
        await asyncio.wait_for(sqlite.writer.do(read()), 1)


@repeatable
def _busy(milliseconds: int) -> Job[None]:
    yield Ask(Statement(f"PRAGMA busy_timeout={milliseconds}"), {})


async def test_a_file_belongs_to_one_process(sqlite: Database) -> None:
    with pytest.raises(StorageError) as refused:
        await Database.open(sqlite.engine.url.render_as_string())
    assert refused.value.why == "in_use"


async def test_sqlite_is_set_to_lose_nothing(sqlite: Database) -> None:
    @repeatable
    def pragma(name: str) -> Job[object]:
        rows = yield Ask(Statement(f"PRAGMA {name}"), {})
        return rows[0][0]

    assert await sqlite.writer.do(pragma("journal_mode")) == "wal"
    assert await sqlite.writer.do(pragma("synchronous")) == 2
    async with sqlite.reading() as session:
        connection = await session.connection()
        assert (await connection.exec_driver_sql("PRAGMA synchronous")).scalar() == 2
        assert (await connection.exec_driver_sql("PRAGMA foreign_keys")).scalar() == 1


async def test_times_come_back_as_they_went_in(database: Database) -> None:
    from sqlalchemy import select

    from storage.models import Learner

    await add_learner(database)
    async with database.reading() as session:
        assert (await session.scalar(select(Learner.created_at))) == START


class OpenDoor:
    """A line that keeps the names of the jobs of each group, and lets a group go when it is told to."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.go = asyncio.Semaphore(0)

    async def commit(self, jobs: list[Job[Any]], lanes: Collection[str] = ()) -> list[Outcome]:
        names = [_named(job) for job in jobs]
        self.groups.append(names)
        await self.go.acquire()
        return [Outcome(answer=name) for name in names]

    async def close(self) -> None:
        pass


@repeatable
def named(name: str) -> Job[str]:
    yield Ask(NAME, {})
    return name


def _named(job: Job[str]) -> str:
    try:
        next(job)
        job.send([])
    except StopIteration as done:
        return str(done.value)
    raise AssertionError("it asks twice")


async def test_what_is_stored_first_waits_for_the_group_in_hand_only_and_starves_nobody() -> None:
    line = OpenDoor()
    writer = GroupWriter(line, Turns(), most=2)
    working = [asyncio.create_task(writer.do(named(f"tap {number}"))) for number in range(5)]
    await asyncio.sleep(0.01)
    storing = [asyncio.create_task(writer.do(named(f"update {number}"), first=True)) for number in range(3)]
    for _ in range(5):
        await asyncio.sleep(0.01)
        line.go.release()
    assert await asyncio.gather(*working, *storing) == [
        *(f"tap {number}" for number in range(5)),
        *(f"update {number}" for number in range(3)),
    ]
    assert line.groups == [["tap 0", "tap 1"], ["update 0", "update 1"], ["tap 2", "tap 3"], ["update 2"], ["tap 4"]]
    await writer.close()


async def test_one_bad_job_that_is_alone_leaves_nothing_and_the_next_one_is_written(database: Database) -> None:
    await add_learner(database)
    with pytest.raises(ValueError, match="bad"):
        await database.writer.do(rename_and_fail("Cyd"))
    with pytest.raises(Exception, match=r"(?i)null"):
        await database.writer.do(break_the_schema())
    assert await database.writer.do(read()) == "Ada"
    assert await database.writer.do(rename("Bea")) == 1
    assert await database.writer.do(read()) == "Bea"
