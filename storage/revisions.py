"""How it is known that something has changed: numbers that a write raises in its own transaction.

Whoever keeps what was read compares the number that it was read with. So nothing that is kept outlives a change, in
whichever process that was made, and whatever became of that process after its commit."""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Course, Enrolment


async def course_changes(session: AsyncSession, course_id: int) -> None:
    """Say that what is read of a course changes in this transaction: before any of its lessons and sections is locked,
    so that whoever changes the course and whoever deletes it take turns. Nothing happens if it is not there."""
    query = update(Course).where(Course.id == course_id).values(revision=Course.revision + 1)
    await session.execute(query, execution_options={"synchronize_session": False})


async def course_revision(session: AsyncSession, course_id: int) -> int | None:
    """Which state a course is in; None if it is not there."""
    return await session.scalar(select(Course.revision).where(Course.id == course_id))


async def learning_of(session: AsyncSession, learner_id: int) -> str:
    """Another text whenever something has changed in what a learner has done, or in their courses."""
    rows = await session.execute(
        select(Enrolment.course_id, Enrolment.revision, Course.revision, Enrolment.archived_at.is_(None))
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.learner_id == learner_id)
        .order_by(Enrolment.course_id)
    )
    return ";".join(f"{course},{done},{shape},{listed:d}" for course, done, shape, listed in rows)


async def learning_in(session: AsyncSession, course_id: int) -> str:
    """Another text whenever something has changed in what anybody has done in a course, or in the course."""
    rows = await session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(Enrolment.revision), 0),
            # Somebody who leaves and somebody who comes could make the same sum; but they come later.
            func.max(Enrolment.enrolled_at),
            select(Course.revision).where(Course.id == course_id).scalar_subquery(),
        ).where(Enrolment.course_id == course_id)
    )
    return ",".join(map(str, rows.one()))
