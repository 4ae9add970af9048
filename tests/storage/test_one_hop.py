from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.database import Database
from storage.models import Learner
from storage.one_hop import OneHopConnection, one_hop
from tests.kit.database import sqlite
from tests.kit.school import add_learner

__all__ = ["sqlite"]


class Counting(OneHopConnection):
    """Counts what its thread is asked to do."""

    hops = 0

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        self.hops += 1
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]  # aiosqlite's is not typed


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    def connect(*where: Any, **how: Any) -> Counting:
        return Counting(partial(sqlite3.connect, *where, **how), 64)

    made = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/x.db", connect_args={"async_creator_fn": connect})
    async with made.begin() as connection:
        await connection.execute(text("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)"))
    yield made
    await made.dispose()


@pytest.mark.parametrize(
    "sql", ["SELECT name FROM t", "INSERT INTO t (name) VALUES ('c')", "UPDATE t SET name = 'd' RETURNING id"]
)
async def test_a_statement_is_one_hop_with_or_without_rows(engine: AsyncEngine, sql: str) -> None:
    async with engine.begin() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert isinstance(driver, Counting)
        before = driver.hops
        await connection.execute(text(sql))
        assert driver.hops - before == 1


async def test_statements_give_what_they_always_gave(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        added = await connection.execute(text("INSERT INTO t (name) VALUES ('a')"))
        assert (added.lastrowid, added.rowcount) == (1, 1)
        await connection.execute(text("INSERT INTO t (name) VALUES (:name)"), [{"name": "b"}, {"name": "c"}])
        found = await connection.execute(text("SELECT id, name FROM t ORDER BY id"))
        assert [tuple(row) for row in found] == [(1, "a"), (2, "b"), (3, "c")]
        changed = await connection.execute(text("UPDATE t SET name = 'd' WHERE id > 1"))
        assert changed.rowcount == 2
        gone = await connection.execute(text("DELETE FROM t WHERE id = 2 RETURNING name"))
        assert gone.scalars().all() == ["d"]
        assert (await connection.execute(text("SELECT id FROM t WHERE id = 9"))).first() is None


async def test_many_rows_of_an_insert_come_back_with_their_ids(sqlite: Database) -> None:
    await add_learner(sqlite)
    async with sqlite.transaction() as session:
        one = (await session.scalars(select(Learner))).one()
        kept = {each.name: getattr(one, each.name) for each in Learner.__table__.columns if each.name != "id"}
        rows = [{**kept, "telegram_id": 8_000_000_000 + number} for number in range(1500)]
        ids = (await session.scalars(insert(Learner).returning(Learner.id), rows)).all()
        assert len(set(ids)) == 1500


async def test_a_wrong_statement_is_told_and_the_connection_goes_on(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        with pytest.raises(Exception, match="no such table"):
            await connection.execute(text("SELECT 1 FROM nowhere"))
        assert (await connection.execute(text("SELECT 1"))).scalar() == 1


async def test_rows_are_not_to_be_had_bit_by_bit(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        with pytest.raises(Exception, match="all at once"):
            async with connection.stream(text("SELECT 1")) as rows:
                await rows.first()


async def test_a_statement_whose_caller_was_cancelled_holds_no_lock(tmp_path: Path) -> None:
    file = tmp_path / "x.db"
    made = create_async_engine(f"sqlite+aiosqlite:///{file}", connect_args={"async_creator_fn": one_hop})
    event.listen(made.sync_engine, "connect", _by_hand)

    async def count() -> None:
        async with made.connect() as connection:
            await connection.execute(text("BEGIN IMMEDIATE"))
            endless = (
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000000) SELECT max(i) FROM n"
            )
            await connection.execute(text(endless))

    counting = asyncio.create_task(count())
    await asyncio.sleep(0.1)
    counting.cancel()
    await asyncio.wait({counting}, timeout=20)
    assert counting.done()
    await made.dispose()
    other = sqlite3.connect(file, timeout=5)
    other.execute("BEGIN IMMEDIATE")
    other.close()


def _by_hand(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
