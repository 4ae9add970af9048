from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from storage.courses import CourseRepository
from storage.database import Database
from storage.generations import GenerationRepository
from storage.learners import LearnerRepository
from storage.models import Generation
from storage.writing import WritingRepository
from tests.kit.database import database, postgres

__all__ = ["database", "postgres"]
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def made(database: Database, **columns: Any) -> Generation:
    """A generation with a learner and a course of its own."""
    async with database.transaction() as session:
        person = {"name": "Ada", "username": None, "language": "en", "time_zone": "UTC", "role": "learner"}
        learner, _ = await LearnerRepository(session).arrive(1, NOW, **person, admitted=True, reachable=True)
        course = await CourseRepository(session).add(
            owner_id=learner.id,
            title="Sourdough",
            description="",
            level="beginner",
            language="en",
            minutes_asked=60,
            state="making",
            objectives=[],
            credit={"ai": True, "name": "x"},
            document_id=None,
            created_at=NOW,
            ready_at=None,
        )
        values: dict[str, Any] = {
            "course_id": course.id,
            "learner_id": learner.id,
            "request_key": "k",
            "order": {"title": "Sourdough"},
            "state": "running",
            "runs": 0,
            "progress": 0,
            "chat_id": -100_123_456_789_012,
            "message_replaced": False,
            "created_at": NOW,
            **columns,
        }
        return await GenerationRepository(session).add(**values)


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


async def planned(database: Database, course_id: int) -> WritingRepository:
    async with database.transaction() as session:
        writing = WritingRepository(session)
        for position in range(3):
            sections = [{"title": f"s{number}", "focus": "f", "passages": ["p1"], "minutes": 5} for number in range(3)]
            await writing.add_lesson(course_id, position, f"l{position}", ["o"], sections)
        return writing


async def write(database: Database, lesson_id: int, position: int, text: str = "body") -> int | None:
    async with database.transaction() as session:
        question = {"prompt": "?", "options": [{"text": "a", "explanation": "b"}], "key": 0, "hint": "", "seed": 1}
        written = {"title": "t", "body": text, "minutes": 4, "citations": [], "written_at": NOW}
        return await WritingRepository(session).save_section(lesson_id, position, written, [question])


async def test_a_section_is_written_once_whoever_comes_second(database: Database) -> None:
    course_id = (await made(database)).course_id
    assert course_id is not None
    await planned(database, course_id)
    async with database.reading() as session:
        lesson = (await WritingRepository(session).outline(course_id))[1]
    saved = await asyncio.gather(*(write(database, lesson.id, 2, f"body {turn}") for turn in range(6)))
    assert sum(answer is not None for answer in saved) == 1
    async with database.reading() as session:
        shape = await CourseRepository(session).shape(course_id)
        assert shape is not None
        (section,) = [section for section in shape.sections if section.body]
        assert (section.lesson_id, section.position, section.version, section.written_at) == (lesson.id, 2, 1, NOW)
        assert shape.questions == {section.id: 1}
        outline = await WritingRepository(session).outline(course_id)
        assert outline[1].missing == (0, 1)
        assert outline[0].missing == (0, 1, 2)
        assert await WritingRepository(session).unwritten(lesson.id) == 2
        assert await CourseRepository(session).home(section.id) == course_id


async def test_keeping_renumbers_what_is_left(database: Database) -> None:
    course_id = (await made(database)).course_id
    assert course_id is not None
    await planned(database, course_id)
    async with database.reading() as session:
        lessons = await WritingRepository(session).outline(course_id)
    for lesson in lessons[1:]:
        for position in (0, 2):
            await write(database, lesson.id, position)
    async with database.transaction() as session:
        await WritingRepository(session).keep(course_id, [lesson.id for lesson in lessons[1:]])
    async with database.reading() as session:
        kept = await WritingRepository(session).outline(course_id)
    assert [(lesson.title, lesson.position, lesson.state) for lesson in kept] == [
        ("l1", 0, "ready"),
        ("l2", 1, "ready"),
    ]
    assert [[section.position for section in lesson.sections] for lesson in kept] == [[0, 1], [0, 1]]


async def test_lessons_change_state_and_are_counted(database: Database) -> None:
    course_id = (await made(database)).course_id
    assert course_id is not None
    await planned(database, course_id)
    async with database.transaction() as session:
        writing = WritingRepository(session)
        first, second, third = await writing.outline(course_id)
        await writing.set_lesson(first.id, "ready")
        await writing.set_lesson(second.id, "failed", "overloaded")
        await writing.set_lesson(third.id, "writing")
        assert await writing.count_lessons(course_id) == (1, 3)
        await writing.fail_open_lessons(course_id, "stopped")
    async with database.transaction() as session:
        writing = WritingRepository(session)
        states = [(lesson.state, lesson.failure) for lesson in await writing.outline(course_id)]
        assert states == [("ready", None), ("failed", "overloaded"), ("failed", "stopped")]
        await writing.reset_lessons(course_id, ["failed"])
        states = [(lesson.state, lesson.failure) for lesson in await writing.outline(course_id)]
        assert states == [("ready", None), ("waiting", None), ("waiting", None)]


async def test_a_deleted_course_takes_all_but_its_generation(database: Database) -> None:
    generation = await made(database)
    course_id = generation.course_id
    assert course_id is not None
    await planned(database, course_id)
    async with database.transaction() as session:
        assert await WritingRepository(session).add_picture(course_id, b"png", "words")
        assert not await WritingRepository(session).add_picture(course_id, b"other", "words")
        await CourseRepository(session).enrol(generation.learner_id, course_id, NOW)
    async with database.transaction() as session:
        await CourseRepository(session).delete(course_id)
    async with database.reading() as session:
        courses = CourseRepository(session)
        assert await courses.shape(course_id) is None
        assert await courses.picture(course_id) is None
        assert not await courses.enrolled(generation.learner_id, course_id)
        assert await WritingRepository(session).outline(course_id) == ()
        whole = await GenerationRepository(session).whole(generation.id)
    assert whole is not None
    assert (whole.generation.course_id, whole.title, whole.outline) == (None, None, ())
