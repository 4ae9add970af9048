from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import event, update

from services.errors import NotFound
from services.library import Library
from storage.database import Database
from storage.models import Course
from tests.kit.author import order
from tests.kit.database import sqlite
from tests.kit.house import house

__all__ = ["sqlite"]


async def course_ids(database: Database, count: int) -> list[int]:
    async with house(database) as made:
        learner = await made.learner()
        asked = [await made.courses.request(learner, order(), key=f"u{number}") for number in range(count)]
        for one in asked:
            await made.ended(one.id)
        return [one.course_id for one in asked]


def count_statements(database: Database) -> list[str]:
    said: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement != "BEGIN":
            said.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    return said


async def test_however_many_ask_it_is_loaded_once(sqlite: Database) -> None:
    (course_id,) = await course_ids(sqlite, 1)
    library = Library(database=sqlite)
    said = count_statements(sqlite)
    courses = await asyncio.gather(*(library.course(course_id) for _ in range(50)))
    assert len({id(course) for course in courses}) == 1
    assert len(said) == 5
    section = courses[0].sections[3]
    assert await library.section_home(section.id) == course_id
    assert (await library.section(section.id))[2] is section
    assert len(said) == 5


async def test_a_change_is_seen_after_it_is_forgotten(sqlite: Database) -> None:
    (course_id,) = await course_ids(sqlite, 1)
    library = Library(database=sqlite)
    before = await library.course(course_id)
    async with sqlite.transaction() as session:
        await session.execute(update(Course).values(title="Another title"))
    assert await library.course(course_id) is before
    library.forget(course_id)
    assert (await library.course(course_id)).title == "Another title"


async def test_a_load_that_was_under_way_when_it_changed_is_not_kept(sqlite: Database) -> None:
    (course_id,) = await course_ids(sqlite, 1)
    library = Library(database=sqlite)
    early = asyncio.create_task(library.course(course_id))
    await asyncio.sleep(0)
    async with sqlite.transaction() as session:
        await session.execute(update(Course).values(title="Another title"))
    library.forget(course_id)
    assert (await library.course(course_id)).title == "Another title"
    await early
    assert (await library.course(course_id)).title == "Another title"


async def test_only_the_last_used_courses_stay(sqlite: Database) -> None:
    ids = await course_ids(sqlite, 3)
    library = Library(database=sqlite, most=2)
    first = await library.course(ids[0])
    await library.course(ids[1])
    assert await library.course(ids[0]) is first
    await library.course(ids[2])
    assert await library.course(ids[0]) is first
    said = count_statements(sqlite)
    await library.course(ids[1])
    assert said != []


async def test_what_is_not_there_is_not_found(sqlite: Database) -> None:
    library = Library(database=sqlite)
    for _ in range(2):
        with pytest.raises(NotFound, match="course"):
            await library.course(1)
        with pytest.raises(NotFound, match="section"):
            await library.section(1)
