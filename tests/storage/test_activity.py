from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import Table, text
from sqlalchemy.exc import DBAPIError

from storage.activity import START as EMPTY
from storage.activity import ActivityRepository, Checked, NewEntry
from storage.database import Database
from storage.models import ActivityEntry
from tests.kit.database import database, postgres, sqlite
from tests.kit.school import START, add_learner
from tests.kit.tampering import tamper

__all__ = ["database", "postgres", "sqlite"]


async def write(database: Database, *entries: NewEntry) -> None:
    for number, entry in enumerate(entries):
        async with database.transaction() as session:
            await ActivityRepository(session).append(entry, START + timedelta(milliseconds=number))


async def check(database: Database) -> Checked:
    async with database.reading() as session:
        return await ActivityRepository(session).check()


async def test_entries_hold_together(database: Database) -> None:
    assert await check(database) == Checked(0, None, EMPTY)
    ada, lena = await add_learner(database, 1), await add_learner(database, 2)
    await write(
        database,
        NewEntry("role.changed", ada, lena, detail={"role": "instructor", "größe": 1}),
        NewEntry("course.deleted", lena, lena, "course:7"),
        NewEntry("system.began"),
    )
    found = await check(database)
    assert (found.entries, found.broken_at) == (3, None)
    async with database.reading() as session:
        log = ActivityRepository(session)
        newest = await log.page(before=None, most=2)
        assert [one.action for one in newest] == ["system.began", "course.deleted"]
        assert newest[0].hash == found.head
        assert newest[0].actor is None
        (first,) = await log.page(before=2, most=5)
        assert await log.people({first.actor or "", first.whose or ""}) == {first.actor: ada, first.whose: lena}
        assert newest[1].actor == newest[1].whose == first.whose
        assert [one.id for one in await log.page(before=None, most=5, action="role.changed")] == [1]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE activity_entry SET action = 'course.read' WHERE id = 2",
        "UPDATE activity_entry SET actor = whose, whose = actor WHERE id = 2",
        "UPDATE activity_entry SET at = at + 1 WHERE id = 2",
        "UPDATE activity_entry SET object = 'course:8' WHERE id = 2",
        "UPDATE activity_entry SET object = NULL WHERE id = 2",
        "UPDATE activity_entry SET detail = '{}' WHERE id = 2",
        "UPDATE activity_entry SET hash = (SELECT hash FROM activity_entry AS e WHERE e.id = 1) WHERE id = 2",
        "UPDATE activity_entry SET id = 9 WHERE id = 2",
    ],
)
async def test_a_change_shows_where_it_is(sqlite: Database, change: str) -> None:
    ada, lena = await add_learner(sqlite, 1), await add_learner(sqlite, 2)
    await write(sqlite, *[NewEntry("course.deleted", ada, lena, "course:7", {"a": 1})] * 3)
    assert (await check(sqlite)).broken_at is None
    await tamper(sqlite, change)
    found = await check(sqlite)
    assert found.entries == 1
    assert found.broken_at in {2, 3}


async def test_a_gap_shows_and_a_shorter_log_has_another_head(database: Database) -> None:
    await write(database, *[NewEntry("one")] * 4)
    whole = await check(database)
    await tamper(database, "DELETE FROM activity_entry WHERE id = 4")
    assert (await check(database)).head != whole.head
    async with database.transaction() as session:
        await session.execute(text("DELETE FROM activity_entry WHERE id = 2"))  # nothing keeps them any more
    assert (await check(database)).broken_at == 3


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE activity_entry SET action = 'course.read' WHERE id = 2",
        "UPDATE activity_entry SET id = 9 WHERE id = 3",
        "DELETE FROM activity_entry WHERE id = 3",
        "DELETE FROM activity_entry",
        "TRUNCATE activity_entry",
        "INSERT OR REPLACE INTO activity_entry SELECT id, at, 'me', action, whose, object, detail, hash"
        " FROM activity_entry WHERE id = 2",
        "INSERT INTO activity_entry SELECT * FROM activity_entry WHERE id = 2"
        " ON CONFLICT (id) DO UPDATE SET actor = 'me'",
    ],
)
async def test_the_database_refuses_to_change_or_remove_an_entry(database: Database, change: str) -> None:
    """And says why; the log is as it was, and grows as before. (What one database has no word for, it refuses, too.)"""
    ada = await add_learner(database, 1)
    await write(database, *[NewEntry("course.deleted", ada, ada, "course:7", {"a": 1})] * 3)
    known = {"sqlite": "TRUNCATE", "postgresql": "INSERT OR REPLACE"}[database.dialect] not in change
    with pytest.raises(DBAPIError, match="activity_entry is append-only" if known else "syntax error"):
        async with database.transaction() as session:
            await session.execute(text(change))
    await write(database, NewEntry("one"))
    assert await check(database) == replace(await check(database), entries=4, broken_at=None)


@pytest.mark.parametrize("again", [1, 2])
async def test_the_triggers_come_and_go_with_the_table(database: Database, again: int) -> None:
    table = cast(Table, ActivityEntry.__table__)
    async with database.engine.begin() as connection:
        for _ in range(again):
            await connection.run_sync(table.drop)
            await connection.run_sync(table.create)
    await write(database, NewEntry("one"))
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.transaction() as session:
            await session.execute(text("DELETE FROM activity_entry"))


async def test_an_act_that_fails_leaves_no_entry(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as session:
            await ActivityRepository(session).append(NewEntry("one"), START)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert (await check(database)).entries == 0


async def test_who_is_erased_is_an_alias_of_nobody_and_the_chain_holds(database: Database) -> None:
    ada, lena = await add_learner(database, 1), await add_learner(database, 2)
    await write(database, NewEntry("one", ada, lena), NewEntry("two", lena, ada))
    async with database.transaction() as session:
        await ActivityRepository(session).forget(ada)
    async with database.transaction() as session:
        await session.execute(text("DELETE FROM learner WHERE telegram_id = 2"))
    assert (await check(database)).broken_at is None
    async with database.reading() as session:
        log = ActivityRepository(session)
        names = {name for row in await log.page(before=None, most=9) for name in (row.actor or "", row.whose or "")}
        assert len(names) == 2
        assert await log.people(names) == {}


async def test_many_at_once_make_one_chain(database: Database) -> None:
    people = [await add_learner(database, number) for number in range(1, 5)]
    await asyncio.gather(
        *(write(database, NewEntry("met", people[a], people[b])) for a in range(4) for b in range(4) for _ in range(2))
    )
    found = await check(database)
    assert (found.entries, found.broken_at) == (32, None)
