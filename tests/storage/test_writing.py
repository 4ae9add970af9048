from __future__ import annotations

import asyncio
from datetime import timedelta

from storage.courses import CourseRepository
from storage.database import Database
from storage.editing import EditingRepository
from storage.outline import LessonOutline
from storage.writing import WritingRepository
from tests.kit.database import database, postgres
from tests.kit.rows import NOW, made, planned

__all__ = ["database", "postgres"]


QUESTION = {"prompt": "?", "options": [{"text": "a", "explanation": "b"}], "key": 0, "hint": "", "seed": 1}
FINDING = {"path": "lessons.1.sections.2.body", "rule": "shape", "found": "x", "expected": "y"}


async def course(database: Database) -> int:
    course_id = (await made(database)).course_id
    assert course_id is not None
    await planned(database, course_id)
    return course_id


async def write(database: Database, lesson_id: int, position: int, text: str = "body") -> int | None:
    async with database.transaction() as session:
        written = {"title": "t", "body": text, "minutes": 4, "citations": [], "written_at": NOW, "made": None}
        return await WritingRepository(session).save_body(lesson_id, position, {**written, "findings": [FINDING]})


async def ask(database: Database, lesson_id: int, position: int, count: int = 1) -> bool:
    async with database.transaction() as session:
        return await WritingRepository(session).save_quiz(lesson_id, position, [QUESTION] * count, [FINDING])


async def lesson_of(database: Database, course_id: int, position: int) -> LessonOutline:
    async with database.reading() as session:
        return (await WritingRepository(session).outline(course_id))[position]


async def test_a_section_is_written_once_whoever_comes_second(database: Database) -> None:
    course_id = await course(database)
    lesson = await lesson_of(database, course_id, 1)
    saved = await asyncio.gather(*(write(database, lesson.id, 2, f"body {turn}") for turn in range(6)))
    assert sum(answer is not None for answer in saved) == 1
    asked = await asyncio.gather(*(ask(database, lesson.id, 2) for _ in range(6)))
    assert sum(asked) == 1
    async with database.reading() as session:
        shape = await CourseRepository(session).shape(course_id)
        assert shape is not None
        (section,) = [section for section in shape.sections if section.body]
        assert (section.lesson_id, section.position, section.version, section.written_at) == (lesson.id, 2, 1, NOW)
        assert shape.questions == {section.id: 1}
        outline = await WritingRepository(session).outline(course_id)
        assert outline[1].missing == (0, 1)
        assert outline[0].missing == (0, 1, 2)
        assert len(outline[1].sections[2].findings) == 2
        assert await WritingRepository(session).bodies(course_id) == {(1, 2): section.body}
        assert await CourseRepository(session).home(section.id) == course_id


async def test_a_lesson_is_planned_once(database: Database) -> None:
    course_id = await course(database)
    said: dict[str, object] = {"title": "again", "objectives": [], "contract": {}, "made": None}
    async with database.transaction() as session:
        writing = WritingRepository(session)
        assert not await writing.plan_lesson(course_id, 1, said, [])
        assert not await writing.plan_lesson(course_id, 7, said, [])
    lesson = await lesson_of(database, course_id, 1)
    assert (lesson.title, lesson.planned, lesson.contract, lesson.made) == (
        "l1",
        True,
        {"needs": ["n"]},
        {"author": "x"},
    )
    assert [section.objectives for section in lesson.sections] == [(0,), (1,), (2,)]


async def test_text_and_questions_are_awaited_apart(database: Database) -> None:
    course_id = await course(database)
    lesson = await lesson_of(database, course_id, 0)
    assert not await ask(database, lesson.id, 0), "there is no text to ask about"
    await write(database, lesson.id, 0)
    async with database.transaction() as session:
        await WritingRepository(session).give_up(lesson.id, 1, "body", "overloaded", [FINDING])
    lesson = await lesson_of(database, course_id, 0)
    assert (lesson.missing, lesson.bodies, lesson.quizzes, lesson.settled) == ((1, 2), (2,), (0,), False)
    await write(database, lesson.id, 2)
    assert await ask(database, lesson.id, 0)
    async with database.transaction() as session:
        writing = WritingRepository(session)
        await writing.give_up(lesson.id, 2, "quiz", "declined", [FINDING])
        assert not await writing.finish_lesson(lesson.id)
    lesson = await lesson_of(database, course_id, 0)
    assert (lesson.missing, lesson.quizzes, lesson.settled) == ((1,), (), True)
    assert [(section.failure, section.quiz) for section in lesson.sections] == [
        (None, "ready"),
        ("overloaded", "ready"),
        ("declined", "unavailable"),
    ]
    async with database.transaction() as session:
        await WritingRepository(session).reopen_lesson(lesson.id)
    lesson = await lesson_of(database, course_id, 0)
    assert (lesson.state, lesson.bodies, lesson.quizzes) == ("waiting", (1,), (2,))


async def test_a_lesson_is_finished_once(database: Database) -> None:
    course_id = await course(database)
    lesson = await lesson_of(database, course_id, 0)
    for position in range(3):
        await write(database, lesson.id, position)
    await ask(database, lesson.id, 0, 2)
    async with database.transaction() as session:
        writing = WritingRepository(session)
        assert not await writing.finish_lesson(lesson.id)
        await writing.give_up_quizzes(lesson.id, "overloaded")
        assert await writing.finish_lesson(lesson.id)
        assert not await writing.finish_lesson(lesson.id)


async def test_a_better_piece_takes_the_place_of_another(database: Database) -> None:
    course_id = await course(database)
    lesson = await lesson_of(database, course_id, 0)
    section_id = await write(database, lesson.id, 0, "first")
    await ask(database, lesson.id, 0, 2)
    later = NOW + timedelta(minutes=1)
    written = {"title": "t2", "body": "second", "minutes": 5, "citations": [], "written_at": later, "made": None}
    async with database.transaction() as session:
        writing = WritingRepository(session)
        assert not await writing.replace_body(lesson.id, 1, {**written, "findings": []}), "that one is not written"
        assert await writing.replace_body(lesson.id, 0, {**written, "findings": []})
        assert await writing.replace_quiz(lesson.id, 0, [QUESTION], [], later)
    async with database.reading() as session:
        shape = await CourseRepository(session).shape(course_id)
        assert shape is not None
        section = next(section for section in shape.sections if section.id == section_id)
        assert (section.body, section.version, section.quiz) == ("second", 2, "ready")
        assert section.id is not None
        assert shape.questions == {section.id: 1}
        (before,) = await EditingRepository(session).versions(section.id)
        assert (before.body, before.version, before.replaced_by) == ("first", 1, None)


async def test_keeping_renumbers_what_is_left(database: Database) -> None:
    course_id = await course(database)
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
    course_id = await course(database)
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
