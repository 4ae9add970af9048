"""What a learner did, read back: the learning path, time and interactions, and all courses at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import BigInteger, CompoundSelect, Select, func, literal, select, tuple_, type_coerce, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Attempt, Completion, Course, Enrolment, LearningEvent, Note, Question, Reading, Section
from storage.standing import AnswerCounts, Done, Standing

Action = Literal["enrolled", "opened", "completed", "interaction", "time", "note"]
ACTIONS: tuple[Action, ...] = ("enrolled", "opened", "completed", "interaction", "time", "note")
Place = tuple[int, int, int]  # milliseconds, number of the action, id of the row: where a step stands in the path


@dataclass(frozen=True, slots=True)
class StepRow:
    """One thing that happened, at `milliseconds` since 1970; `rank` is the number of its action in `ACTIONS`."""

    milliseconds: int
    rank: int
    ref: int
    lesson_id: int | None
    section_id: int | None
    seconds: int
    interactions: int


@dataclass(frozen=True, slots=True)
class SpentRow:
    """Time read so far and interactions in one section."""

    section_id: int
    seconds: int
    interactions: int


class StudyRepository:
    """Reads only."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def steps(self, learner_id: int, course_id: int, after: Place | None, limit: int) -> list[StepRow]:
        """What happened in a course after a place, oldest first."""
        steps = _steps(learner_id, course_id).subquery()
        columns = (steps.c.at, steps.c.rank, steps.c.ref)
        query = select(steps).order_by(*columns).limit(limit)
        if after is not None:
            query = query.where(tuple_(*columns) > tuple_(*(literal(one, BigInteger) for one in after)))
        rows = await self._session.execute(query)
        return [StepRow(*row) for row in rows]

    async def spent(self, learner_id: int, course_id: int) -> dict[int, SpentRow]:
        """Per section of a course: the timer's seconds, and the interactions of completion and reports together."""
        mine = (Completion.learner_id == learner_id, Completion.course_id == course_id)
        parts = union_all(
            select(Reading.section_id, Reading.seconds, literal(0).label("interactions")).where(
                Reading.learner_id == learner_id, Reading.course_id == course_id
            ),
            select(Completion.section_id, literal(0), Completion.interactions).where(*mine),
            select(LearningEvent.section_id, literal(0), LearningEvent.interactions).where(
                LearningEvent.learner_id == learner_id, LearningEvent.course_id == course_id
            ),
        ).subquery()
        rows = await self._session.execute(
            select(parts.c.section_id, func.sum(parts.c.seconds), func.sum(parts.c.interactions)).group_by(
                parts.c.section_id
            )
        )
        return {row[0]: SpentRow(row[0], int(row[1]), int(row[2])) for row in rows}

    async def standings(self, learner_id: int, after: int, limit: int) -> list[Standing]:
        """Where a learner stands in the courses that are not put aside, by the courses' ids."""
        enrolments = (
            await self._session.execute(
                select(Enrolment.course_id, Enrolment.enrolled_at, Enrolment.last_accessed_at, Course.revision)
                .join(Course, Course.id == Enrolment.course_id)
                .where(Enrolment.learner_id == learner_id, Enrolment.archived_at.is_(None))
                .where(Enrolment.course_id > after)
                .order_by(Enrolment.course_id)
                .limit(limit)
            )
        ).all()
        ids = [row.course_id for row in enrolments]
        completions = await self._completions(learner_id, ids)
        reading = await self._reading(learner_id, ids)
        answers = await self._answers(learner_id, ids)
        return [
            Standing(
                course_id=row.course_id,
                enrolled_at=row.enrolled_at,
                last_accessed_at=row.last_accessed_at,
                course_revision=row.revision,
                reading_seconds=reading.get(row.course_id, 0),
                completions=tuple(completions.get(row.course_id, ())),
                answers=tuple(answers.get(row.course_id, ())),
            )
            for row in enrolments
        ]

    async def last_used(self, learner_id: int, limit: int) -> list[int]:
        """The courses that are not put aside, the one last used first."""
        rows = await self._session.scalars(
            select(Enrolment.course_id)
            .where(Enrolment.learner_id == learner_id, Enrolment.archived_at.is_(None))
            .order_by(Enrolment.last_accessed_at.desc(), Enrolment.course_id.desc())
            .limit(limit)
        )
        return list(rows)

    async def _completions(self, learner_id: int, courses: Sequence[int]) -> dict[int, list[Done]]:
        rows = await self._session.execute(
            select(
                Completion.course_id,
                Completion.section_id,
                Completion.lesson_id,
                Completion.completed_at,
                Completion.seconds,
            )
            .where(Completion.learner_id == learner_id, Completion.course_id.in_(courses))
            .order_by(Completion.completed_at, Completion.id)
        )
        found: dict[int, list[Done]] = {}
        for row in rows:
            done = Done(row.section_id, row.lesson_id, row.completed_at, row.seconds)
            found.setdefault(row.course_id, []).append(done)
        return found

    async def _answers(self, learner_id: int, courses: Sequence[int]) -> dict[int, list[AnswerCounts]]:
        settled, right = func.count().filter(Attempt.settled), func.count().filter(Attempt.correct, Attempt.nth == 1)
        rows = await self._session.execute(
            select(Attempt.course_id, Attempt.section_id, settled, right)
            .join(Question, Question.id == Attempt.question_id)
            .where(Attempt.learner_id == learner_id, Attempt.course_id.in_(courses), Question.voided_at.is_(None))
            .group_by(Attempt.course_id, Attempt.section_id)
        )
        found: dict[int, list[AnswerCounts]] = {}
        for course_id, *counts in rows:
            found.setdefault(course_id, []).append(AnswerCounts(*counts))
        return found

    async def _reading(self, learner_id: int, courses: Sequence[int]) -> dict[int, int]:
        rows = await self._session.execute(
            select(Reading.course_id, func.sum(Reading.seconds))
            .where(Reading.learner_id == learner_id, Reading.course_id.in_(courses), ~completed_too())
            .group_by(Reading.course_id)
        )
        return {row[0]: int(row[1]) for row in rows}


def completed_too() -> Any:
    """Whether the section of a `Reading` is completed: then the completion's seconds count, not the timer's."""
    return (
        select(Completion.id)
        .where(Completion.learner_id == Reading.learner_id, Completion.section_id == Reading.section_id)
        .exists()
    )


def _steps(learner_id: int, course_id: int) -> CompoundSelect[Any]:
    return union_all(
        _enrolled(learner_id, course_id),
        _opened(learner_id, course_id),
        _completed(learner_id, course_id),
        _reported(learner_id, course_id, "interaction"),
        _reported(learner_id, course_id, "time"),
        _noted(learner_id, course_id),
    )


def _row(at: Any, action: str, ref: Any, lesson: Any, section: Any, seconds: Any, interactions: Any) -> Select[Any]:
    rank = literal(ACTIONS.index(action))
    names = ("at", "rank", "ref", "lesson_id", "section_id", "seconds", "interactions")
    columns = (type_coerce(at, BigInteger), rank, ref, lesson, section, seconds, interactions)
    return select(*(column.label(name) for column, name in zip(columns, names, strict=True)))


def _enrolled(learner_id: int, course_id: int) -> Select[Any]:
    nowhere = literal(None, Enrolment.course_id.type)
    return _row(Enrolment.enrolled_at, "enrolled", Enrolment.course_id, nowhere, nowhere, literal(0), literal(0)).where(
        Enrolment.learner_id == learner_id, Enrolment.course_id == course_id
    )


def _opened(learner_id: int, course_id: int) -> Select[Any]:
    here = (Section.lesson_id, Reading.section_id)
    return (
        _row(Reading.opened_at, "opened", Reading.section_id, *here, literal(0), literal(0))
        .join(Section, Section.id == Reading.section_id)
        .where(Reading.learner_id == learner_id, Reading.course_id == course_id)
    )


def _completed(learner_id: int, course_id: int) -> Select[Any]:
    here = (Completion.lesson_id, Completion.section_id)
    what = (Completion.seconds, Completion.interactions)
    return _row(Completion.completed_at, "completed", Completion.id, *here, *what).where(
        Completion.learner_id == learner_id, Completion.course_id == course_id
    )


def _reported(learner_id: int, course_id: int, kind: str) -> Select[Any]:
    here = (LearningEvent.lesson_id, LearningEvent.section_id)
    what = (LearningEvent.seconds, LearningEvent.interactions)
    return _row(LearningEvent.at, kind, LearningEvent.id, *here, *what).where(
        LearningEvent.learner_id == learner_id, LearningEvent.course_id == course_id, LearningEvent.kind == kind
    )


def _noted(learner_id: int, course_id: int) -> Select[Any]:
    return (
        _row(Note.created_at, "note", Note.id, Section.lesson_id, Note.section_id, literal(0), literal(0))
        .join(Section, Section.id == Note.section_id)
        .where(Note.learner_id == learner_id, Section.course_id == course_id)
    )
