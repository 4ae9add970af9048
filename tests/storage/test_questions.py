from __future__ import annotations

from datetime import timedelta

from storage.attempts import NewAttempt, attempt
from storage.database import Database
from storage.questions import QuestionRepository
from tests.kit.database import database, postgres
from tests.kit.school import START, add_course, add_learner, add_questions

__all__ = ["database", "postgres"]


async def test_disputes_are_counted_over_a_day(database: Database) -> None:
    ada = await add_learner(database)
    _, sections = await add_course(database, ada)
    questions = await add_questions(database, sections[0], 3)
    async with database.transaction() as session:
        repository = QuestionRepository(session)
        for hour, question in enumerate(questions):
            await repository.add_dispute(ada, question, START + timedelta(hours=hour))
        assert await repository.disputes_since(ada, START) == (2, START + timedelta(hours=1))
        assert await repository.disputes_since(ada, START + timedelta(hours=9)) == (0, None)
        assert [row.question_id for row in await repository.disputes(questions[1])] == [questions[1]]
        assert await repository.dispute_of(ada, questions[0]) is not None
        assert await repository.dispute_of(ada + 1, questions[0]) is None


async def test_whom_it_concerns_and_who_knows(database: Database) -> None:
    ada, bob = await add_learner(database), await add_learner(database, 7_000_000_002, "Bob")
    _, sections = await add_course(database, ada)
    [question] = await add_questions(database, sections[0], 1)
    await database.writer.do(attempt(ada, sections[0], NewAttempt(question, 1, 0, False, False), START))
    async with database.transaction() as session:
        repository = QuestionRepository(session)
        assert await repository.concerned(question) == [ada]
        assert not await repository.settled(ada, question)
        await repository.add_dispute(bob, question, START)
        assert await repository.concerned(question) == [ada, bob]
        found = await repository.lock(question)
        assert found is not None
        assert (found[0].id, found[1].id, found[2].owner_id) == (question, sections[0], ada)
        assert await repository.lock(question + 1) is None
    await database.writer.do(attempt(ada, sections[0], NewAttempt(question, 2, 1, True, True), START))
    async with database.reading() as session:
        assert await QuestionRepository(session).settled(ada, question)
