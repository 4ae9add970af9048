"""Figures of what was spent: open calls, how far estimates were off, the dearest courses. Amounts are millionths of a
US dollar; a call that is not settled counts at its worst case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Generation, Spending

SOLVING = "solve"  # the step of calls for disputed questions
_AMOUNT = func.coalesce(Spending.spent, Spending.reserved)


@dataclass(frozen=True, slots=True)
class Estimated:
    """Over courses that were estimated and are ready: how many, the sums of what was expected, of what they came to,
    and of how far each was off (never below 0)."""

    courses: int
    estimated: int
    came_to: int
    off: int


@dataclass(frozen=True, slots=True)
class CourseSpent:
    """What the making of a course came to. `course_id` is None once the course is deleted."""

    generation_id: int
    course_id: int | None
    amount: int
    estimate: int | None
    calls: int


class SpendingRepository:
    """One session's view of the figures."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def open(self) -> tuple[int, int]:
        """Calls that are not settled, and what is reserved for them."""
        query = select(func.count(), func.coalesce(func.sum(Spending.reserved), 0)).where(Spending.spent.is_(None))
        calls, amount = (await self._session.execute(query)).one()
        return int(calls), int(amount)

    async def estimated(self, since: datetime) -> Estimated:
        """How good the estimates of courses that became ready since then were. What solving their disputed questions
        cost later is no part of it."""
        each = (
            select(Generation.estimate.label("expected"), func.sum(_AMOUNT).label("came_to"))
            .join(Spending, Spending.generation_id == Generation.id)
            .where(Generation.state == "ready", Generation.finished_at >= since, Generation.estimate.is_not(None))
            .where(Spending.step != SOLVING)
            .group_by(Generation.id)
            .subquery()
        )
        sums = (each.c.expected, each.c.came_to, func.abs(each.c.came_to - each.c.expected))
        query = select(func.count(), *(func.coalesce(func.sum(one), 0) for one in sums)).select_from(each)
        return Estimated(*map(int, (await self._session.execute(query)).one()))

    async def dearest(self, since: datetime, most: int) -> Sequence[CourseSpent]:
        """The courses that cost most since then, the dearest first."""
        amount = func.sum(_AMOUNT)
        query = (
            select(Generation.id, Generation.course_id, amount, Generation.estimate, func.count())
            .join(Spending, Spending.generation_id == Generation.id)
            .where(Spending.at >= since)
            .group_by(Generation.id)
            .order_by(amount.desc(), Generation.id)
            .limit(most)
        )
        rows = await self._session.execute(query)
        return [CourseSpent(row[0], row[1], int(row[2]), row[3], int(row[4])) for row in rows]
