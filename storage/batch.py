"""Many things that a learner did, recorded by one job of the grouping writer: one transaction for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.models.base import from_ms, to_ms
from storage.progress import (
    CLOSE,
    COMPLETE,
    ENROL,
    TOUCH_ENROLMENT,
    Standing,
    completion_note,
    completion_params,
    keep_note,
    stand,
)
from storage.writer import Ask, Job, Statement

MOST_SECONDS = 1_000_000_000  # of one section, so that a sum of reports always fits its column

Kind = Literal["section_completed", "interaction", "time_update"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing done in a section. `at` counts if it lies between enrolment and now. `seconds` None: the timer counts.
    A `note` (may be empty) is kept with a first completion."""

    kind: Kind
    course_id: int
    section_id: int
    at: datetime | None
    seconds: int | None
    interactions: int
    note: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of all entries: `kept`, in their order, says whether each was written (a completion: whether it was
    the first); `standings` is where the learner is now in the courses that they are enrolled in."""

    kept: tuple[bool, ...]
    standings: dict[int, Standing]


_ENROLLED = Statement(
    """
    SELECT enrolled_at FROM enrolment
    WHERE learner_id = CAST(:learner AS BIGINT) AND course_id = CAST(:course AS BIGINT)
    """
)
_ADD_TIME = Statement(
    """
    INSERT INTO reading AS r (learner_id, section_id, course_id, opened_at, touched_at, seconds)
    SELECT e.learner_id, s.id, s.course_id, CAST(:at AS BIGINT), CAST(NULL AS BIGINT), CAST(:seconds AS BIGINT)
    FROM section AS s JOIN enrolment AS e ON e.course_id = s.course_id AND e.learner_id = CAST(:learner AS BIGINT)
    WHERE s.id = CAST(:section AS BIGINT) AND s.body <> ''
    ON CONFLICT (learner_id, section_id) DO UPDATE SET seconds =
        CASE WHEN r.seconds > {most} - excluded.seconds THEN {most} ELSE r.seconds + excluded.seconds END
    """,
    most=str(MOST_SECONDS),
)
_REPORT = Statement(
    """
    INSERT INTO learning_event (learner_id, section_id, lesson_id, course_id, kind, at, seconds, interactions)
    SELECT e.learner_id, s.id, s.lesson_id, s.course_id, CAST(:kind AS VARCHAR), CAST(:at AS BIGINT),
        CAST(:seconds AS BIGINT), CAST(:interactions AS BIGINT)
    FROM section AS s JOIN enrolment AS e ON e.course_id = s.course_id AND e.learner_id = CAST(:learner AS BIGINT)
    WHERE s.id = CAST(:section AS BIGINT) AND s.body <> ''
    RETURNING id
    """
)


def record(learner: int, entries: Sequence[Entry], now: datetime, *, least: int, pause: int) -> Job[Recorded]:
    """Record entries in their order, each as if it had come alone. Entries of courses that the learner is not and
    cannot be enrolled in are passed over."""
    begins: dict[int, datetime] = {}
    for course, section in {entry.course_id: entry.section_id for entry in entries}.items():
        begin = yield from _enrolled(learner, course, section, now)
        if begin is not None:
            begins[course] = begin
    touched = sorted(begins)
    # First, and in one order everywhere: whoever else writes to these courses for this learner waits its turn.
    for course in touched:
        yield Ask(TOUCH_ENROLMENT, {"learner": learner, "course": course, "now": to_ms(now)})
    kept: list[bool] = []
    running = True  # whether a timer may still run: the first completion stops them all
    for entry in entries:
        begin = begins.get(entry.course_id)
        if begin is None:
            kept.append(False)
            continue
        at = entry.at if entry.at is not None and begin <= entry.at <= now else now
        if entry.kind != "section_completed":
            kept.append((yield from _report(learner, entry, at)))
            continue
        first = yield from _complete(learner, entry, at, least=least, pause=pause, close=running)
        running = running and not first
        kept.append(first)
    standings: dict[int, Standing] = {}
    for course in touched:
        standing = yield from stand(learner, course)
        if standing is not None:
            standings[course] = standing
    return Recorded(tuple(kept), standings)


def _enrolled(learner: int, course: int, section: int, now: datetime) -> Job[datetime | None]:
    """Since when a learner is enrolled; whoever may see the course is from now on. None for everybody else."""
    params = {"learner": learner, "course": course, "section": section, "now": to_ms(now)}
    rows = yield Ask(_ENROLLED, params)
    if not rows:
        yield Ask(ENROL, params)
        rows = yield Ask(_ENROLLED, params)
    return from_ms(rows[0][0]) if rows else None


def _complete(learner: int, entry: Entry, at: datetime, *, least: int, pause: int, close: bool) -> Job[bool]:
    params = completion_params(learner, entry.section_id, at, least, pause, entry.seconds, entry.interactions)
    if not (yield Ask(COMPLETE, params)):
        return False
    if close:
        yield Ask(CLOSE, {**params, "but": 0})
    if entry.note:
        yield from keep_note(learner, entry.section_id, completion_note(entry.section_id), entry.note, at)
    return True


def _report(learner: int, entry: Entry, at: datetime) -> Job[bool]:
    params = {"learner": learner, "section": entry.section_id, "at": to_ms(at), "seconds": entry.seconds or 0}
    if entry.kind == "time_update":
        yield Ask(_ADD_TIME, params)
        rows = yield Ask(_REPORT, {**params, "kind": "time", "interactions": 0})
    else:
        rows = yield Ask(_REPORT, {**params, "kind": "interaction", "interactions": entry.interactions})
    return bool(rows)
