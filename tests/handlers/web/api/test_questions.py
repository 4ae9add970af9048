"""Questions by hand: written, changed, read with their keys by whoever may, and brought back with their section."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest
from sqlalchemy import select, update

from storage.database import Database
from storage.models import Question, SectionVersion
from tests.handlers.web.api.course_kit import School, outline, question, school
from tests.kit.database import database, postgres, sqlite

__all__ = ["database", "postgres", "sqlite"]


def asked(**changes: Any) -> dict[str, Any]:
    """A course whose every section has a question of its own, the first section two."""
    made: dict[str, Any] = json.loads(json.dumps(outline(**changes)))
    for lesson in made["lessons"]:
        for section in lesson["sections"]:
            section["questions"] = [question(prompt=f"What is in {lesson['title']}, {section['title']}?")]
    made["lessons"][0]["sections"][0]["questions"].append(question(prompt="And what else is there?", hint=""))
    return made


async def written(at: School, who: int, *, published: bool = False) -> tuple[dict[str, Any], str]:
    """The course, as it is read, and where its first section is."""
    made = await at.good(who, "POST", "/courses", asked())
    if published:
        await at.good(who, "POST", f"/courses/{made['id']}/publish")
    course = await at.good(who, "GET", f"/courses/{made['id']}")
    lesson = course["lessons"][0]
    return course, f"/courses/{course['id']}/lessons/{lesson['id']}/sections/{lesson['sections'][0]['id']}"


def without_ids(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [{name: value for name, value in one.items() if name != "id"} for one in found["items"]]


async def test_questions_come_with_a_course_and_their_keys_are_the_owners(database: Database) -> None:
    async with school(database) as at:
        ada, bob, root = await at.person(), await at.person(), await at.person("admin")
        course, section = await written(at, ada, published=True)
        assert [one["question_count"] for lesson in course["lessons"] for one in lesson["sections"]] == [
            2,
            1,
            1,
            1,
            1,
            1,
        ]
        shown = await at.ask(bob, "GET", section)
        assert [one["prompt"] for one in shown.body["questions"]] == [
            "What is in Lesson 0, Section 0?",
            "And what else is there?",
        ]
        assert sorted(shown.body["questions"][0]["options"]) == ["Option A", "Option B", "Option C"]
        for secret in (b"Because", b"Smell", b'"key"'):
            assert secret not in shown.raw
        assert without_ids(await at.good(ada, "GET", f"{section}/questions")) == [
            question(prompt="What is in Lesson 0, Section 0?"),
            question(prompt="And what else is there?", hint=""),
        ]
        assert (await at.ask(bob, "GET", f"{section}/questions")).body["code"] == "forbidden.not_owner"
        assert (await at.ask(None, "GET", f"{section}/questions")).status == 401
        assert len((await at.good(root, "GET", f"{section}/questions"))["items"]) == 2


async def test_a_minute_is_counted_for_what_is_to_be_answered(sqlite: Database) -> None:
    async with school(sqlite) as at:
        ada = await at.person()
        course, section = await written(at, ada)
        assert [one["minutes"] for one in course["lessons"][0]["sections"]] == [2, 1]
        await at.good(ada, "PATCH", section, {"questions": []})
        assert (await at.good(ada, "GET", section))["minutes"] == 1


async def test_a_question_that_stays_keeps_its_id_and_its_order(database: Database) -> None:
    async with school(database) as at:
        ada = await at.person()
        _, section = await written(at, ada)
        first, second = (await at.good(ada, "GET", section))["questions"]
        kept = question(prompt=second["prompt"], hint="")
        changed = question(prompt=first["prompt"], key=2)
        edited = await at.good(ada, "PATCH", section, {"questions": [kept, changed], "version": 1})
        assert (edited["version"], edited["question_count"]) == (2, 2)
        now = (await at.good(ada, "GET", section))["questions"]
        assert [one["id"] == second["id"] for one in now] == [True, False]
        assert now[0] == second
        assert now[1]["id"] != first["id"]
        async with database.reading() as session:
            old = await session.get_one(Question, first["id"])
            assert (old.key, old.voided_at is not None) == (1, True)
        assert without_ids(await at.good(ada, "GET", f"{section}/questions")) == [kept, changed]
        await at.good(ada, "PATCH", section, {"title": "Only a title"})
        assert (await at.good(ada, "GET", section))["questions"] == now


async def test_a_question_that_was_found_wrong_does_not_come_back_by_being_said_again(sqlite: Database) -> None:
    async with school(sqlite) as at:
        ada = await at.person()
        _, section = await written(at, ada)
        first, second = (await at.good(ada, "GET", section))["questions"]
        async with sqlite.transaction() as session:
            await session.execute(
                update(Question).where(Question.id == first["id"]).values(voided_at=at.house.clock.now())
            )
        again = [question(prompt=first["prompt"]), question(prompt=second["prompt"], hint="")]
        await at.good(ada, "PATCH", section, {"questions": again})
        now = (await at.good(ada, "GET", section))["questions"]
        assert now[0]["id"] not in {first["id"], second["id"]}
        assert now[1]["id"] == second["id"]


async def test_an_earlier_version_comes_back_whole(database: Database) -> None:
    async with school(database) as at:
        ada, bob = await at.person(), await at.person()
        course, section = await written(at, ada, published=True)
        before, progress = await at.good(ada, "GET", section), at.services.progress
        assert progress is not None
        await progress.complete_section(bob, before["id"], at.house.clock.now(), seconds=60)
        await at.good(ada, "PATCH", section, {"title": "Another", "body": "Other words. " * 20, "questions": []})
        versions = (await at.good(ada, "GET", f"{section}/versions"))["items"]
        assert [(one["version"], len(one["questions"])) for one in versions] == [(1, 2)]
        assert versions[0]["questions"][0] == question(prompt="What is in Lesson 0, Section 0?")
        back = await at.good(ada, "POST", f"{section}/versions/1/restore")
        assert (back["version"], back["title"], back["body"], back["minutes"]) == (
            3,
            before["title"],
            before["body"],
            before["minutes"],
        )
        found = await at.good(bob, "GET", section)
        assert [one["prompt"] for one in found["questions"]] == [one["prompt"] for one in before["questions"]]
        fresh = await at.good(bob, "GET", f"/courses/{course['id']}?include=progress")
        assert fresh["progress"]["sections_done"] == 1
        versions = (await at.good(ada, "GET", f"{section}/versions"))["items"]
        assert (versions[0]["version"], versions[0]["title"], versions[0]["questions"]) == (2, "Another", [])
        for who, version, status in ((ada, 3, 404), (ada, 0, 404), (ada, 99, 404), (bob, 1, 403)):
            assert (await at.ask(who, "POST", f"{section}/versions/{version}/restore")).status == status
        assert (await at.ask(ada, "POST", f"{section}/versions/3/restore")).body["code"] == "not_found.version"


async def test_a_version_from_before_questions_were_kept_leaves_them_as_they_are(sqlite: Database) -> None:
    async with school(sqlite) as at:
        ada = await at.person()
        _, section = await written(at, ada)
        await at.good(ada, "PATCH", section, {"title": "Another"})
        async with sqlite.transaction() as session:
            await session.execute(update(SectionVersion).values(questions=None))
        assert (await at.good(ada, "GET", f"{section}/versions"))["items"][0]["questions"] is None
        asked_before = (await at.good(ada, "GET", section))["questions"]
        back = await at.good(ada, "POST", f"{section}/versions/1/restore")
        assert (back["title"], back["question_count"], back["minutes"]) == ("Section 0", 2, 2)
        assert (await at.good(ada, "GET", section))["questions"] == asked_before


async def test_of_those_who_change_the_questions_at_the_same_time_one_is_told(database: Database) -> None:
    async with school(database) as at:
        ada = await at.person()
        _, section = await written(at, ada)
        edits = ({"questions": [question(key=number % 3)], "version": 1} for number in range(6))
        answers = await asyncio.gather(*(at.ask(ada, "PATCH", section, edit) for edit in edits))
        assert sorted(one.status for one in answers) == [200, 409, 409, 409, 409, 409]
        assert len((await at.good(ada, "GET", f"{section}/questions"))["items"]) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (question(key=3), "key"),
        (question(key="1"), "key"),
        (question(key=True), "key"),
        (question(prompt=""), "prompt"),
        (question(options=question()["options"][:1]), "options"),
        (question(options=[*question()["options"]] * 2), "options"),
        (question(options=[{"text": "a"}, {"text": "b"}]), "explanation"),
        (question(hint="\0"), "hint"),
        (question(id=1), "id"),
        (question(voided_at=None), "voided_at"),
        (question(seed=1), "seed"),
    ],
)
async def test_a_faulty_question_is_named_and_nothing_is_changed(
    sqlite: Database, wrong: dict[str, Any], field: str
) -> None:
    async with school(sqlite) as at:
        ada = await at.person()
        course, section = await written(at, ada)
        answer = await at.ask(ada, "PATCH", section, {"title": "Another", "questions": [wrong]})
        assert answer.status == 422
        assert re.match(rf"questions\[0\]\..*{field}", answer.body["faults"][0]["field"])
        made = asked()
        made["lessons"][1]["sections"][1]["questions"] = [wrong]
        answer = await at.ask(ada, "POST", "/courses", made)
        where = r"lessons\[1\]\.sections\[1\]\.questions\[0\]\."
        assert re.match(f"{where}.*{field}", answer.body["faults"][0]["field"])
        assert (await at.good(ada, "GET", section))["version"] == 1
        async with sqlite.reading() as session:
            rows = (await session.scalars(select(Question).where(Question.voided_at.is_(None)))).all()
        assert len(rows) == 7
        assert (await at.good(ada, "GET", "/courses"))["items"][0]["id"] == course["id"]


async def test_a_copy_has_the_questions_and_is_changed_by_itself(sqlite: Database) -> None:
    async with school(sqlite) as at:
        ada, bob = await at.person(), await at.person()
        course, section = await written(at, ada, published=True)
        copy = await at.good(bob, "POST", f"/courses/{course['id']}/duplicate")
        found = await at.good(bob, "GET", f"/courses/{copy['id']}")
        lesson = found["lessons"][0]
        other = f"/courses/{copy['id']}/lessons/{lesson['id']}/sections/{lesson['sections'][0]['id']}"
        both = [
            without_ids(await at.good(who, "GET", f"{one}/questions")) for who, one in ((ada, section), (bob, other))
        ]
        assert both[0] == both[1]
        await at.good(bob, "PATCH", other, {"questions": []})
        assert len((await at.good(ada, "GET", f"{section}/questions"))["items"]) == 2
