"""Many things that a learner did, recorded by one job of the grouping writer: one transaction for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.mail import course_completed
from storage.models.base import to_ms
from storage.notes import keep_note
from storage.progress import (
    CLOSE,
    COMPLETE,
    completion_note,
    completion_params,
    take_turn,
)
from storage.standing import Standing, stand
from storage.writer import Ask, Job, Statement, repeatable

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
    """,
    counted=True,
)


@repeatable
def record(
    learner: int, entries: Sequence[Entry], now: datetime, *, least: int, pause: int, mail: bool = False
) -> Job[Recorded]:
    """Record entries in their order, each as if it had come alone. Entries of courses that the learner is not and
    cannot be enrolled in are passed over. `mail` as in `complete`."""
    begins: dict[int, datetime] = {}
    # In one order everywhere, so that two batches never wait for each other.
    for entry in sorted(entries, key=lambda one: one.course_id):
        if entry.course_id not in begins:
            turn = yield from take_turn(learner, entry.section_id, now)
            if turn is not None:
                begins[turn.course_id] = turn.enrolled_at
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
    for course in begins:
        standing = yield from stand(learner, course)
        if standing is not None:
            standings[course] = standing
    if mail:
        yield from _letters(learner, entries, kept, now)
    return Recorded(tuple(kept), standings)


def _letters(learner: int, entries: Sequence[Entry], kept: Sequence[bool], now: datetime) -> Job[None]:
    pairs = zip(entries, kept, strict=True)
    for course in sorted({one.course_id for one, was in pairs if was and one.kind == "section_completed"}):
        yield from course_completed(learner, course, now)


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
