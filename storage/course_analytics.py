"""What figures about one course are made of. Reads only; whoever is enrolled counts, its owner too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Subquery, and_, func, or_, select, type_coerce, union
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Attempt, Completion, Dispute, Enrolment, Learner, Question, Reading, Section

_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class SectionCounts:
    """One section: how many opened or completed it, how many completed it, and in how many seconds."""

    reached: int = 0
    completed: int = 0
    mean: float | None = None
    median: float | None = None


@dataclass(frozen=True, slots=True)
class QuestionCounts:
    """One question that counts: how many tried it, were right at once, skipped it, disputed it."""

    question_id: int
    section_id: int
    prompt: str
    tried: int
    right_first: int
    skipped: int
    disputed: int


@dataclass(frozen=True, slots=True)
class DayCounts:
    """One day (its number since 1970, UTC): completions, and learners who made them."""

    day: int
    completions: int
    learners: int


@dataclass(frozen=True, slots=True)
class SilentRow:
    """Somebody enrolled who is not through and has not been there for long."""

    learner_id: int
    name: str
    done: int
    last_accessed_at: datetime


class CourseFiguresRepository:
    """Of one course with so many sections in `total`."""

    def __init__(self, session: AsyncSession, course_id: int, total: int) -> None:
        self._session = session
        self._course = course_id
        self._total = total

    async def learners(self) -> tuple[int, int, int]:
        """How many are enrolled, have completed something, are through."""
        enrolled = select(func.count()).where(Enrolment.course_id == self._course)
        done = self._done()
        rest = select(func.count(), func.count().filter(done.c.n >= self._total)).select_from(done)
        begun, finished = (await self._session.execute(rest)).one()
        return await self._session.scalar(enrolled) or 0, begun, finished

    async def sections(self) -> dict[int, SectionCounts]:
        """Each section that anybody reached."""
        counts = await self._session.execute(self._times())
        times = {row.section_id: row for row in counts}
        reached = union(
            select(Completion.section_id, Completion.learner_id).where(Completion.course_id == self._course),
            select(Reading.section_id, Reading.learner_id)
            .join(Section, Section.id == Reading.section_id)
            .where(Section.course_id == self._course),
        ).subquery()
        rows = await self._session.execute(select(reached.c.section_id, func.count()).group_by(reached.c.section_id))
        found: dict[int, SectionCounts] = {}
        for section_id, count in rows:
            time = times.get(section_id)
            done = (0, None, None) if time is None else (time.completed, float(time.mean), float(time.median))
            found[section_id] = SectionCounts(count, *done)
        return found

    async def questions(self) -> list[QuestionCounts]:
        """Each question that counts, in no order but that of its section."""
        first = Attempt.nth == 1
        disputes = select(func.count()).where(Dispute.question_id == Question.id).scalar_subquery()
        rows = await self._session.execute(
            select(
                Question.id,
                Question.section_id,
                Question.prompt,
                func.count(Attempt.learner_id.distinct()),
                func.count().filter(first, Attempt.correct),
                func.count().filter(Attempt.skipped),
                disputes,
            )
            .join(Section, Section.id == Question.section_id)
            .outerjoin(Attempt, Attempt.question_id == Question.id)
            .where(Section.course_id == self._course, Question.voided_at.is_(None))
            .group_by(Question.id, Question.section_id, Question.prompt, Question.position)
            .order_by(Question.section_id, Question.position)
        )
        return [QuestionCounts(*row) for row in rows]

    async def days(self, since: datetime) -> list[DayCounts]:
        """Each day since then on which a section was completed."""
        day = type_coerce(Completion.completed_at, BigInteger) // _DAY_MS
        rows = await self._session.execute(
            select(day, func.count(), func.count(Completion.learner_id.distinct()))
            .where(Completion.course_id == self._course, Completion.completed_at >= since)
            .group_by(day)
            .order_by(day)
        )
        return [DayCounts(*row) for row in rows]

    async def finished(self, since: datetime) -> dict[int, int]:
        """How many came through the course, by day."""
        done = self._done()
        day = type_coerce(done.c.last, BigInteger) // _DAY_MS
        rows = await self._session.execute(
            select(day, func.count()).where(done.c.n >= self._total, done.c.last >= since).group_by(day)
        )
        return {row[0]: row[1] for row in rows}

    async def silent(self, before: datetime, limit: int) -> list[SilentRow]:
        """Who is not through and was there last (or came) before then, the longest silent first."""
        done = self._done()
        count = func.coalesce(done.c.n, 0)
        rows = await self._session.execute(
            select(Enrolment.learner_id, Learner.name, count, Enrolment.last_accessed_at)
            .join(Learner, Learner.id == Enrolment.learner_id)
            .outerjoin(done, done.c.learner_id == Enrolment.learner_id)
            .where(*self._gone_quiet(done, before))
            .order_by(Enrolment.last_accessed_at, Enrolment.learner_id)
            .limit(limit)
        )
        return [SilentRow(*row) for row in rows]

    async def names(self, learner_ids: Sequence[int]) -> dict[int, str]:
        """What learners are called now, those that are still there."""
        rows = await self._session.execute(select(Learner.id, Learner.name).where(Learner.id.in_(learner_ids)))
        return {row[0]: row[1] for row in rows}

    async def stops(self, before: datetime) -> dict[int | None, int]:
        """The section that the silent completed last (None: none), and how many of them it is the last of."""
        done = self._done()
        last = and_(Completion.learner_id == Enrolment.learner_id, Completion.id == done.c.newest)
        rows = await self._session.execute(
            select(Completion.section_id, func.count())
            .select_from(Enrolment)
            .outerjoin(done, done.c.learner_id == Enrolment.learner_id)
            .outerjoin(Completion, last)
            .where(*self._gone_quiet(done, before))
            .group_by(Completion.section_id)
        )
        return {row[0]: row[1] for row in rows}

    def _gone_quiet(self, done: Subquery, before: datetime) -> tuple[Any, ...]:
        unfinished = or_(done.c.n.is_(None), done.c.n < self._total)
        return (Enrolment.course_id == self._course, Enrolment.last_accessed_at < before, unfinished)

    def _done(self) -> Subquery:
        """Per learner: how many sections are completed, when the last was, and the newest row."""
        return (
            select(
                Completion.learner_id,
                func.count().label("n"),
                func.max(Completion.completed_at).label("last"),
                func.max(Completion.id).label("newest"),
            )
            .where(Completion.course_id == self._course)
            .group_by(Completion.learner_id)
            .subquery()
        )

    def _times(self) -> Any:
        """Per section: completions, and mean and median of their seconds (the middle one, or the mean of the two)."""
        inner = (
            select(
                Completion.section_id,
                Completion.seconds,
                func.row_number()
                .over(partition_by=Completion.section_id, order_by=(Completion.seconds, Completion.id))
                .label("place"),
                func.count().over(partition_by=Completion.section_id).label("n"),
            )
            .where(Completion.course_id == self._course)
            .subquery()
        )
        middle = and_(inner.c.place * 2 >= inner.c.n, inner.c.place * 2 <= inner.c.n + 2)
        return select(
            inner.c.section_id,
            func.count().label("completed"),
            func.avg(inner.c.seconds).label("mean"),
            func.avg(inner.c.seconds).filter(middle).label("median"),
        ).group_by(inner.c.section_id)
