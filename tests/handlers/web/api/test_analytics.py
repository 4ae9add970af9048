"""Figures over a real socket: who gets them, as JSON and as CSV that no spreadsheet takes for a program."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from sqlalchemy import update

from storage.database import Database
from storage.models import Lesson, Section
from tests.handlers.web.api.learning_kit import School, publish, school
from tests.kit.database import database, postgres, sqlite
from tests.kit.school import add_course, add_learner

__all__ = ["database", "postgres", "sqlite"]


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


async def two(web: School) -> tuple[int, int, int, list[int]]:
    """A teacher, a pupil who has done a section and fallen silent, and the course."""
    ada = await add_learner(web.database)
    bob = await add_learner(web.database, 8_000_000_002, "=HYPERLINK(Bob)")
    course, sections = await add_course(web.database, ada, (2,))
    await publish(web.database, course)
    await web.progress.complete_section(bob, sections[0], web.clock.now(), seconds=90)
    web.clock.move(8 * 86_400)
    return ada, bob, course, sections


async def test_a_courses_figures_for_its_owner_and_admins_only(database: Database) -> None:
    async with school(database) as web:
        ada, bob, course, sections = await two(web)
        root = await add_learner(database, 8_000_000_003, "Root", role="admin")
        teacher = await add_learner(database, 8_000_000_004, "Teacher", role="instructor")
        found = await web.get(ada, f"/courses/{course}/analytics")
        assert (found["enrolled"], found["begun"], found["finished"]) == (2, 1, 0)
        assert [(one["section_id"], one["completed"], one["stopped"]) for one in found["sections"]] == [
            (sections[0], 1, 1),
            (sections[1], 0, 1),
        ]
        assert [(one["learner_id"], one["reason"], one["days_silent"]) for one in found["at_risk"]] == [
            (ada, "not_started", 8),
            (bob, "silent", 8),
        ]
        assert await web.get(root, f"/courses/{course}/analytics") == found
        for who in (bob, teacher):
            status, answer = await web.ask(who, "GET", f"/courses/{course}/analytics")
            assert (status, answer["code"]) == (403, "forbidden.not_owner")
        private, _ = await add_course(database, ada)
        for who in (bob, teacher):
            status, answer = await web.ask(who, "GET", f"/courses/{private}/analytics")
            assert (status, answer["code"]) == (404, "not_found.course")


async def test_the_platforms_figures_for_admins_only(sqlite: Database) -> None:
    async with school(sqlite) as web:
        ada, *_ = await two(web)
        root = await add_learner(sqlite, 8_000_000_003, "Root", role="admin")
        assert (await web.ask(ada, "GET", "/analytics/platform"))[0] == 403
        found = await web.get(root, "/analytics/platform")
        assert (found["learners"], found["completions"]) == (3, {"day": 0, "week": 0, "month": 1})
        _, text, _ = await web.whole(root, "GET", "/analytics/platform?format=csv")
        assert table(text) == [
            ["figure", "day", "week", "month"],
            ["active learners", "0", "0", "3"],
            ["completions", "0", "0", "1"],
            ["cost in US dollars", "0.0", "0.0", "0.0"],
        ]
        assert found["cost_usd"] == {"day": 0.0, "week": 0.0, "month": 0.0}


async def test_ones_own_figures(sqlite: Database) -> None:
    async with school(sqlite) as web:
        _, bob, *_ = await two(web)
        found = await web.get(bob, "/analytics/me?days=9")
        assert (found["sections_done"], found["seconds_spent"], len(found["days"])) == (1, 90, 9)
        assert found["days"][0] == {"day": "2026-11-02", "seconds": 90, "sections": 1}
        _, text, headers = await web.whole(bob, "GET", "/analytics/me?days=9&format=csv")
        assert headers["Content-Type"] == "text/csv; charset=utf-8"
        assert table(text)[:2] == [["day", "seconds", "sections"], ["2026-11-02", "90", "1"]]
        assert len(table(text)) == 10
        for wrong in ("days=0", "days=367", "format=xml", "weeks=1"):
            assert (await web.ask(bob, "GET", f"/analytics/me?{wrong}"))[0] == 422


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/csv", "text/csv"),
        ("text/csv, */*;q=0.1", "text/csv"),
        ("text/csv, */*", "text/csv"),
        ("application/json;q=0.5, text/csv", "text/csv"),
        ("application/json, text/csv", "application/json"),
        ("application/json, text/csv;q=0.9", "application/json"),
        ("text/csv;q=0, */*", "application/json"),
        ("text/csv;q=none", "application/json"),
        ("*/*", "application/json"),
        ("", "application/json"),
    ],
)
async def test_csv_for_who_accepts_it(sqlite: Database, accept: str, kind: str) -> None:
    async with school(sqlite) as web:
        ada, _, course, _ = await two(web)
        path = f"/courses/{course}/analytics"
        _, _, headers = await web.whole(ada, "GET", path, headers={"Accept": accept})
        assert headers["Content-Type"].partition(";")[0] == kind
        _, _, headers = await web.whole(ada, "GET", f"{path}?format=json", headers={"Accept": accept})
        assert headers["Content-Type"].partition(";")[0] == "application/json"


async def test_no_cell_is_a_formula(sqlite: Database) -> None:
    async with school(sqlite) as web:
        ada, bob, course, sections = await two(web)
        titles = ["+1+1", '@SUM(1)";\r\n"=1']
        async with sqlite.transaction() as session:
            await session.execute(update(Lesson).values(title="-cmd"))
            for section, title in zip(sections, titles, strict=True):
                await session.execute(update(Section).where(Section.id == section).values(title=title))
        web.progress.library.forget(course)
        rows: dict[str, Any] = {}
        for part in ("sections", "days", "at_risk"):
            _, text, headers = await web.whole(ada, "GET", f"/courses/{course}/analytics?format=csv&part={part}")
            assert headers["Content-Disposition"] == f'attachment; filename="course-{course}-{part}.csv"'
            rows[part] = table(text)
            assert not [cell for row in rows[part] for cell in row if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]
        assert [row[2:4] for row in rows["sections"]] == [
            ["lesson", "title"],
            ["'-cmd", "'+1+1"],
            ["'-cmd", f"'{titles[1]}"],
        ]
        assert rows["days"] == [["day", "completions", "learners", "finished"], ["2026-11-02", "1", "1", "0"]]
        assert [row[:3] for row in rows["at_risk"]][1:] == [
            [str(ada), "Ada", "not_started"],
            [str(bob), "'=HYPERLINK(Bob)", "silent"],
        ]
