from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from storage.database import Database
from storage.models import Dispute, Question
from tests.api.things import course
from tests.api.whole import Answer, Whole, whole
from tests.kit.database import database, postgres
from tests.kit.school import add_questions

__all__ = ["database", "postgres"]
WHY = "is what this is about"


@dataclass
class Desk:
    """A learner with a course whose first section has two questions."""

    web: Whole
    who: int
    ids: dict[str, int]

    @property
    def section(self) -> str:
        return "/courses/{course_id}/lessons/{lesson_id}/sections/{section_id}".format(**self.ids)

    async def read(self) -> dict[str, Any]:
        found: dict[str, Any] = await self.web.good(self.who, "GET", f"{self.section}/questions")
        return found

    async def post(self, question: int, what: str, body: Any = None) -> Answer:
        return await self.web.ask(self.who, "POST", f"{self.section}/questions/{question}/{what}", body)


async def desk(web: Whole) -> Desk:
    who = await web.person()
    ids = await course(web, who)
    await add_questions(web.house.database, ids["section_id"], 1)
    return Desk(web, who, ids)


async def test_answered_in_two_tries_and_explained_then(database: Database) -> None:
    async with whole(database) as web:
        at = await desk(web)
        read = await at.read()
        assert (read["open"], len(read["items"])) == (2, 2)
        first, second = read["items"]
        assert first == {
            "id": first["id"],
            "number": 1,
            "of": 2,
            "prompt": first["prompt"],
            "options": first["options"],
            "tried": [],
            "attempt": 1,
            "hint": None,
            "outcome": "open",
            "chosen": None,
            "right": None,
            "disputed": False,
        }
        wrong, right = first["options"].index("Salt"), first["options"].index("Food")
        again = (await at.post(first["id"], "answer", {"option": wrong, "attempt": 1})).body
        assert again == {**first, "tried": [wrong], "attempt": 2, "hint": "Think of flour."}
        done = (await at.post(first["id"], "answer", {"option": right, "attempt": 2})).body
        reason = {"place": right, "text": "Food", "explanation": f"Food {WHY}."}
        assert done == {
            **first, "tried": [wrong], "attempt": None, "outcome": "right", "chosen": reason, "right": reason
        }  # fmt: skip
        skipped = (await at.post(second["id"], "skip", {"attempt": 1})).body
        assert (skipped["outcome"], skipped["right"]["text"]) == ("skipped", "Food")
        progress = await web.good(at.who, "GET", f"/courses/{at.ids['course_id']}/progress")
        assert progress["questions"] == {"total": 2, "answered": 2, "right_first": 0, "score": 0}


async def test_ten_at_once_are_one_attempt(database: Database) -> None:
    async with whole(database) as web:
        at = await desk(web)
        question = at.ids["question_id"]
        bodies = [{"option": turn % 4, "attempt": 1} for turn in range(10)]
        answers = await asyncio.gather(*(at.post(question, "answer", body) for body in bodies))
        good = [one.body for one in answers if one.status == 200]
        assert 2 <= len(good) <= 3
        assert all(one == good[0] for one in good)
        assert {one.body["code"] for one in answers if one.status != 200} == {"conflict.answered"}
        progress = await web.good(at.who, "GET", f"/courses/{at.ids['course_id']}/progress")
        assert progress["questions"]["answered"] in {0, 1}


async def test_what_there_is_not(database: Database) -> None:
    async with whole(database) as web:
        at, other = await desk(web), await desk(web)
        question = at.ids["question_id"]
        out = await at.post(question, "answer", {"option": 4, "attempt": 1})
        assert (out.status, out.body["faults"][0]["rule"]) == (422, "unknown")
        for body in ({"option": 26, "attempt": 1}, {"option": 0, "attempt": 3}, {"option": 0}, {"option": -1}, {}):
            assert (await at.post(question, "answer", body)).status == 422, body
        bodies: dict[str, Any] = {"answer": {"option": 0, "attempt": 1}, "skip": {"attempt": 1}, "dispute": None}
        for missing in (other.ids["question_id"], 2**62):
            for what, good in bodies.items():
                found = await at.post(missing, what, good)
                assert (found.status, found.body["code"]) == (404, "not_found.question")


async def test_disputed_once_and_voided(database: Database) -> None:
    async with whole(database) as web:
        at = await desk(web)
        question = at.ids["question_id"]
        for _ in range(2):
            found = await at.post(question, "dispute")
            assert (found.status, found.body["disputed"], found.body["outcome"]) == (200, True, "open")
        async with database.transaction() as session:
            assert len((await session.scalars(select(Dispute))).all()) == 1
            await session.execute(
                update(Question).where(Question.id == question).values(voided_at=at.web.house.clock.now())
            )
        answer = await at.post(question, "answer", {"option": 0, "attempt": 1})
        assert (answer.status, answer.body["code"]) == (409, "conflict.voided")
        [voided, _] = (await at.read())["items"]
        assert (voided["outcome"], voided["number"], voided["right"]) == ("voided", 0, None)


async def test_no_answer_of_the_api_depends_on_the_key_before_it_is_settled(database: Database) -> None:
    async with whole(database) as web:
        at = await desk(web)
        lesson = at.section.rpartition("/sections")[0]
        paths = [f"{at.section}/questions", at.section, lesson, f"/courses/{at.ids['course_id']}", "/progress"]
        answers = []
        for key in range(4):
            async with database.transaction() as session:
                await session.execute(update(Question).values(key=key))
            found = json.dumps([await web.good(at.who, "GET", path) for path in paths])
            assert not [secret for secret in (WHY, "Think of flour", '"key"') if secret in found]
            answers.append(re.sub(r'"last_accessed_at": "[^"]+"', "", found))
        assert len(set(answers)) == 1
