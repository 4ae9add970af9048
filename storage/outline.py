"""A course as planned: lessons with their contracts and sections in order, without texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Course, Lesson, Section

LEAST_SECTIONS = 2  # that a lesson will have whose contract is not there yet


@dataclass(frozen=True, slots=True)
class SectionOutline:
    """A section as planned, when it was written, if it is, and what became of it (columns of `Section`)."""

    id: int
    lesson_id: int
    position: int
    title: str
    focus: str
    passages: tuple[str, ...]
    minutes: int
    written: bool
    written_at: datetime | None
    outcome: str
    objectives: tuple[int, ...]
    failure: str | None
    quiz: str
    findings: Sequence[dict[str, str]]


@dataclass(frozen=True, slots=True)
class LessonOutline:
    """A lesson with its sections in order; none before its contract is there."""

    id: int
    course_id: int
    position: int
    title: str
    objectives: tuple[str, ...]
    state: str
    failure: str | None
    sections: tuple[SectionOutline, ...]
    contract: Mapping[str, Any]
    made: Mapping[str, str] | None

    @property
    def planned(self) -> bool:
        """Whether its contract is there."""
        return bool(self.sections)

    @property
    def missing(self) -> tuple[int, ...]:
        """Places (0-based) of the sections that are not written."""
        return tuple(section.position for section in self.sections if not section.written)

    @property
    def bodies(self) -> tuple[int, ...]:
        """Places of the sections to ask for: not written, and not given up either."""
        return tuple(section.position for section in self.sections if not section.written and section.failure is None)

    @property
    def quizzes(self) -> tuple[int, ...]:
        """Places of the sections that are written and wait for their questions."""
        return tuple(section.position for section in self.sections if section.written and section.quiz == "missing")

    @property
    def unasked(self) -> tuple[int, ...]:
        """Places of the sections that are written and whose questions were given up."""
        return tuple(section.position for section in self.sections if section.written and section.quiz == "unavailable")

    @property
    def settled(self) -> bool:
        """Whether nothing is left to ask for: all is written, or what is not was given up."""
        return self.planned and not self.bodies and not self.quizzes


def sections_of_course() -> ColumnElement[int]:
    """How many sections the `Course` of a query has, as `CourseView.sections_total` counts them."""
    planned = select(func.count()).select_from(Section).where(Section.course_id == Course.id)
    unplanned = select(func.count()).select_from(Lesson).where(Lesson.course_id == Course.id)
    unplanned = unplanned.where(~select(Section.id).where(Section.lesson_id == Lesson.id).exists())
    return planned.correlate(Course).scalar_subquery() + LEAST_SECTIONS * unplanned.correlate(Course).scalar_subquery()


async def read_outline(session: AsyncSession, course_id: int) -> tuple[LessonOutline, ...]:
    """All lessons in order with their sections; empty before there is a plan."""
    lessons = await session.scalars(select(Lesson).where(Lesson.course_id == course_id).order_by(Lesson.position))
    columns = (
        Section.id,
        Section.lesson_id,
        Section.position,
        Section.title,
        Section.focus,
        Section.passages,
        Section.minutes,
        (Section.body != "").label("written"),
        Section.written_at,
        Section.outcome,
        Section.objectives,
        Section.failure,
        Section.quiz,
        Section.findings,
    )
    rows = await session.execute(
        select(*columns).where(Section.course_id == course_id).order_by(Section.lesson_id, Section.position)
    )
    sections: dict[int, list[SectionOutline]] = {}
    for row in rows:
        lists = {"passages": tuple(row.passages), "objectives": tuple(row.objectives)}
        values = {**row._mapping, **lists, "written": bool(row.written)}
        sections.setdefault(row.lesson_id, []).append(SectionOutline(**values))
    return tuple(_lesson(lesson, sections.get(lesson.id, [])) for lesson in lessons)


def _lesson(lesson: Lesson, sections: Sequence[SectionOutline]) -> LessonOutline:
    return LessonOutline(
        id=lesson.id,
        course_id=lesson.course_id,
        position=lesson.position,
        title=lesson.title,
        objectives=tuple(lesson.objectives),
        state=lesson.state,
        failure=lesson.failure,
        sections=tuple(sections),
        contract=lesson.contract,
        made=lesson.made,
    )
