"""The report over a real socket: whose it is, what it says, and what it never says."""

from __future__ import annotations

import json

from sqlalchemy import update

from storage.database import Database
from storage.models import Section
from tests.handlers.web.api.learning_kit import publish, school
from tests.kit.database import postgres, sqlite
from tests.kit.school import add_course, add_learner
from tests.services.test_checking import add_question

__all__ = ["postgres", "sqlite"]


async def test_for_the_owner_and_admins_only(sqlite: Database) -> None:
    async with school(sqlite) as web:
        ada = await add_learner(sqlite)
        bob = await add_learner(sqlite, 8_000_000_002, "Bob")
        root = await add_learner(sqlite, 8_000_000_003, "Root", role="admin")
        private, _ = await add_course(sqlite, ada)
        course, _ = await add_course(sqlite, ada)
        await publish(sqlite, course)
        for one in (private, course):
            assert (await web.get(ada, f"/courses/{one}/quality"))["course_id"] == one
            assert (await web.get(root, f"/courses/{one}/quality"))["course_id"] == one
        status, answer = await web.ask(bob, "GET", f"/courses/{course}/quality")
        assert (status, answer["code"]) == (403, "forbidden.not_owner")
        status, answer = await web.ask(bob, "GET", f"/courses/{private}/quality")
        assert (status, answer["code"]) == (404, "not_found.course")
        status, answer = await web.ask(ada, "GET", "/courses/987654/quality")
        assert (status, answer["code"]) == (404, "not_found.course")


async def test_what_it_says(sqlite: Database) -> None:
    async with school(sqlite) as web:
        ada = await add_learner(sqlite)
        course, sections = await add_course(sqlite, ada)
        async with sqlite.transaction() as session:
            broken = update(Section).where(Section.id == sections[0])
            await session.execute(broken.values(body="Flour and water come alive. " * 8 + "\n\n✅"))
        found = await web.get(ada, f"/courses/{course}/quality")
        assert (found["sections"], found["written"], found["mended"]) == (6, 6, 0)
        assert [one["number"] for one in found["rules"]] == list(range(1, 22))
        rules = {one["rule"]: one for one in found["rules"]}
        assert rules["grounding"]["status"] == rules["safety"]["status"] == "not_checked"
        assert rules["structure"] == {
            "number": 1, "rule": "structure", "weight": "error", "status": "passed", "findings": [], "mended": [],
        }  # fmt: skip
        assert {
            "path": "lessons.0.sections.0.body", "found": "“✅” alone (line 3)", "expected": "words beside the sign",
            "severity": "error", "outcome": "open",
        } in rules["accessible"]["findings"]  # fmt: skip
        assert found["passed"] == sum(one["status"] == "passed" for one in found["rules"])
        assert found["to_look_at"] == sum(len(one["findings"]) for one in found["rules"])


async def test_the_right_answer_is_not_in_it(sqlite: Database) -> None:
    async with school(sqlite) as web:
        ada = await add_learner(sqlite)
        answers = set()
        for key in range(3):
            course, sections = await add_course(sqlite, ada)
            texts = ["short one here", "brief one here", "small one here"]
            texts[key] = "long and easily told apart from every other of them"
            options = [{"text": text, "explanation": f"The text says so of {text}"} for text in texts]
            await add_question(sqlite, sections[0], options=options, key=key)
            found = await web.get(ada, f"/courses/{course}/quality")
            (tells,) = [one for one in found["rules"] if one["rule"] == "length_tells"]
            assert [one["path"] for one in tells["findings"]] == ["lessons.0.sections.0.questions.0.options"]
            answers.add(json.dumps(tells))
        assert len(answers) == 1, "whichever option is right, the report says the same"
