"""Where a learner stands in a course: what progress is derived from, read in one go for the grouping writer's jobs.

A learner's rows of one course are at most 48, so reading them all costs the same however much they have done elsewhere.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from storage.models.base import from_ms
from storage.writer import Ask, Job, Statement, repeatable


class Done(NamedTuple):
    """One completion as recorded: when, and the seconds that it took. A tuple, because every tap makes as many of them
    as the learner has completed sections."""

    section_id: int
    lesson_id: int
    completed_at: datetime
    seconds: int


class AnswerCounts(NamedTuple):
    """Of the questions of a section that count: how many are answered (or skipped), how many were right at once."""

    section_id: int
    settled: int
    right: int


class Standing(NamedTuple):
    """All that progress in a course is derived from. `course_revision` is the state that the course is in,
    `reading_seconds` are those of sections not completed."""

    course_id: int
    enrolled_at: datetime
    last_accessed_at: datetime
    course_revision: int
    reading_seconds: int
    completions: tuple[Done, ...]
    answers: tuple[AnswerCounts, ...] = ()


_ENROLMENT = Statement(
    """
    SELECT e.enrolled_at, e.last_accessed_at, (SELECT c.revision FROM course AS c WHERE c.id = e.course_id)
    FROM enrolment AS e
    WHERE e.learner_id = CAST(:learner AS BIGINT) AND e.course_id = CAST(:course AS BIGINT)
    """
)
_ANSWERED = """
    SELECT a.section_id, COUNT(*) FILTER (WHERE a.settled) AS settled,
        COUNT(*) FILTER (WHERE a.correct AND a.nth = 1) AS right_first
    FROM attempt AS a JOIN question AS q ON q.id = a.question_id AND q.voided_at IS NULL
    WHERE a.learner_id = CAST(:learner AS BIGINT) AND a.course_id = CAST(:course AS BIGINT)
    GROUP BY a.section_id
"""
_READ = """
    SELECT COALESCE(SUM(r.seconds), 0) FROM reading AS r
    WHERE r.learner_id = CAST(:learner AS BIGINT) AND r.course_id = CAST(:course AS BIGINT) AND NOT EXISTS (
        SELECT 1 FROM completion AS c WHERE c.learner_id = r.learner_id AND c.section_id = r.section_id)
"""
# All in one row: for each that it fetches, Python's sqlite3 gives the interpreter away and asks for it again, which
# where threads wait for it costs more than the row.
_PACKED = Statement(
    """
    SELECT (SELECT GROUP_CONCAT(PRINTF('%d %d %d %d', completed_at, section_id, lesson_id, seconds), ' ')
            FROM completion
            WHERE learner_id = CAST(:learner AS BIGINT) AND course_id = CAST(:course AS BIGINT)),
        (SELECT GROUP_CONCAT(PRINTF('%d %d %d', section_id, settled, right_first), ' ') FROM ({answered}) AS answered),
        ({read})
    """,
    for_one=True,
    answered=_ANSWERED,
    read=_READ,
)
_COMPLETION, _ANSWERS, _SECONDS = range(3)
# All in one statement: each one more is a way to the server. Not ordered here: for that all that the learner has ever
# completed would be walked through.
_ROWS = Statement(
    """
    SELECT {completion}, completed_at, section_id, lesson_id, seconds FROM completion
    WHERE learner_id = CAST(:learner AS BIGINT) AND course_id = CAST(:course AS BIGINT)
    UNION ALL
    SELECT {answers}, section_id, settled, right_first, 0 FROM ({answered}) AS answered
    UNION ALL
    SELECT {seconds}, 0, 0, 0, ({read})
    """,
    for_many=True,
    completion=str(_COMPLETION),
    answers=str(_ANSWERS),
    seconds=str(_SECONDS),
    answered=_ANSWERED,
    read=_READ,
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
    rows = yield Ask(_ENROLMENT, {"learner": learner, "course": course})
    if not rows:
        return None
    enrolled, accessed, revision = rows[0]
    return (yield from stand_enrolled(learner, course, from_ms(enrolled), from_ms(accessed), revision))


def stand_enrolled(
    learner: int, course: int, enrolled_at: datetime, last_accessed_at: datetime, course_revision: int
) -> Job[Standing]:
    """Where a learner stands in a course of which it is known that they are enrolled."""
    params = {"learner": learner, "course": course}
    packed = yield Ask(_PACKED, params)
    if packed:
        completed, answered, seconds = packed[0]
        completions, answers = _unpacked(completed, 4), _unpacked(answered, 3)
    else:
        rows = yield Ask(_ROWS, params)
        completions = [row[1:] for row in rows if row[0] == _COMPLETION]
        answers = [row[1:4] for row in rows if row[0] == _ANSWERS]
        seconds = sum([int(row[4]) for row in rows if row[0] == _SECONDS])
    completions.sort()
    done = tuple([Done(section, lesson, from_ms(at), spent) for at, section, lesson, spent in completions])
    return Standing(
        course,
        enrolled_at,
        last_accessed_at,
        course_revision,
        seconds,
        done,
        tuple([AnswerCounts(*one) for one in answers]),
    )


@repeatable
def enrolled(learner: int, course: int) -> Job[bool]:
    """Whether a learner is enrolled in a course, archived or not."""
    return bool((yield Ask(_ENROLLED, {"learner": learner, "course": course})))


@repeatable
def stand_at_section(learner: int, section: int) -> Job[Standing | None]:
    """Where a learner stands in the course of a section; None if it is not theirs."""
    rows = yield Ask(_COURSE_OF, {"learner": learner, "section": section})
    return (yield from stand(learner, int(rows[0][0]))) if rows else None


def _unpacked(text: str | None, width: int) -> list[tuple[int, ...]]:
    """Rows of `width` numbers that were written one after the other."""
    numbers = map(int, text.split()) if text else iter(())
    return list(zip(*[numbers] * width, strict=True))
