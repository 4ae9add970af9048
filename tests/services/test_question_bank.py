from __future__ import annotations

import pytest

from services.errors import NotFound
from services.question_bank import QuestionBank
from storage.database import Database
from tests.kit.database import postgres, sqlite
from tests.kit.school import add_course, add_learner, add_questions

__all__ = ["postgres", "sqlite"]


async def test_it_keeps_the_last_sections_used(sqlite: Database) -> None:
    _, sections = await add_course(sqlite, await add_learner(sqlite))
    ids = [(await add_questions(sqlite, section, 1))[0] for section in sections]
    bank = QuestionBank(database=sqlite, most=2)
    for _ in range(2):
        for section, question in zip(sections, ids, strict=True):
            found = await bank.find(question)
            assert (found.section_id, found.key, found.options[1].text) == (section, 1, "Food")
            assert await bank.some(section, [question]) == (found,)
    assert len(bank._sections) == len(bank._homes) == 2


async def test_what_is_not_there(sqlite: Database) -> None:
    _, sections = await add_course(sqlite, await add_learner(sqlite))
    bank = QuestionBank(database=sqlite)
    with pytest.raises(NotFound, match="question"):
        await bank.find(1)
    assert await bank.some(sections[0], [1, 2]) == ()
