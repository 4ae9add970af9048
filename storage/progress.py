"""Completions, reading time and notes: jobs for the grouping writer, since taps are the hot path.

Who may do something is asked in the statement that does it: each joins the enrolment.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from storage.mail import course_completed
from storage.models.base import from_ms, to_ms
from storage.notes import keep_note
from storage.standing import Standing, stand, stand_enrolled
from storage.writer import Ask, Job, Statement, repeatable


class Completed(NamedTuple):
    """What a tap on Done found: whether it was the first, and where the learner stands after it."""

    first: bool
    standing: Standing


class Turn(NamedTuple):
    """The lesson and course in which a learner may write, `at` that time, and since when they are enrolled in it.
    `reading` if the timer of some section is running."""

    learner_id: int
    lesson_id: int
    course_id: int
    course_revision: int
    enrolled_at: datetime
    reading: bool
    at: datetime

    def standing(self) -> Job[Standing]:
        """Where the learner stands in the course after what was written."""
        return stand_enrolled(self.learner_id, self.course_id, self.enrolled_at, self.at, self.course_revision)


# The time between two signs of life, unless it was a pause (milliseconds in, whole seconds out).
_GAP = """
CASE WHEN r.touched_at IS NULL OR CAST(:now AS BIGINT) - r.touched_at > CAST(:pause AS BIGINT)
          OR CAST(:now AS BIGINT) < r.touched_at
     THEN 0 ELSE (CAST(:now AS BIGINT) - r.touched_at) / 1000 END
"""
# Whoever may see the course: its owner, and everybody once it is published.
_ENROL = Statement(
    """
    INSERT INTO enrolment (learner_id, course_id, enrolled_at, last_accessed_at)
    SELECT l.id, c.id, CAST(:now AS BIGINT), CAST(:now AS BIGINT) FROM section AS s
    JOIN course AS c ON c.id = s.course_id
    JOIN learner AS l ON l.id = CAST(:learner AS BIGINT)
    WHERE s.id = CAST(:section AS BIGINT)
    AND (c.owner_id = l.id OR (c.visibility = 'public' AND c.state = 'ready'))
    ON CONFLICT (learner_id, course_id) DO NOTHING
    """
)
COMPLETE = Statement(
    """
    INSERT INTO completion (learner_id, section_id, lesson_id, course_id, completed_at, seconds, interactions, key)
    SELECT e.learner_id, s.id, s.lesson_id, s.course_id, CAST(:now AS BIGINT),
        CASE WHEN CAST(:stated AS BIGINT) >= 0 THEN CAST(:stated AS BIGINT)
             WHEN COALESCE(r.seconds + {gap}, 0) < CAST(:least AS BIGINT) THEN CAST(:least AS BIGINT)
             ELSE r.seconds + {gap} END,
        CAST(:interactions AS BIGINT), CAST(:key AS VARCHAR)
    FROM section AS s
    JOIN enrolment AS e ON e.course_id = s.course_id AND e.learner_id = CAST(:learner AS BIGINT)
    LEFT JOIN reading AS r ON r.learner_id = e.learner_id AND r.section_id = s.id
    WHERE s.id = CAST(:section AS BIGINT) AND s.body <> ''
    ON CONFLICT (learner_id, section_id) DO NOTHING
    """,
    counted=True,
    gap=_GAP,
)
# With the seconds stated there is nothing left to look up after the turn was taken, which halves the time.
_COMPLETE_STATED = Statement(
    """
    INSERT INTO completion (learner_id, section_id, lesson_id, course_id, completed_at, seconds, interactions, key)
    VALUES (:learner, :section, :lesson, :course, :now, :stated, :interactions, :key)
    ON CONFLICT (learner_id, section_id) DO NOTHING
    """,
    counted=True,
)
_IS_OURS = Statement(
    """
    SELECT 1 FROM completion WHERE learner_id = CAST(:learner AS BIGINT) AND section_id = CAST(:section AS BIGINT)
    AND key = CAST(:key AS VARCHAR)
    """
)
CLOSE = Statement(
    """
    UPDATE reading AS r SET seconds = r.seconds + {gap}, touched_at = NULL
    WHERE r.learner_id = CAST(:learner AS BIGINT) AND r.touched_at IS NOT NULL
    AND r.section_id <> CAST(:but AS BIGINT)
    """,
    gap=_GAP,
)
_OPEN = Statement(
    """
    INSERT INTO reading AS r (learner_id, section_id, course_id, opened_at, touched_at, seconds)
    SELECT e.learner_id, s.id, s.course_id, CAST(:now AS BIGINT), CAST(:now AS BIGINT), 0
    FROM section AS s JOIN enrolment AS e ON e.course_id = s.course_id AND e.learner_id = CAST(:learner AS BIGINT)
    WHERE s.id = CAST(:section AS BIGINT) AND s.body <> ''
    ON CONFLICT (learner_id, section_id) DO UPDATE SET seconds = r.seconds + {gap}, touched_at = CAST(:now AS BIGINT)
    """,
    gap=_GAP,
)
# Comes first in every job that writes, and its row lock makes two workers writing for one learner take turns: whoever
# is second sees what the first has done, and neither waits for the other for ever.
_TURN = Statement(
    """
    UPDATE enrolment SET last_accessed_at = CAST(:now AS BIGINT), revision = revision + 1
    WHERE learner_id = CAST(:learner AS BIGINT)
    AND course_id = (SELECT s.course_id FROM section AS s WHERE s.id = CAST(:section AS BIGINT) AND s.body <> '')
    RETURNING (SELECT s.lesson_id FROM section AS s WHERE s.id = CAST(:section AS BIGINT)), course_id,
        (SELECT c.revision FROM course AS c WHERE c.id = enrolment.course_id), enrolled_at,
        EXISTS (SELECT 1 FROM reading AS r WHERE r.learner_id = enrolment.learner_id AND r.touched_at IS NOT NULL)
    """
)
_UNDO_TURN = Statement(
    """
    UPDATE enrolment SET revision = revision + 1 WHERE learner_id = CAST(:learner AS BIGINT)
    AND course_id = (SELECT c.course_id FROM completion AS c WHERE c.learner_id = CAST(:learner AS BIGINT)
        AND c.section_id = CAST(:section AS BIGINT) AND c.completed_at >= CAST(:since AS BIGINT))
    """
)
_UNDO = Statement(
    """
    DELETE FROM completion WHERE learner_id = CAST(:learner AS BIGINT) AND section_id = CAST(:section AS BIGINT)
    AND completed_at >= CAST(:since AS BIGINT) RETURNING course_id
    """
)


@repeatable
def complete(
    learner: int,
    section: int,
    now: datetime,
    *,
    least: int,
    pause: int,
    stated: int | None,
    interactions: int,
    note: str = "",
    mail: bool = False,
    key: str | None = None,
) -> Job[Completed | None]:
    """Record a completion unless there is one. None if the section is not there, not written, or not this learner's.

    `least` and `pause` are seconds; `stated` overrides what the timer says. A `note` is kept with a first one.
    With `mail` letters are sent, so that a completed course may be worth one. `key` names the update that completes
    it: delivered again after a crash, the same one is the first again."""
    turn = yield from take_turn(learner, section, now)
    if turn is None:
        return None
    params = completion_params(learner, section, now, least, pause, stated, interactions, key)
    place = {"lesson": turn.lesson_id, "course": turn.course_id}
    first = bool((yield Ask(COMPLETE, params) if stated is None else Ask(_COMPLETE_STATED, params | place)))
    if first:
        if turn.reading:
            yield Ask(CLOSE, {**params, "but": 0})
        if note:
            yield from keep_note(learner, section, completion_note(section), note, now)
        if mail:
            yield from course_completed(learner, turn.course_id, now)
    elif key is not None:
        first = bool((yield Ask(_IS_OURS, params)))
    return Completed(first, (yield from turn.standing()))


def take_turn(learner: int, section: int, now: datetime) -> Job[Turn | None]:
    """Begin to write for a learner in the course of a written section; whoever may see the course is enrolled by it.
    None if the section is not there, not written, or not this learner's."""
    params = {"learner": learner, "section": section, "now": to_ms(now)}
    rows = yield Ask(_TURN, params)
    if not rows:
        yield Ask(_ENROL, params)
        rows = yield Ask(_TURN, params)
    if not rows:
        return None
    lesson, course, revision, enrolled, reading = rows[0]
    return Turn(learner, lesson, course, revision, from_ms(enrolled), bool(reading), from_ms(params["now"]))


def completion_params(
    learner: int,
    section: int,
    at: datetime,
    least: int,
    pause: int,
    stated: int | None,
    interactions: int,
    key: str | None = None,
) -> dict[str, int | str | None]:
    """What the statement of a completion wants."""
    return {
        "learner": learner,
        "section": section,
        "now": to_ms(at),
        "least": least,
        "pause": pause * 1000,
        "stated": -1 if stated is None else stated,
        "interactions": interactions,
        "key": key,
    }


def completion_note(section: int) -> str:
    """The key of the note that comes with a completion: there is one a section."""
    return f"done:{section}"


@repeatable
def open_section(learner: int, section: int, now: datetime, *, pause: int) -> Job[Standing | None]:
    """Start or continue the timer of a section and stop that of any other; None if it cannot be read by them."""
    turn = yield from take_turn(learner, section, now)
    if turn is None:
        return None
    params = {"learner": learner, "section": section, "now": to_ms(now), "pause": pause * 1000}
    yield Ask(_OPEN, params)
    yield Ask(CLOSE, {**params, "but": section})
    return (yield from turn.standing())


@repeatable
def undo(learner: int, section: int, since: datetime) -> Job[Standing | None]:
    """Take a completion back if it was made at or after `since`; None if there is none as young as that."""
    params = {"learner": learner, "section": section, "since": to_ms(since)}
    yield Ask(_UNDO_TURN, params)
    rows = yield Ask(_UNDO, params)
    if not rows:
        return None
    return (yield from stand(learner, int(rows[0][0])))
