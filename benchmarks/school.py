"""A data folder full of learners who are in the middle of courses, for Lectern to start on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from handlers.chat.buttons import MarkDone, encode
from storage.database import Database
from storage.migrate import migrate
from storage.models import Base, Completion, Course, Enrolment, Learner, LearningEvent, Lesson, Reading, Section

FIRST_PERSON = 7_000_000_001
LESSONS, SECTIONS = 6, 3  # of every course here
_BODY = "Wild yeast and its company live in every handful of flour, and wait there for water and warmth.\n\n" * 15

Rows = list[dict[str, Any]]


@dataclass
class School:
    """What a folder holds: `taps` on ✅ that each complete another section and end no lesson, people taking turns; and
    for each person, by their place, all `sections` that they have not completed."""

    folder: Path
    taps: list[tuple[int, str]]
    sections: list[list[int]]


@dataclass
class _Tables:
    at: datetime
    rows: dict[type[Base], Rows] = field(default_factory=dict)

    def add(self, table: type[Base], **row: Any) -> None:
        self.rows.setdefault(table, []).append(row)


async def build(
    folder: Path, *, learners: int, own_courses: bool, tapped: int, earlier: int, reported: int = 0
) -> School:
    """`learners` people with `earlier` completions each, and `tapped` more courses each to go on with: their own, or
    those of the first learner, in which all are enrolled. Of each of these courses every one of them has `reported`
    something so many times."""
    tables, open_sections = _school(learners, own_courses, tapped, earlier, reported)
    await asyncio.to_thread(folder.mkdir, parents=True)
    await _store(f"sqlite+aiosqlite:///{folder}/lectern.db", tables)
    return School(folder, _taps(open_sections), open_sections)


async def fill(url: str, *, learners: int, own_courses: bool = False, tapped: int = 1, earlier: int = 0) -> School:
    """The same in the empty database at `url`, whichever it is; it is brought up to date on the way."""
    tables, open_sections = _school(learners, own_courses, tapped, earlier, 0)
    await _store(url, tables)
    return School(Path(), _taps(open_sections), open_sections)


def _school(
    learners: int, own_courses: bool, tapped: int, earlier: int, reported: int
) -> tuple[_Tables, list[list[int]]]:
    """All rows, and each learner's sections that are not completed."""
    tables = _Tables(datetime.now(UTC))
    people = range(1, learners + 1)
    for learner in people:
        _learner(tables, learner)
    past = -(-earlier // (LESSONS * SECTIONS))
    shared = [_course(tables, course, 1) for course in range(1, past + 1)]
    for learner in people:
        _finish(tables, learner, [section for course in shared for section in course][:earlier])
    next_course = past + 1
    open_sections: list[list[int]] = []
    common: list[list[int]] = []
    for learner in people:
        if own_courses or not common:
            common = [_course(tables, next_course + number, learner) for number in range(tapped)]
            next_course += tapped
        open_sections.append(_begin(tables, learner, common))
        for sections in common:
            _report(tables, learner, sections, reported)
    return tables, open_sections


def _taps(open_sections: list[list[int]]) -> list[tuple[int, str]]:
    rounds = zip(*([one for one in theirs if one % SECTIONS] for theirs in open_sections), strict=True)
    return [
        (FIRST_PERSON + place, encode(MarkDone(section)))
        for one_each in rounds
        for place, section in enumerate(one_each)
    ]


def _learner(tables: _Tables, learner: int) -> None:
    fixed = {"username": None, "language": "en", "time_zone": "UTC", "role": "learner"}
    seen = {"admitted": True, "reachable": True, "created_at": tables.at, "seen_at": tables.at}
    tables.add(Learner, id=learner, telegram_id=FIRST_PERSON + learner - 1, name="Ada", **fixed, **seen)


def _course(tables: _Tables, course: int, owner: int) -> list[int]:
    """Add a course that is ready; returns the ids of its sections in order."""
    about = {"title": f"Sourdough, part {course}", "description": "From flour to a risen loaf.", "level": "beginner"}
    state = {"state": "ready", "objectives": ["keep a starter alive"], "credit": {"ai": False, "name": "offline"}}
    times = {"created_at": tables.at, "ready_at": tables.at}
    tables.add(
        Course, id=course, owner_id=owner, language="en", minutes_asked=60, document_id=None, **about, **state, **times
    )
    sections: list[int] = []
    for place in range(LESSONS):
        lesson = (course - 1) * LESSONS + place + 1
        titled: dict[str, Any] = {"title": f"Lesson {place + 1}", "objectives": [], "state": "ready", "failure": None}
        tables.add(Lesson, id=lesson, course_id=course, position=place, **titled)
        for position in range(SECTIONS):
            section = (lesson - 1) * SECTIONS + position + 1
            told: dict[str, Any] = {"title": f"Section {position + 1}", "focus": "", "passages": [], "citations": []}
            kept = {"minutes": 5, "body": _BODY, "version": 1, "written_at": tables.at}
            tables.add(Section, id=section, course_id=course, lesson_id=lesson, position=position, **told, **kept)
            sections.append(section)
    return sections


def home(section: int) -> tuple[int, int]:
    """The lesson and the course of a section, by the way they are numbered here."""
    lesson = (section - 1) // SECTIONS + 1
    return lesson, (lesson - 1) // LESSONS + 1


def _enrol(tables: _Tables, learner: int, sections: Iterable[int]) -> None:
    for course in dict.fromkeys(home(section)[1] for section in sections):
        times = {"enrolled_at": tables.at, "last_accessed_at": tables.at, "archived_at": None}
        tables.add(Enrolment, learner_id=learner, course_id=course, **times)


def _read(tables: _Tables, learner: int, section: int) -> None:
    timer = {"opened_at": tables.at, "touched_at": None, "seconds": 90}
    tables.add(Reading, learner_id=learner, section_id=section, course_id=home(section)[1], **timer)


def _finish(tables: _Tables, learner: int, sections: list[int]) -> None:
    _enrol(tables, learner, sections)
    for section in sections:
        _read(tables, learner, section)
        lesson, course = home(section)
        fixed = {"completed_at": tables.at, "seconds": 90, "interactions": 0}
        tables.add(Completion, learner_id=learner, section_id=section, lesson_id=lesson, course_id=course, **fixed)


def _begin(tables: _Tables, learner: int, courses: list[list[int]]) -> list[int]:
    """Enrol, with every section read and none completed; returns the sections in order."""
    sections = [section for course in courses for section in course]
    _enrol(tables, learner, sections)
    for section in sections:
        _read(tables, learner, section)
    return sections


def _report(tables: _Tables, learner: int, sections: list[int], times: int) -> None:
    for number in range(times):
        section = sections[number % len(sections)]
        lesson, course = home(section)
        said = {"kind": "interaction", "at": tables.at, "seconds": 0, "interactions": 1}
        tables.add(LearningEvent, learner_id=learner, section_id=section, lesson_id=lesson, course_id=course, **said)


async def _store(url: str, tables: _Tables) -> None:
    database = await Database.open(url)
    try:
        await migrate(database)
        async with database.transaction() as session:
            for table, rows in tables.rows.items():
                await session.execute(insert(table), rows)
                if database.dialect == "postgresql" and "id" in rows[0]:  # its sequence has not noticed
                    name = table.__tablename__
                    await session.execute(
                        text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")
                    )
    finally:
        await database.close()
