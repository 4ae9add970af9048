from __future__ import annotations

import asyncio

from storage.courses import CourseRepository
from storage.database import Database
from storage.writing import WritingRepository
from tests.kit.database import database, postgres
from tests.kit.rows import NOW, made, planned

__all__ = ["database", "postgres"]


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
