"""Answers to questions: jobs for the grouping writer. Which option is right is not asked here but said by the caller.

Who may answer is asked in the statement that records it: it joins the enrolment, and a question that was taken out is
not answered any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.models.base import from_ms, to_ms
from storage.progress import take_turn
from storage.standing import Standing, stand
from storage.writer import Ask, Job, Statement, repeatable


@dataclass(frozen=True, slots=True)
class NewAttempt:
    """A try as it is to be recorded: `choice` is the option's place as its author wrote it, None for a skip."""

    question_id: int
    nth: int
    choice: int | None
    correct: bool
    settled: bool


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """A try as recorded."""

    question_id: int
    nth: int
    choice: int | None
    correct: bool
    skipped: bool
    settled: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class SectionAnswers:
    """A learner at the questions of a section. `ids` are all its questions in order, `voided` those that count no more,
    `tries` the learner's in order, `disputed` what they disputed."""

    standing: Standing
    ids: tuple[int, ...]
    voided: frozenset[int]
    tries: tuple[AttemptRow, ...]
    disputed: frozenset[int]


@dataclass(frozen=True, slots=True)
class Answered:
    """Whether this very try was recorded, and where the learner stands after it."""

    first: bool
    answers: SectionAnswers


# The next try only, of a question that counts and is not settled, and with another option than before.
_TRY = Statement(
    """
    INSERT INTO attempt
        (learner_id, question_id, section_id, course_id, nth, choice, correct, skipped, settled, at)
    SELECT e.learner_id, q.id, s.id, s.course_id, CAST(:nth AS INTEGER), CAST(:choice AS INTEGER),
        CAST(:correct AS BOOLEAN), CAST(:skipped AS BOOLEAN), CAST(:settled AS BOOLEAN), CAST(:now AS BIGINT)
    FROM question AS q
    JOIN section AS s ON s.id = q.section_id
    JOIN enrolment AS e ON e.course_id = s.course_id AND e.learner_id = CAST(:learner AS BIGINT)
    WHERE q.id = CAST(:question AS BIGINT) AND s.id = CAST(:section AS BIGINT) AND q.voided_at IS NULL
    AND CAST(:nth AS INTEGER) = 1 + (
        SELECT COUNT(*) FROM attempt AS a WHERE a.learner_id = e.learner_id AND a.question_id = q.id)
    AND NOT EXISTS (
        SELECT 1 FROM attempt AS a WHERE a.learner_id = e.learner_id AND a.question_id = q.id
        AND (a.settled OR a.choice = CAST(:choice AS INTEGER)))
    ON CONFLICT (learner_id, question_id, nth) DO NOTHING
    """,
    counted=True,
)
_QUESTIONS = Statement(
    """
    SELECT q.id, q.voided_at, CASE WHEN EXISTS (
        SELECT 1 FROM dispute AS d WHERE d.learner_id = CAST(:learner AS BIGINT) AND d.question_id = q.id)
        THEN 1 ELSE 0 END
    FROM question AS q WHERE q.section_id = CAST(:section AS BIGINT) ORDER BY q.position
    """
)
_TRIES = Statement(
    """
    SELECT a.question_id, a.nth, a.choice, a.correct, a.skipped, a.settled, a.at FROM attempt AS a
    JOIN question AS q ON q.id = a.question_id
    WHERE a.learner_id = CAST(:learner AS BIGINT) AND q.section_id = CAST(:section AS BIGINT)
    ORDER BY a.question_id, a.nth
    """
)


@repeatable
def look(learner: int, section: int, now: datetime) -> Job[SectionAnswers | None]:
    """A learner's answers in a written section; None if it is not there or not theirs. Whoever may see the course is
    enrolled by it."""
    turn = yield from take_turn(learner, section, now)
    if turn is None:
        return None
    return (yield from _answers(learner, section, turn.course_id))


@repeatable
def attempt(learner: int, section: int, new: NewAttempt, now: datetime) -> Job[Answered | None]:
    """Record a try if it is the next one; a try that was recorded before, or that is none any more, changes nothing.
    None as in `look`."""
    turn = yield from take_turn(learner, section, now)
    if turn is None:
        return None
    params = {
        "learner": learner,
        "section": section,
        "question": new.question_id,
        "nth": new.nth,
        "choice": new.choice,
        "correct": new.correct,
        "skipped": new.choice is None,
        "settled": new.settled,
        "now": to_ms(now),
    }
    first = bool((yield Ask(_TRY, params)))
    answers = yield from _answers(learner, section, turn.course_id)
    return None if answers is None else Answered(first, answers)


@repeatable
def _answers(learner: int, section: int, course: int) -> Job[SectionAnswers | None]:
    params = {"learner": learner, "section": section}
    questions = yield Ask(_QUESTIONS, params)
    tries = yield Ask(_TRIES, params)
    standing = yield from stand(learner, course)
    if standing is None:
        return None
    return SectionAnswers(
        standing=standing,
        ids=tuple(int(row[0]) for row in questions),
        voided=frozenset(int(row[0]) for row in questions if row[1] is not None),
        tries=tuple(
            AttemptRow(row[0], row[1], row[2], bool(row[3]), bool(row[4]), bool(row[5]), from_ms(row[6]))
            for row in tries
        ),
        disputed=frozenset(int(row[0]) for row in questions if row[2]),
    )
