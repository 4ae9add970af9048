"""Progress over a real socket: what a completion brings, what is told of what is missing, and reports in batches."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from storage.database import Database
from storage.notes import notes
from tests.handlers.web.api.learning_kit import School, lessons_of, publish, school, unwrite
from tests.kit.database import database, postgres, sqlite
from tests.kit.school import START, add_course, add_learner

__all__ = ["database", "postgres", "sqlite"]

NOWHERE = 2**53


def place(course: int, lesson: int, section: int) -> str:
    return f"/courses/{course}/lessons/{lesson}/sections/{section}/complete"


async def complete(web: School, who: int, course: int, section: int, **body: Any) -> tuple[int, Any]:
    (lesson,) = await lessons_of(web.database, [section])
    return await web.ask(who, "POST", place(course, lesson, section), body)


def item(course: int, lesson: int, section: int, kind: str = "section_completed", **more: Any) -> dict[str, Any]:
    return {"type": kind, "course_id": course, "lesson_id": lesson, "section_id": section, **more}


async def test_a_completion_says_all_that_follows_from_it(database: Database) -> None:
    ada = await add_learner(database)
    course, sections = await add_course(database, ada, (2, 2))
    async with school(database) as web:
        web.clock.move(60)
        status, first = await complete(
            web, ada, course, sections[0], time_spent=300, interactions=4, notes="  Feed it.\r\n"
        )
        assert status == 200, first
        (lesson, *_) = await lessons_of(database, sections)
        at = "2026-11-02T09:01:00Z"
        assert first["completed"] == {
            "course_id": course,
            "lesson_id": lesson,
            "lesson_title": "Lesson 1",
            "section_id": sections[0],
            "section_title": "Section 1.1",
            "completed_at": at,
            "seconds": 300,
        }
        following = {
            "course_id": course,
            "lesson_id": lesson,
            "section_id": sections[1],
            "title": "Section 1.2",
            "minutes": 5,
        }
        assert first["next"] == following
        assert first["progress"] == {
            "course_id": course,
            "title": "Sourdough for everybody",
            "percent": 25,
            "sections_done": 1,
            "sections_total": 4,
            "lessons_done": 0,
            "lessons_total": 2,
            "seconds_spent": 300,
            "remaining": {"low": 12, "high": 20, "own_pace": False},
            "velocity": None,
            "questions": {"total": 0, "answered": 0, "right_first": 0, "score": None},
            "next": following,
            "enrolled_at": "2026-11-02T09:00:00Z",
            "last_accessed_at": at,
        }
        assert first["achievements"] == [{"kind": "quarter", "lesson_id": None, "seconds": 0, "score": None}]
        kept = await database.writer.do(notes(ada, sections[0]))
        assert [note.text for note in kept] == ["Feed it."]
        _, second = await complete(web, ada, course, sections[1], time_spent=100)
        assert [one["kind"] for one in second["achievements"]] == ["lesson", "half"]
        assert second["achievements"][0] == {"kind": "lesson", "lesson_id": lesson, "seconds": 400, "score": None}
        assert second["progress"]["velocity"] == 18.0


async def test_done_before_is_told_with_the_earlier_record(database: Database) -> None:
    ada = await add_learner(database)
    course, sections = await add_course(database, ada)
    async with school(database) as web:
        await complete(web, ada, course, sections[0], time_spent=300)
        web.clock.move(3600)
        status, found = await complete(web, ada, course, sections[0], time_spent=5, notes="again")
        assert (status, found["code"]) == (409, "conflict.completed")
        assert (found["completed_at"], found["seconds"]) == ("2026-11-02T09:00:00+00:00", 300)
        assert await database.writer.do(notes(ada, sections[0])) == ()
        assert (await web.get(ada, f"/courses/{course}/progress"))["seconds_spent"] == 300


async def test_what_is_missing_is_told_apart_only_to_who_may_see_the_course(database: Database) -> None:
    ada, bob = await add_learner(database), await add_learner(database, 8_000_000_002, "Bob")
    course, (first, *rest) = await add_course(database, ada)
    other, (foreign, *_) = await add_course(database, ada)
    await unwrite(database, rest[0])
    (lesson, last, far) = await lessons_of(database, [first, rest[-1], foreign])
    async with school(database) as web:

        async def told(who: int, course: int, lesson: int, section: int) -> tuple[int, str]:
            status, found = await web.ask(who, "POST", place(course, lesson, section), {})
            return status, found["code"]

        for where, what in [
            ((NOWHERE, lesson, first), "course"),
            ((course, NOWHERE, first), "lesson"),
            ((course, far, foreign), "lesson"),
            ((course, last, first), "section"),
            ((course, lesson, NOWHERE), "section"),
            ((course, lesson, rest[0]), "section"),
        ]:
            assert await told(ada, *where) == (404, f"not_found.{what}")
            assert await told(bob, *where) == (404, "not_found.course")
        assert await told(bob, course, lesson, first) == (404, "not_found.course")
        assert (await web.ask(bob, "GET", f"/courses/{course}/progress"))[1]["code"] == "not_found.course"
        await publish(database, other)
        assert await told(bob, other, NOWHERE, foreign) == (404, "not_found.lesson")
        assert (await web.ask(bob, "GET", f"/courses/{other}/progress"))[1]["code"] == "not_found.enrolment"
        status, found = await complete(web, bob, other, foreign)
        assert status == 200
        assert found["progress"]["enrolled_at"] == "2026-11-02T09:00:00Z"
        assert found["completed"]["seconds"] == 30


async def test_an_admin_sees_but_does_not_learn_what_is_private(database: Database) -> None:
    ada, root = await add_learner(database), await add_learner(database, 8_000_000_002, "Root", role="admin")
    course, (first, *_) = await add_course(database, ada)
    async with school(database) as web:
        status, found = await complete(web, root, course, first)
        assert (status, found["code"]) == (403, "forbidden.not_enrolled")
        (lesson,) = await lessons_of(database, [first])
        status, found = await web.ask(root, "POST", "/progress/batch", {"items": [item(course, lesson, first)]})
        assert (status, found["results"][0]["code"]) == (200, "forbidden.not_enrolled")


@pytest.mark.parametrize(
    "body",
    [
        {"time_spent": -1},
        {"time_spent": 86_401},
        {"time_spent": 1.5},
        {"time_spent": "60"},
        {"time_spent": True},
        {"interactions": -1},
        {"interactions": 10**12},
        {"notes": "x" * 4001},
        {"notes": "\u0958" * 3000},
        {"notes": "nul \x00"},
        {"completed_at": "2020-01-01T00:00:00Z"},
        {"learner_id": 1},
        [],
    ],
)
async def test_what_breaks_a_rule_changes_nothing(sqlite: Database, body: Any) -> None:
    ada = await add_learner(sqlite)
    course, (first, *_) = await add_course(sqlite, ada)
    (lesson,) = await lessons_of(sqlite, [first])
    async with school(sqlite) as web:
        status, found = await web.ask(ada, "POST", place(course, lesson, first), body)
        assert (status, found["code"]) == (422, "invalid")
        assert (await web.get(ada, f"/courses/{course}/progress"))["sections_done"] == 0


async def test_a_note_is_kept_without_what_cannot_be_shown(sqlite: Database) -> None:
    ada = await add_learner(sqlite)
    course, sections = await add_course(sqlite, ada)
    async with school(sqlite) as web:
        for section, text in zip(sections, ["Feed \u202eit\x10\r\n\n\n daily ", " \u200b\n", "", None], strict=False):
            assert (await complete(web, ada, course, section, notes=text))[0] == 200
    kept = [[note.text for note in await sqlite.writer.do(notes(ada, section))] for section in sections]
    assert kept == [["Feed it\n\ndaily"], [], [], [], [], []]


async def test_many_at_once_are_all_recorded_once(database: Database) -> None:
    ada = await add_learner(database)
    course, sections = await add_course(database, ada, (4,) * 6)
    lessons = await lessons_of(database, sections)
    async with school(database) as web:
        asked = [
            web.ask(ada, "POST", place(course, lesson, section), {"time_spent": 60})
            for lesson, section in zip(lessons, sections, strict=True)
            for _ in range(2)
        ]
        answers = await asyncio.gather(*asked)
        assert sorted(status for status, _ in answers) == [200] * 24 + [409] * 24
        shown = [found["progress"]["sections_done"] for status, found in answers if status == 200]
        assert sorted(shown) == list(range(1, 25))
        reached = [one["kind"] for status, found in answers if status == 200 for one in found["achievements"]]
        assert sorted(reached) == sorted(["lesson"] * 6 + ["quarter", "half", "three_quarters", "course"])
        whole = await web.get(ada, f"/courses/{course}/progress")
        assert (whole["percent"], whole["seconds_spent"], whole["next"]) == (100, 24 * 60, None)


async def test_a_batch_answers_each_item_for_itself(database: Database) -> None:
    ada, bob = await add_learner(database), await add_learner(database, 8_000_000_002, "Bob")
    course, sections = await add_course(database, ada, (2, 2))
    secret, (hidden, *_) = await add_course(database, bob)
    first, second, third, _ = sections
    lesson, _, other, _ = await lessons_of(database, sections)
    (foreign,) = await lessons_of(database, [hidden])
    async with school(database) as web:
        web.clock.move(7200)
        await complete(web, ada, course, second, time_spent=120)
        now, early = web.clock.now(), START - timedelta(days=1)
        items: list[Any] = [
            item(course, lesson, first, time_spent=200, timestamp=(now - timedelta(hours=1)).isoformat()),
            item(course, lesson, second, time_spent=5),
            item(course, lesson, first),
            item(course, other, third, "time_update", time_spent=90),
            item(course, other, third, "interaction", interactions=3),
            item(course, other, third, timestamp=early.isoformat()),
            item(course, other, third, "time_update", time_spent=0),
            item(course, lesson, third),
            item(course, NOWHERE, third),
            item(secret, foreign, hidden),
            item(secret, NOWHERE, hidden, "time_update", time_spent=5),
            {**item(course, lesson, first), "learner_id": bob},
            item(course, lesson, first, "finished"),
            item(course, lesson, first, timestamp="yesterday"),
            item(course, lesson, first, timestamp=5),
            item(course, lesson, 10**4000),
            "nonsense",
            None,
        ]
        status, found = await web.ask(ada, "POST", "/progress/batch", {"items": items})
        assert status == 200, found
        told = [(one["status"], one["code"]) for one in found["results"]]
        assert told == [
            ("success", None),
            ("already_completed", None),
            ("already_completed", None),
            ("updated", None),
            ("recorded", None),
            ("success", None),
            ("error", "invalid"),
            ("error", "not_found.section"),
            ("error", "not_found.lesson"),
            ("error", "not_found.course"),
            ("error", "not_found.course"),
            *[("error", "invalid")] * 7,
        ]
        results = found["results"]
        assert results[0]["completed_at"] == "2026-11-02T10:00:00Z"
        assert (results[1]["completed_at"], results[1]["seconds"]) == ("2026-11-02T11:00:00Z", 120)
        assert [one["kind"] for one in results[0]["achievements"]] == ["lesson", "half"]
        assert (results[5]["completed_at"], results[5]["seconds"]) == ("2026-11-02T11:00:00Z", 90)
        assert "time_spent" in results[6]["reason"]
        assert all((one["reason"] is None) == (one["status"] != "error") for one in results)
        (progress,) = found["progress"]
        assert (progress["percent"], progress["seconds_spent"]) == (75, 200 + 120 + 90)
        assert progress == await web.get(ada, f"/courses/{course}/progress")


async def test_a_batch_counts_its_items_and_is_refused_whole(sqlite: Database) -> None:
    ada = await add_learner(sqlite)
    course, (first, *_) = await add_course(sqlite, ada)
    (lesson,) = await lessons_of(sqlite, [first])
    one = item(course, lesson, first, "time_update", time_spent=10)
    async with school(sqlite) as web:
        status, _, headers = await web.whole(ada, "POST", "/progress/batch", {"items": [one] * 60})
        assert (status, headers["RateLimit-Limit"], headers["RateLimit-Remaining"]) == (200, "100", "40")
        status, found, headers = await web.whole(ada, "POST", "/progress/batch", {"items": [one] * 41})
        assert (status, found["code"]) == (429, "limit_reached.progress")
        assert (await web.ask(ada, "POST", "/progress/batch", {"items": [one] * 40}))[0] == 200
        assert (await complete(web, ada, course, first))[0] == 429
        assert (await web.get(ada, f"/courses/{course}/progress"))["seconds_spent"] == 1000
        web.clock.move(int(headers["Retry-After"]))
        assert (await complete(web, ada, course, first))[0] == 200


@pytest.mark.parametrize("items", [[], [{}] * 101, {}, None])
async def test_a_batch_has_one_to_a_hundred_items(sqlite: Database, items: Any) -> None:
    ada = await add_learner(sqlite)
    async with school(sqlite) as web:
        status, _ = await web.ask(ada, "POST", "/progress/batch", {"items": items})
        assert status == 422
        assert (await web.ask(ada, "POST", "/progress/batch", {"items": [{}] * 100}))[0] == 200


async def test_a_batch_enrols_whoever_may_see_the_course(database: Database) -> None:
    ada, bob = await add_learner(database), await add_learner(database, 8_000_000_002, "Bob")
    course, sections = await add_course(database, ada, (2,))
    await publish(database, course)
    (lesson, _) = await lessons_of(database, sections)
    async with school(database) as web:
        web.clock.move(100)
        items = [item(course, lesson, one, timestamp=START.isoformat()) for one in sections]
        _, found = await web.ask(bob, "POST", "/progress/batch", {"items": items})
        assert [one["completed_at"] for one in found["results"]] == ["2026-11-02T09:01:40Z"] * 2
        assert [one["kind"] for one in found["results"][1]["achievements"]] == ["lesson", "course"]
        assert found["progress"][0]["enrolled_at"] == "2026-11-02T09:01:40Z"


async def test_reading_back_a_lesson_and_the_time(database: Database) -> None:
    ada = await add_learner(database)
    course, (first, second, third, _) = await add_course(database, ada, (2, 2))
    lesson, other = await lessons_of(database, [first, third])
    async with school(database) as web:
        items = [
            item(course, lesson, first, time_spent=100, interactions=2),
            item(course, lesson, first, "interaction", interactions=5),
            item(course, lesson, first, "time_update", time_spent=70),
            item(course, lesson, second, "time_update", time_spent=40),
            item(course, other, third, "interaction"),
        ]
        await web.ask(ada, "POST", "/progress/batch", {"items": items})
        found = await web.get(ada, f"/courses/{course}/lessons/{lesson}/progress")
        assert [(one["seconds"], one["interactions"]) for one in found["sections"]] == [(100, 7), (40, 0)]
        assert (found["percent"], found["sections_done"], found["completed_at"]) == (50, 1, None)
        assert found["enrolled_at"] == found["last_accessed_at"] == "2026-11-02T09:00:00Z"
        time = await web.get(ada, f"/courses/{course}/progress/time")
        assert (time["seconds_spent"], time["interactions"]) == (140, 8)
        assert time["seconds_spent"] == (await web.get(ada, f"/courses/{course}/progress"))["seconds_spent"]
        assert time["lessons"][0] == found
        web.clock.move(5)
        await complete(web, ada, course, second, time_spent=30)
        found = await web.get(ada, f"/courses/{course}/lessons/{lesson}/progress")
        assert (found["percent"], found["completed_at"]) == (100, "2026-11-02T09:00:05Z")
        status, missing = await web.ask(ada, "GET", f"/courses/{course}/lessons/{NOWHERE}/progress")
        assert (status, missing["code"]) == (404, "not_found.lesson")


async def test_the_learning_path_in_pages(database: Database) -> None:
    ada = await add_learner(database)
    course, (first, second, third, _) = await add_course(database, ada, (2, 2))
    lesson, other = await lessons_of(database, [first, third])
    async with school(database) as web:
        web.clock.move(60)
        await web.progress.open_section(ada, first, web.clock.now())
        web.clock.move(120.123)
        await complete(web, ada, course, first, notes="Feed it")
        web.clock.move(60)
        items = [
            item(course, lesson, second, "interaction", interactions=2),
            item(course, lesson, second, time_spent=240),
            item(course, other, third, "time_update", time_spent=33),
        ]
        await web.ask(ada, "POST", "/progress/batch", {"items": items})
        whole = await web.get(ada, f"/courses/{course}/progress/path?limit=100")
        assert whole["next_cursor"] is None
        steps = [(one["action"], one["section_id"], one["seconds"], one["interactions"]) for one in whole["items"]]
        assert steps == [
            ("enrolled", None, 0, 0),
            ("opened", first, 0, 0),
            ("completed", first, 120, 0),
            ("note", first, 0, 0),
            ("opened", third, 0, 0),
            ("completed", second, 240, 0),
            ("interaction", second, 0, 2),
            ("time", third, 33, 0),
        ]
        assert [one["velocity"] for one in whole["items"]] == [None] * 4 + [20.0] * 4
        assert {one["difficulty"] for one in whole["items"]} == {"beginner"}
        assert whole["items"][2]["lesson_id"] == lesson
        for size in (1, 3):
            pages, cursor = [], ""
            for _ in range(10):
                page = await web.get(ada, f"/courses/{course}/progress/path?limit={size}{cursor}")
                pages += page["items"]
                assert len(page["items"]) <= size
                if page["next_cursor"] is None:
                    break
                cursor = f"&cursor={page['next_cursor']}"
            assert pages == whole["items"]


async def test_achievements_tell_when_they_were_reached(database: Database) -> None:
    ada = await add_learner(database)
    course, sections = await add_course(database, ada, (1, 1))
    async with school(database) as web:
        assert await web.get(ada, f"/courses/{course}/progress/achievements") == {"items": []}
        for section in sections:
            web.clock.move(100)
            await complete(web, ada, course, section, time_spent=50)
        found = await web.get(ada, f"/courses/{course}/progress/achievements")
        lessons = await lessons_of(database, sections)
        assert [(one["kind"], one["lesson_id"], one["seconds"], one["at"][11:19]) for one in found["items"]] == [
            ("lesson", lessons[0], 50, "09:01:40"),
            ("quarter", None, 0, "09:01:40"),
            ("half", None, 0, "09:01:40"),
            ("lesson", lessons[1], 50, "09:03:20"),
            ("course", None, 100, "09:03:20"),
        ]


async def test_all_courses_in_pages_and_what_is_next(database: Database) -> None:
    ada, bob = await add_learner(database), await add_learner(database, 8_000_000_002, "Bob")
    async with school(database) as web:
        assert await web.get(ada, "/progress/next") == {"next": None, "course_title": None, "begun": False}
        made = [await add_course(database, ada, (1,)) for _ in range(3)]
        await add_course(database, bob)
        page = await web.get(ada, "/progress?limit=2")
        rest = await web.get(ada, f"/progress?limit=2&cursor={page['next_cursor']}")
        assert [one["course_id"] for one in page["items"] + rest["items"]] == [course for course, _ in made]
        assert rest["next_cursor"] is None
        assert page["items"][0] == await web.get(ada, f"/courses/{made[0][0]}/progress")
        web.clock.move(10)
        await web.progress.open_section(ada, made[1][1][0], web.clock.now())
        found = await web.get(ada, "/progress/next")
        assert (found["next"]["section_id"], found["begun"]) == (made[1][1][0], False)
        await complete(web, ada, made[1][0], made[1][1][0])
        assert (await web.get(ada, "/progress/next"))["next"]["course_id"] == made[2][0]
