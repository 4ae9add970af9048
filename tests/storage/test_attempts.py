from __future__ import annotations

import asyncio

from sqlalchemy import func, select

from storage import attempts as rows
from storage.attempts import NewAttempt
from storage.database import Database
from storage.models import Attempt
from storage.questions import QuestionRepository
from storage.standing import stand
from tests.kit.database import database, postgres
from tests.kit.school import START, add_course, add_learner, add_questions

__all__ = ["database", "postgres"]

FIRST_WRONG = NewAttempt(1, 1, 0, correct=False, settled=False)
THEN_RIGHT = NewAttempt(1, 2, 1, correct=True, settled=True)


async def scene(database: Database) -> tuple[int, int, int]:
    """A learner, their course, and its first section with two questions, the first of them number 1."""
    ada = await add_learner(database)
    course, sections = await add_course(database, ada)
    assert await add_questions(database, sections[0]) == [1, 2]
    return ada, course, sections[0]


async def count(database: Database) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(Attempt)) or 0


async def test_two_tries_in_order_and_no_third(database: Database) -> None:
    ada, course, section = await scene(database)
    for new, first in ((THEN_RIGHT, False), (FIRST_WRONG, True), (FIRST_WRONG, False), (THEN_RIGHT, True)):
        answered = await database.writer.do(rows.attempt(ada, section, new, START))
        assert answered is not None
        assert answered.first is first
    third = NewAttempt(1, 3, 2, correct=False, settled=True)
    answered = await database.writer.do(rows.attempt(ada, section, third, START))
    assert answered is not None
    assert not answered.first
    assert [(one.nth, one.choice, one.correct, one.settled) for one in answered.answers.tries] == [
        (1, 0, False, False),
        (2, 1, True, True),
    ]
    assert answered.answers.ids == (1, 2)
    standing = await database.writer.do(stand(ada, course))
    assert standing is not None
    assert [(one.section_id, one.settled, one.right) for one in standing.answers] == [(section, 1, 0)]


async def test_many_at_once_are_one(database: Database) -> None:
    ada, _, section = await scene(database)
    new = [NewAttempt(1, 1, choice, correct=choice == 1, settled=choice == 1) for choice in (0, 1, 2, 3, 0)]
    answers = await asyncio.gather(*(database.writer.do(rows.attempt(ada, section, one, START)) for one in new * 4))
    assert sum(one is not None and one.first for one in answers) == 1
    assert await count(database) == 1


async def test_the_same_option_is_not_tried_twice_and_a_skip_is_a_try(database: Database) -> None:
    ada, _, section = await scene(database)
    await database.writer.do(rows.attempt(ada, section, FIRST_WRONG, START))
    again = await database.writer.do(rows.attempt(ada, section, NewAttempt(1, 2, 0, False, True), START))
    skipped = await database.writer.do(rows.attempt(ada, section, NewAttempt(1, 2, None, False, True), START))
    assert again is not None
    assert skipped is not None
    assert (again.first, skipped.first) == (False, True)
    assert skipped.answers.tries[-1].skipped


async def test_a_voided_question_is_not_answered_and_does_not_count(database: Database) -> None:
    ada, course, section = await scene(database)
    await database.writer.do(rows.attempt(ada, section, NewAttempt(1, 1, 1, True, True), START))
    async with database.transaction() as session:
        assert await QuestionRepository(session).void(1, START)
        assert not await QuestionRepository(session).void(1, START)
        await QuestionRepository(session).void(2, START)
    answered = await database.writer.do(rows.attempt(ada, section, NewAttempt(2, 1, 1, True, True), START))
    assert answered is not None
    assert not answered.first
    assert answered.answers.voided == {1, 2}
    standing = await database.writer.do(stand(ada, course))
    assert standing is not None
    assert standing.answers == ()


async def test_somebody_elses_section_is_none(database: Database) -> None:
    _, _, section = await scene(database)
    eve = await add_learner(database, 7_000_000_002, "Eve")
    assert await database.writer.do(rows.look(eve, section, START)) is None
    assert await database.writer.do(rows.attempt(eve, section, FIRST_WRONG, START)) is None
    assert await count(database) == 0


async def test_a_question_of_another_section_is_not_answered(database: Database) -> None:
    ada, _, section = await scene(database)
    answered = await database.writer.do(rows.attempt(ada, section + 1, FIRST_WRONG, START))
    assert answered is not None
    assert not answered.first
    assert await count(database) == 0
