"""The peer's database: the same courses as ours, and one progress document per learner and course."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any


def build(database: Path, *, courses: Iterable[dict[str, Any]], learners: int, earlier: int) -> None:
    """`courses` are the bodies of our own answers to ``GET course``, so both serve the same. Each of `learners` has
    `earlier` records in the learning path of each document: what was opened, read and answered before."""
    given = list(courses)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE course (id INTEGER PRIMARY KEY, document TEXT NOT NULL)")
        connection.execute(
            "CREATE TABLE progress (learner INTEGER, course INTEGER, document TEXT NOT NULL,"
            " PRIMARY KEY (learner, course)) WITHOUT ROWID"
        )
        connection.executemany("INSERT INTO course VALUES (?, ?)", ((one["id"], json.dumps(one)) for one in given))
        for course in given:
            path = _path(course, earlier)
            rows = ((one, course["id"], _document(one, course["id"], path)) for one in range(1, learners + 1))
            connection.executemany("INSERT INTO progress VALUES (?, ?, ?)", rows)


def _path(course: dict[str, Any], earlier: int) -> list[dict[str, Any]]:
    sections = [(lesson["id"], section["id"]) for lesson in course["lessons"] for section in lesson["sections"]]
    begun = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
    return [
        {
            "at": (begun + timedelta(seconds=90 * number)).isoformat(),
            "action": "interaction",
            "lesson_id": sections[number % len(sections)][0],
            "section_id": sections[number % len(sections)][1],
            "seconds": 0,
            "interactions": 1,
            "velocity": None,
            "difficulty": "beginner",
        }
        for number in range(earlier)
    ]


def _document(learner: int, course: int, path: list[dict[str, Any]]) -> str:
    at = "2026-01-05T08:00:00.000Z"
    about = {"learner": learner, "course": course, "enrolled_at": at, "last_accessed_at": at}
    return json.dumps({**about, "completed": [], "path": path, "achievements": []}, separators=(",", ":"))
