from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import event, update

from services.errors import NotFound
from services.library import Library
from services.views import CourseView
from storage.database import Database
from storage.models import Course
from storage.revisions import course_changes
from tests.kit.author import order
from tests.kit.database import postgres, postgres_database, sqlite
from tests.kit.house import house

__all__ = ["postgres", "sqlite"]


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


async def test_what_another_process_writes_shows_at_once(postgres: str) -> None:
    async with postgres_database(postgres) as database, house(database) as made:
        gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        made.author.hold = lambda lesson, section: gate
        elsewhere = Library(database=database)
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        course_id = asked.course_id

        async def same() -> CourseView:
            before = await Library(database=database).course(course_id)
            course = await elsewhere.course(course_id)
            after = await Library(database=database).course(course_id)
            assert course == after or before != after
            return course

        await made.until(asked.id, lambda view: view.planned)
        assert not any(section.written for section in (await same()).sections)
        gate.set_result(None)
        await made.ended(asked.id)
        course = await same()
        assert (course.state, course.picture is not None) == ("ready", True)
        assert all(section.written for section in course.sections)
        await made.courses.rename(learner.id, course_id, "Another title for it")
        assert (await same()).title == "Another title for it"
        section = course.sections[0]
        assert (await elsewhere.section(section.id))[2] == section
        await made.courses.delete(learner.id, course_id)
        for _ in range(2):
            with pytest.raises(NotFound, match="course"):
                await elsewhere.course(course_id)
            with pytest.raises(NotFound, match="section"):
                await elsewhere.section(section.id)


async def test_stopping_and_going_on_shows_elsewhere(postgres: str) -> None:
    async with postgres_database(postgres) as database, house(database) as made:
        elsewhere = Library(database=database)
        learner = await made.learner()
        made.author.hold = lambda lesson, section: asyncio.get_running_loop().create_future()
        asked = await made.courses.request(learner, order(), key="u1")
        await made.until(asked.id, lambda view: view.planned)
        assert (await elsewhere.course(asked.course_id)).state == "making"
        await made.generations.cancel(learner.id, asked.id)
        assert (await elsewhere.course(asked.course_id)).state == "stopped"
        await made.generations.go_on(learner.id, asked.id)
        assert (await elsewhere.course(asked.course_id)).state == "making"


async def test_a_load_from_before_a_change_elsewhere_is_not_given_to_who_asks_after_it(postgres: str) -> None:
    async with postgres_database(postgres) as database:
        (course_id,) = await course_ids(database, 1)
        library = Library(database=database)
        for number in range(10):
            early = asyncio.create_task(library.course(course_id))
            await asyncio.sleep(number / 1000)
            async with database.transaction() as session:
                await course_changes(session, course_id)
                await session.execute(update(Course).values(title=f"Title {number}"))
            late = await asyncio.gather(*(library.course(course_id) for _ in range(5)))
            assert {course.title for course in late} == {f"Title {number}"}
            await early
            assert (await library.course(course_id)).title == f"Title {number}"


async def test_where_another_process_may_write_it_is_asked_for_a_number_only(postgres: str) -> None:
    async with postgres_database(postgres) as database:
        (course_id,) = await course_ids(database, 1)
        library = Library(database=database)
        await library.course(course_id)
        said = count_statements(database)
        await library.course(course_id)
        assert len([one for one in said if one.startswith("SELECT")]) == 1
        assert "course.revision" in said[-1]
