"""What figures about one learner, and about everything, are made of. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.learning_path import completed_too
from storage.models import Completion, Course, Enrolment, Generation, Learner, Reading, Spending, Work

Windows = Mapping[str, datetime]  # name of a window → since when


@dataclass(frozen=True, slots=True)
class DoneRow:
    """One completion of somebody."""

    course_id: int
    section_id: int
    lesson_id: int
    completed_at: datetime
    seconds: int


class LearnerFiguresRepository:
    """Of one learner."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def totals(self, learner_id: int) -> tuple[int, int]:
        """How many sections are completed, and the seconds spent on these and on what is half read."""
        query = select(func.count(), func.coalesce(func.sum(Completion.seconds), 0))
        done = (await self._session.execute(query.where(Completion.learner_id == learner_id))).one()
        half = await self._session.scalar(
            select(func.coalesce(func.sum(Reading.seconds), 0)).where(
                Reading.learner_id == learner_id, ~completed_too()
            )
        )
        return done[0], int(done[1]) + int(half or 0)

    async def completions(self, learner_id: int, since: datetime) -> list[DoneRow]:
        """The completions since then, the oldest first."""
        return await self._rows(Completion.learner_id == learner_id, Completion.completed_at >= since)

    async def last(self, learner_id: int, count: int) -> list[DoneRow]:
        """The last completions."""
        ids = (
            select(Completion.id)
            .where(Completion.learner_id == learner_id)
            .order_by(Completion.completed_at.desc(), Completion.id.desc())
            .limit(count)
        )
        return await self._rows(Completion.id.in_(ids.scalar_subquery()))

    async def half_read(self, learner_id: int, since: datetime) -> list[tuple[datetime, int]]:
        """When sections that are not completed were opened, and their seconds."""
        rows = await self._session.execute(
            select(Reading.opened_at, Reading.seconds).where(
                Reading.learner_id == learner_id, Reading.opened_at >= since, ~completed_too()
            )
        )
        return [(row[0], row[1]) for row in rows]

    async def _rows(self, *where: ColumnElement[bool]) -> list[DoneRow]:
        rows = await self._session.execute(
            select(
                Completion.course_id,
                Completion.section_id,
                Completion.lesson_id,
                Completion.completed_at,
                Completion.seconds,
            )
            .where(*where)
            .order_by(Completion.completed_at, Completion.id)
        )
        return [DoneRow(*row) for row in rows]


class PlatformFiguresRepository:
    """Of everything. The answers per window are in the order of `windows`."""

    def __init__(self, session: AsyncSession, windows: Windows) -> None:
        self._session = session
        self._windows = windows

    async def totals(self) -> tuple[int, int, int, int]:
        """Learners, courses that are ready, those of them that are public, and work that was given up."""
        ready = Course.state == "ready"
        queries = (
            select(func.count()).select_from(Learner),
            select(func.count()).select_from(Course).where(ready),
            select(func.count()).select_from(Course).where(ready, Course.visibility == "public"),
            select(func.count()).select_from(Work).where(Work.state == "aside"),
        )
        learners, courses, public, aside = [await self._session.scalar(query) or 0 for query in queries]
        return learners, courses, public, aside

    async def active(self) -> dict[str, int]:
        """Learners who did something: wrote, called, or were in a course."""
        found: dict[str, int] = {}
        for name, since in self._windows.items():
            in_course = (
                select(Enrolment.course_id)
                .where(Enrolment.learner_id == Learner.id, Enrolment.last_accessed_at >= since)
                .exists()
            )
            query = select(func.count()).select_from(Learner).where(or_(Learner.seen_at >= since, in_course))
            found[name] = await self._session.scalar(query) or 0
        return found

    async def completions(self) -> dict[str, int]:
        """Sections completed."""
        return (await self._counts(select(), Completion.completed_at))[()]

    async def generations(self) -> dict[tuple[Any, ...], dict[str, int]]:
        """Generations asked for, by state and failure (None if it did not fail)."""
        return await self._counts(select(Generation.state, Generation.failure), Generation.created_at)

    async def cost(self) -> dict[str, int]:
        """What calls of models came to, in millionths of a US dollar; one that is not settled counts at its worst."""
        amount = func.coalesce(Spending.spent, Spending.reserved)
        sums = [func.coalesce(func.sum(amount).filter(Spending.at >= since), 0) for since in self._windows.values()]
        query = select(*sums).where(Spending.at >= min(self._windows.values()))
        return dict(zip(self._windows, map(int, (await self._session.execute(query)).one()), strict=True))

    async def _counts(self, groups: Any, at: Any) -> dict[tuple[Any, ...], dict[str, int]]:
        columns = list(groups.selected_columns)
        counts = [func.count().filter(at >= since) for since in self._windows.values()]
        query = groups.add_columns(*counts).where(at >= min(self._windows.values())).group_by(*columns)
        rows = (await self._session.execute(query)).all()
        return {tuple(row[: len(columns)]): dict(zip(self._windows, row[len(columns) :], strict=True)) for row in rows}
