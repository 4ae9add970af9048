"""Where a learner stands in a course: what progress is derived from, read in one go for the grouping writer's jobs.

A learner's rows of one course are at most 48, so reading them all costs the same however much they have done elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from storage.models.base import from_ms
from storage.writer import Ask, Job, Row, Rows, Statement, repeatable


@dataclass(frozen=True, slots=True)
class CompletionRow:
    """One recorded completion."""

    section_id: int
    lesson_id: int
    completed_at: datetime
    seconds: int


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """Of the questions of a section that count: how many are answered (or skipped), how many were right at once."""

    section_id: int
    settled: int
    right: int


@dataclass(frozen=True, slots=True)
class Standing:
    """All that progress in a course is derived from. `course_revision` is the state that the course is in,
    `reading_seconds` are those of sections not completed."""

    course_id: int
    enrolled_at: datetime
    last_accessed_at: datetime
    course_revision: int
    reading_seconds: int
    completions: tuple[CompletionRow, ...]
    answers: tuple[AnswerCounts, ...] = ()


_STANDING = Statement(
    """
    SELECT e.course_id, e.enrolled_at, e.last_accessed_at,
        (SELECT course.revision FROM course WHERE course.id = e.course_id), (
        SELECT COALESCE(SUM(r.seconds), 0) FROM reading AS r
        WHERE r.learner_id = e.learner_id AND r.course_id = e.course_id AND NOT EXISTS (
            SELECT 1 FROM completion AS c WHERE c.learner_id = r.learner_id AND c.section_id = r.section_id))
    FROM enrolment AS e
    WHERE e.learner_id = CAST(:learner AS BIGINT) AND e.course_id = CAST(:course AS BIGINT)
    """
)
# Not ordered here: for that SQLite would walk through all that the learner has ever completed.
_COMPLETIONS = Statement(
    """
    SELECT section_id, lesson_id, completed_at, seconds FROM completion
    WHERE learner_id = CAST(:learner AS BIGINT) AND course_id = CAST(:course AS BIGINT)
    """
)
_ANSWERS = Statement(
    """
    SELECT a.section_id, COUNT(*) FILTER (WHERE a.settled), COUNT(*) FILTER (WHERE a.correct AND a.nth = 1)
    FROM attempt AS a JOIN question AS q ON q.id = a.question_id AND q.voided_at IS NULL
    WHERE a.learner_id = CAST(:learner AS BIGINT) AND a.course_id = CAST(:course AS BIGINT)
    GROUP BY a.section_id
    """
)
_ENROLLED = Statement(
    """
    SELECT 1 FROM enrolment WHERE learner_id = CAST(:learner AS BIGINT) AND course_id = CAST(:course AS BIGINT)
    """
)
_COURSE_OF = Statement(
    """
    SELECT s.course_id FROM section AS s
    JOIN enrolment AS e ON e.course_id = s.course_id AND e.learner_id = CAST(:learner AS BIGINT)
    WHERE s.id = CAST(:section AS BIGINT) AND s.body <> ''
    """
)


@repeatable
def stand(learner: int, course: int) -> Job[Standing | None]:
    """Where a learner stands in a course; None if not enrolled."""
    params = {"learner": learner, "course": course}
    rows = yield Ask(_STANDING, params)
    if not rows:
        return None
    completions = yield Ask(_COMPLETIONS, params)
    answers = yield Ask(_ANSWERS, params)
    return _standing(rows[0], completions, answers)


@repeatable
def enrolled(learner: int, course: int) -> Job[bool]:
    """Whether a learner is enrolled in a course, archived or not."""
    return bool((yield Ask(_ENROLLED, {"learner": learner, "course": course})))


@repeatable
def stand_at_section(learner: int, section: int) -> Job[Standing | None]:
    """Where a learner stands in the course of a section; None if it is not theirs."""
    rows = yield Ask(_COURSE_OF, {"learner": learner, "section": section})
    return (yield from stand(learner, int(rows[0][0]))) if rows else None


def _standing(row: Row, completions: Rows, answers: Rows) -> Standing:
    course, enrolled, accessed, revision, seconds = row
    in_order = sorted(completions, key=itemgetter(2, 0))
    done = tuple(CompletionRow(one[0], one[1], from_ms(one[2]), one[3]) for one in in_order)
    counts = tuple(AnswerCounts(*one) for one in answers)
    return Standing(course, from_ms(enrolled), from_ms(accessed), revision, int(seconds), done, counts)
