from __future__ import annotations

import asyncio
import json
from typing import Any

from sqlalchemy import update

from storage.database import Database
from storage.models import Lesson, Question, Section
from tests.handlers.web.api.course_kit import BODY, School, school
from tests.kit.author import order
from tests.kit.database import database, postgres, sqlite

__all__ = ["database", "postgres", "sqlite"]
OTHER = "A dough tells by its dome when it is ready, and by its smell when it is too late for that. " * 2


async def generated(at: School, who: int, language: str = "en") -> dict[str, Any]:
    """A course by the scripted author, as it is read."""
    wish = order(language=language)
    view = await at.house.courses.request(await at.house.learners.get(who), wish, key="k")
    await at.house.ended(view.id)
    found: dict[str, Any] = await at.good(who, "GET", f"/courses/{view.course_id}")
    return found


def paths(course: dict[str, Any], lesson: int = 0, section: int = 0) -> tuple[str, str]:
    """Where a lesson and a section of it are."""
    found = course["lessons"][lesson]
    one = f"/courses/{course['id']}/lessons/{found['id']}"
    return one, f"{one}/sections/{found['sections'][section]['id']}"


async def test_where_a_quote_stands_is_said_in_the_language_of_the_course(sqlite: Database) -> None:
    async with school(sqlite) as at:
        ada = await at.person()
        course = await generated(at, ada, language="ru")
        for path in paths(course):
            found = await at.good(ada, "GET", path)
            quoted = found["citations"] if "citations" in found else found["sections"][0]["citations"]
            assert (quoted[0]["place"], quoted[0]["page"]) == ("страница 1", 1)
        assert course["lessons"][0]["sections"][0]["citations"] == quoted
        edited = await at.ask(ada, "PATCH", paths(course)[1], {"title": "Another name for it"})
        assert edited.body["citations"] == quoted


async def test_a_lesson_is_read_with_everything_but_the_keys(database: Database) -> None:
    async with school(database) as at:
        ada = await at.person()
        course = await generated(at, ada)
        answer = await at.ask(ada, "GET", paths(course, 1)[0])
        lesson, ids = answer.body, [one["id"] for one in course["lessons"]]
        assert (lesson["course_id"], lesson["previous"]["id"], lesson["next"]["id"]) == (course["id"], ids[0], ids[2])
        section = lesson["sections"][0]
        assert section["body"].startswith("This is section 0 of lesson 1.")
        quoted = {"passage": "p1", "quote": "Flour and water", "place": "page 1", "page": 1}
        assert section["citations"] == [quoted]
        assert section["question_count"] == len(section["questions"]) == 2
        question = section["questions"][0]
        assert set(question) == {"id", "prompt", "options"}
        assert sorted(question["options"]) == [f"option {letter}" for letter in "ABCD"]
        assert b"because" not in answer.raw
        assert b"think" not in answer.raw
        assert (await at.good(ada, "GET", paths(course, 0)[0]))["previous"] is None
        assert (await at.good(ada, "GET", paths(course, 2)[0]))["next"] is None


async def test_options_are_shuffled_for_each_reader_and_always_the_same_way(sqlite: Database) -> None:
    async with school(sqlite) as at:
        ada, bob = await at.person(), await at.person()
        course = await generated(at, ada)
        await at.good(ada, "POST", f"/courses/{course['id']}/publish")
        shown = [[await options(at, who, course) for _ in range(2)] for who in (ada, bob, None)]
        assert all(first == second for first, second in shown)
        assert len({str(first) for first, _ in shown}) == 3
        for first, _ in shown:
            assert len(set(first)) > 3
            assert all(sorted(one) == [f"option {letter}" for letter in "ABCD"] for one in first)


async def options(at: School, who: int | None, course: dict[str, Any]) -> list[tuple[str, ...]]:
    """The options of all questions of a course as somebody sees them."""
    lessons = [json.loads((await at.ask(who, "GET", paths(course, n)[0])).raw) for n in range(3)]
    sections = [section for lesson in lessons for section in lesson["sections"]]
    return [tuple(question["options"]) for section in sections for question in section["questions"]]


async def test_a_voided_question_is_not_asked(sqlite: Database) -> None:
    async with school(sqlite) as at:
        ada = await at.person()
        course = await generated(at, ada)
        section = course["lessons"][0]["sections"][0]["id"]
        async with sqlite.transaction() as session:
            query = update(Question).where(Question.section_id == section, Question.position == 0)
            await session.execute(query.values(voided_at=at.house.clock.now()))
        found = await at.good(ada, "GET", paths(course)[1])
        assert [one["prompt"] for one in found["questions"]] == ["Question 1?"]


async def test_sections_lead_from_one_to_the_next(sqlite: Database) -> None:
    async with school(sqlite) as at:
        ada = await at.person()
        course = await at.course(ada)
        found, walked = await at.good(ada, "GET", paths(course)[1]), []
        assert found["previous"] is None
        while found["next"]:
            walked.append(found["id"])
            near = found["next"]
            one = f"/courses/{course['id']}/lessons/{near['lesson_id']}/sections/{near['id']}"
            before, found = found, await at.good(ada, "GET", one)
            assert (found["previous"]["id"], found["lesson_id"]) == (before["id"], near["lesson_id"])
        walked.append(found["id"])
        assert walked == [one["id"] for lesson in course["lessons"] for one in lesson["sections"]]


async def test_what_is_missing_is_told_apart_for_whoever_may_see_the_course(sqlite: Database) -> None:
    async with school(sqlite) as at:
        ada, bob = await at.person(), await at.person()
        course, other = await at.course(ada), await at.course(ada)
        lesson, section = paths(course)
        there = section.removeprefix(f"{lesson}/sections/")
        wrong = {
            "/courses/999/lessons/1": "course",
            f"/courses/{course['id']}/lessons/999999": "lesson",
            f"/courses/{course['id']}/lessons/{other['lessons'][0]['id']}": "lesson",
            f"/courses/{course['id']}/lessons/999999/sections/{there}": "lesson",
            f"{lesson}/sections/999999": "section",
            f"{paths(course, 1)[0]}/sections/{there}": "section",
        }
        for path, what in wrong.items():
            answer = await at.ask(ada, "GET", path)
            assert (answer.status, answer.body["code"]) == (404, f"not_found.{what}"), path
            assert (await at.ask(bob, "GET", path)).body["code"] == "not_found.course"
            assert (await at.ask(None, "GET", path)).body["code"] == "not_found.course"
            if "/sections/" in path:
                edit = await at.ask(ada, "PATCH", path, {"title": "Another title"})
                assert edit.body["code"] == f"not_found.{what}"
                assert (await at.ask(bob, "PATCH", path, {"title": "Other"})).body["code"] == "not_found.course"


async def test_lessons_are_put_in_another_order(database: Database) -> None:
    async with school(database) as at:
        ada, bob = await at.person(), await at.person()
        course = await at.published(ada)
        one, ids = f"/courses/{course['id']}", [lesson["id"] for lesson in course["lessons"]]
        turned = [ids[2], ids[0], ids[1]]
        found = await at.good(ada, "PUT", f"{one}/lessons/order", {"lesson_ids": turned})
        assert [lesson["id"] for lesson in found["lessons"]] == turned
        again = await at.good(bob, "GET", one)
        assert [(lesson["id"], lesson["position"]) for lesson in again["lessons"]] == [
            (one, place) for place, one in enumerate(turned)
        ]
        for wrong in ([*ids, ids[0]], [ids[0], ids[0], ids[1]], []):
            answer = await at.ask(ada, "PUT", f"{one}/lessons/order", {"lesson_ids": wrong})
            assert (answer.status, answer.body["faults"][0]["field"]) == (422, "lesson_ids")
        for wrong in (ids[:2], [*ids, 999], [1, 2, 999]):
            answer = await at.ask(ada, "PUT", f"{one}/lessons/order", {"lesson_ids": wrong})
            assert answer.body["code"] == "conflict.other_lessons"
        assert (await at.ask(bob, "PUT", f"{one}/lessons/order", {"lesson_ids": ids})).status == 403
        assert await at.good(bob, "GET", one) == again


async def test_an_edited_section_is_a_new_version_and_stays_completed(database: Database) -> None:
    async with school(database) as at:
        ada, bob = await at.person(), await at.person()
        course = await at.published(ada)
        section, progress = paths(course)[1], at.services.progress
        assert progress is not None
        done = course["lessons"][0]["sections"][0]["id"]
        await progress.complete_section(bob, done, at.house.clock.now(), seconds=60)
        tag = (await at.ask(bob, "GET", f"/courses/{course['id']}")).headers["ETag"]
        edited = await at.good(ada, "PATCH", section, {"title": "The dome", "body": OTHER + "\r\n", "version": 1})
        assert (edited["id"], edited["version"], edited["title"], edited["body"]) == (
            done,
            2,
            "The dome",
            OTHER.rstrip(),
        )
        assert (await at.good(bob, "GET", section))["body"] == OTHER.rstrip()
        fresh = await at.ask(bob, "GET", f"/courses/{course['id']}?include=progress")
        assert fresh.body["progress"]["sections_done"] == 1
        known = await at.ask(bob, "GET", f"/courses/{course['id']}", headers={"If-None-Match": tag})
        assert (known.status, known.body["lessons"][0]["sections"][0]["version"]) == (200, 2)
        await at.good(ada, "PATCH", section, {"title": "Dome and smell"})
        kept = (await at.good(ada, "GET", f"{section}/versions"))["items"]
        assert [(one["version"], one["title"]) for one in kept] == [(2, "The dome"), (1, "Section 0")]
        assert kept[1]["body"] == f"{BODY}0"
        assert (await at.ask(bob, "GET", f"{section}/versions")).status == 403
        assert (await at.ask(bob, "PATCH", section, {"title": "Mine now"})).status == 403


async def test_of_two_who_edit_the_same_version_one_is_told(database: Database) -> None:
    async with school(database) as at:
        ada = await at.person()
        section = paths(await at.course(ada))[1]
        edits = ({"body": f"{OTHER}{number}", "version": 1} for number in range(6))
        answers = await asyncio.gather(*(at.ask(ada, "PATCH", section, edit) for edit in edits))
        assert sorted(answer.status for answer in answers) == [200, 409, 409, 409, 409, 409]
        refused = next(answer for answer in answers if answer.status == 409)
        assert refused.body["code"] == "conflict.newer_version"
        assert (await at.good(ada, "GET", section))["version"] == 2
        assert len((await at.good(ada, "GET", f"{section}/versions"))["items"]) == 1


async def test_what_a_section_may_not_be(sqlite: Database) -> None:
    async with school(sqlite) as at:
        ada = await at.person()
        section = paths(await at.course(ada))[1]
        wrong: list[dict[str, Any]] = [
            {},
            {"version": 1},
            {"body": "short"},
            {"body": "x" * 20_001},
            {"body": OTHER + "<iframe src=x>"},
            {"title": None},
            {"id": 5},
            {"body": OTHER + "\0"},
            {"title": "Fine", "position": 3},
        ]
        for body in wrong:
            assert (await at.ask(ada, "PATCH", section, body)).status == 422, body
        assert (await at.good(ada, "GET", section))["version"] == 1


async def test_a_section_that_failed_can_be_written_by_hand(sqlite: Database) -> None:
    async with school(sqlite) as at:
        ada = await at.person()
        course = await at.course(ada)
        lesson, section = course["lessons"][0], paths(course)[1]
        async with sqlite.transaction() as session:
            here = Section.id == lesson["sections"][0]["id"]
            await session.execute(update(Section).where(here).values(body="", version=0))
            failed = update(Lesson).where(Lesson.id == lesson["id"]).values(state="failed", failure="truncated")
            await session.execute(failed)
        at.house.library.forget(course["id"])
        assert (await at.good(ada, "GET", f"/courses/{course['id']}"))["percent_ready"] == 83
        assert (await at.ask(ada, "PATCH", section, {"title": "Only a title"})).status == 422
        assert (await at.good(ada, "PATCH", section, {"body": OTHER}))["version"] == 1
        found = await at.good(ada, "GET", paths(course)[0])
        assert (found["state"], found["failure"]) == ("ready", None)
        assert (await at.good(ada, "GET", f"{section}/versions"))["items"] == []


async def test_what_is_being_made_is_left_alone(sqlite: Database) -> None:
    async with school(sqlite) as at:
        at.house.author.hold = lambda lesson, section: asyncio.get_running_loop().create_future()
        ada = await at.person()
        view = await at.house.courses.request(await at.house.learners.get(ada), order(), key="k")
        await at.house.until(view.id, lambda one: one.planned)
        course = await at.good(ada, "GET", f"/courses/{view.course_id}")
        ids = [lesson["id"] for lesson in course["lessons"]]
        turn = await at.ask(ada, "PUT", f"/courses/{course['id']}/lessons/order", {"lesson_ids": ids[::-1]})
        edit = await at.ask(ada, "PATCH", paths(course)[1], {"body": OTHER})
        assert [turn.body["code"], edit.body["code"]] == ["conflict.being_made"] * 2
        await at.good(ada, "DELETE", f"/courses/{course['id']}")
        await at.house.idle()
