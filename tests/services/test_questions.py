from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from services.errors import Conflict, Invalid, NotFound
from services.library import Library
from services.progress import ProgressService
from services.question_bank import QuestionBank
from services.questions import QuestionService, required
from services.views.questions import AskedView
from storage.database import Database
from storage.questions import QuestionRepository
from tests.kit.database import database, postgres
from tests.kit.school import START, add_course, add_learner, add_questions

__all__ = ["database", "postgres"]


@dataclass
class Class:
    """Ada, her course of three lessons of two sections, two questions in its first section (option 1 is right)."""

    database: Database
    questions: QuestionService
    progress: ProgressService
    ada: int
    course: int
    sections: list[int]
    ids: list[int]

    def place(self, asked: AskedView, text: str) -> int:
        return asked.options.index(text)


async def begin(database: Database) -> Class:
    ada = await add_learner(database)
    course, sections = await add_course(database, ada)
    ids = await add_questions(database, sections[0])
    library = Library(database=database)
    progress = ProgressService(database, library)
    questions = QuestionService(database, library, progress, QuestionBank(database=database))
    return Class(database, questions, progress, ada, course, sections, ids)


async def test_asked_answered_and_counted(database: Database) -> None:
    room = await begin(database)
    view = await room.questions.of_section(room.ada, room.sections[0], START)
    first, second = view.questions
    assert view.upcoming == first
    assert [(one.number, one.of) for one in view.questions] == [(1, 2), (2, 2)]
    answered = await room.questions.answer(room.ada, first.id, room.place(first, "Food"), 1, START)
    assert (answered.counted, answered.asked.outcome, answered.asked.at_first) == (True, "right", True)
    assert answered.questions.upcoming == second
    skipped = await room.questions.skip(room.ada, second.id, 1, START)
    assert (skipped.asked.outcome, skipped.asked.at_first) == ("skipped", False)
    progress = await room.progress.progress(room.ada, room.course)
    assert (progress.questions_total, progress.questions_open, progress.right_first, progress.score) == (2, 0, 1, 50)
    for section in room.sections:
        done = await room.progress.complete_section(room.ada, section, START)
    assert [one.score for one in done.achievements if one.kind == "course"] == [50]


async def test_ten_at_once_are_one_attempt(database: Database) -> None:
    room = await begin(database)
    answers = await asyncio.gather(
        *(room.questions.answer(room.ada, room.ids[0], turn % 4, 1, START) for turn in range(10))
    )
    states = {(one.asked.outcome, one.asked.tried, one.asked.attempt) for one in answers}
    assert len(states) == 1
    assert sum(one.counted for one in answers) in {2, 3}, "those that chose the same as the first"


async def test_the_same_try_again_is_answered_alike_and_another_is_refused(database: Database) -> None:
    room = await begin(database)
    [asked, _] = (await room.questions.of_section(room.ada, room.sections[0], START)).questions
    wrong, worse = room.place(asked, "Salt"), room.place(asked, "Air")
    one = await room.questions.answer(room.ada, asked.id, wrong, 1, START)
    two = await room.questions.answer(room.ada, asked.id, wrong, 1, START)
    assert required(one) == required(two)
    with pytest.raises(Conflict, match="answered"):
        required(await room.questions.answer(room.ada, asked.id, worse, 1, START))
    with pytest.raises(Conflict, match="answered"):
        required(await room.questions.answer(room.ada, asked.id, wrong, 2, START))


async def test_options_that_there_are_not(database: Database) -> None:
    room = await begin(database)
    for place in (-1, 4, 2**62):
        with pytest.raises(Invalid):
            await room.questions.answer(room.ada, room.ids[0], place, 1, START)
    eve = await add_learner(database, 7_000_000_002, "Eve")
    with pytest.raises(NotFound):
        await room.questions.answer(eve, room.ids[0], 4, 1, START)


async def test_somebody_elses_and_none(database: Database) -> None:
    room = await begin(database)
    eve = await add_learner(database, 7_000_000_002, "Eve")
    for who, question in ((eve, room.ids[0]), (room.ada, 2**62)):
        with pytest.raises(NotFound, match="question"):
            await room.questions.answer(who, question, 0, 1, START)
        with pytest.raises(NotFound, match="question"):
            await room.questions.skip(who, question, 1, START)
        with pytest.raises(NotFound, match="question"):
            await room.questions.question(who, question, START)
    with pytest.raises(NotFound, match="section"):
        await room.questions.of_section(eve, room.sections[0], START)


async def test_a_voided_question_is_refused_and_the_others_are_numbered_anew(database: Database) -> None:
    room = await begin(database)
    await room.questions.of_section(room.ada, room.sections[0], START)
    async with database.transaction() as session:
        await QuestionRepository(session).void(room.ids[0], START)
    with pytest.raises(Conflict, match="voided"):
        required(await room.questions.answer(room.ada, room.ids[0], 0, 1, START))
    [left] = (await room.questions.of_section(room.ada, room.sections[0], START)).questions
    assert (left.id, left.number, left.of) == (room.ids[1], 1, 1)


async def test_questions_that_come_later_are_seen(database: Database) -> None:
    room = await begin(database)
    assert (await room.questions.of_section(room.ada, room.sections[1], START)).questions == ()
    await add_questions(database, room.sections[1], 1)
    assert len((await room.questions.of_section(room.ada, room.sections[1], START)).questions) == 1
    await add_questions(database, room.sections[1], 1)
    assert len((await room.questions.of_section(room.ada, room.sections[1], START)).questions) == 2


async def test_of_a_lesson_the_first_section_with_open_ones(database: Database) -> None:
    room = await begin(database)
    await add_questions(database, room.sections[1], 1)
    lesson = (await room.progress.progress(room.ada, room.course)).course.lessons[0].id
    assert (await room.questions.of_lesson(room.ada, room.course, lesson, START)).section.id == room.sections[0]
    for question in room.ids:
        await room.questions.skip(room.ada, question, 1, START)
    assert (await room.questions.of_lesson(room.ada, room.course, lesson, START)).section.id == room.sections[1]
    with pytest.raises(NotFound, match="question"):
        await room.questions.of_lesson(room.ada, room.course, lesson + 1, START)
