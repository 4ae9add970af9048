from __future__ import annotations

import asyncio
from datetime import timedelta

from storage import progress
from storage.courses import CourseRepository
from storage.database import Database
from storage.generations import GenerationRepository
from storage.writing import WritingRepository
from tests.kit.database import database, postgres
from tests.kit.rows import NOW, made, planned

__all__ = ["database", "postgres"]


async def test_simultaneous_events_are_numbered_without_holes(database: Database) -> None:
    generation = await made(database)

    async def append(milestone: int) -> None:
        async with database.transaction() as session:
            repository = GenerationRepository(session)
            row = await repository.lock(generation.id)
            assert row is not None
            await repository.append(row, "section", milestone, {"n": milestone}, NOW)

    await asyncio.gather(*(append(milestone) for milestone in (50, 10, 90, 30, 70, 20, 60, 40)))
    async with database.reading() as session:
        repository = GenerationRepository(session)
        events = await repository.events(generation.id, 0)
        assert [event.seq for event in events] == list(range(1, 9))
        shown = [event.progress for event in events]
        assert shown == sorted(shown)
        row = await repository.get(generation.id)
        assert row is not None
        assert row.progress == shown[-1] == 90
        assert [event.seq for event in await repository.events(generation.id, 6)] == [7, 8]
        assert await repository.last_at(generation.id, "section") == NOW
        assert await repository.last_at(generation.id, "ready") is None


async def test_an_event_of_a_transaction_that_fails_never_was(database: Database) -> None:
    generation = await made(database)
    try:
        async with database.transaction() as session:
            repository = GenerationRepository(session)
            row = await repository.lock(generation.id)
            assert row is not None
            await repository.append(row, "planned", 25, {}, NOW)
            raise KeyError
    except KeyError:
        pass
    async with database.reading() as session:
        assert await GenerationRepository(session).events(generation.id, 0) == []


async def test_the_newest_requests_of_a_window_are_counted(database: Database) -> None:
    first = await made(database)
    async with database.transaction() as session:
        for minute in range(1, 7):
            await GenerationRepository(session).add(
                course_id=None,
                learner_id=first.learner_id,
                request_key=f"k{minute}",
                order={},
                state="ready",
                runs=0,
                progress=0,
                message_replaced=False,
                created_at=NOW + timedelta(minutes=minute),
            )
    async with database.reading() as session:
        repository = GenerationRepository(session)
        found = await repository.started_since(first.learner_id, NOW + timedelta(minutes=2), 5)
        assert found == [NOW + timedelta(minutes=minute) for minute in (6, 5, 4, 3)]
        assert len(await repository.started_since(first.learner_id, NOW - timedelta(minutes=1), 5)) == 5
        row = await repository.by_key("k3")
        assert row is not None
        assert row.created_at == NOW + timedelta(minutes=3)


async def test_a_deleted_course_takes_all_but_its_generation(database: Database) -> None:
    generation = await made(database)
    course_id = generation.course_id
    assert course_id is not None
    await planned(database, course_id)
    async with database.transaction() as session:
        assert await WritingRepository(session).add_picture(course_id, b"png", "words")
        assert not await WritingRepository(session).add_picture(course_id, b"other", "words")
        await CourseRepository(session).enrol(generation.learner_id, course_id, NOW)
    assert await database.writer.do(progress.enrolled(generation.learner_id, course_id))
    async with database.transaction() as session:
        await CourseRepository(session).delete(course_id)
    async with database.reading() as session:
        courses = CourseRepository(session)
        assert await courses.shape(course_id) is None
        assert await courses.picture(course_id) is None
        assert await WritingRepository(session).outline(course_id) == ()
        whole = await GenerationRepository(session).whole(generation.id)
    assert not await database.writer.do(progress.enrolled(generation.learner_id, course_id))
    assert whole is not None
    assert (whole.generation.course_id, whole.title, whole.outline) == (None, None, ())
