"""Courses that people write, change and copy by hand. What a generation writes is in `storage.writing`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.courses import CourseShape
from storage.models import Course, Lesson, Picture, Question, Section, SectionVersion
from storage.models.courses import searchable

_COPIED = (
    *("title", "focus", "passages", "minutes", "body", "citations", "version", "written_at", "position"),
    *("outcome", "objectives", "made", "failure", "quiz", "findings"),
)
_COPIED_QUESTION = (
    *("position", "prompt", "options", "key", "hint", "seed", "voided_at"),
    *("objective", "bloom", "made"),
)


@dataclass(frozen=True, slots=True)
class Handwritten:
    """A lesson by hand: title, objectives, and its sections' title, minutes and body."""

    title: str
    objectives: Sequence[str]
    sections: Sequence[tuple[str, int, str]]


class EditingRepository:
    """Writes into courses. Whose course it is was asked by the caller."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, course_id: int) -> Course | None:
        """The course as it is now, and nobody else's to change before this transaction ends."""
        query = select(Course).where(Course.id == course_id).with_for_update()
        return (await self._session.scalars(query, execution_options={"populate_existing": True})).one_or_none()

    async def change(self, course: Course, values: Mapping[str, Any]) -> None:
        """Give a locked course other values; what a search looks in follows."""
        for name, value in values.items():
            setattr(course, name, value)
        course.search = searchable(course.title, course.description)
        await self._session.flush()

    async def add_lesson(self, course_id: int, position: int, lesson: Handwritten, now: datetime) -> None:
        """Add a lesson that is written already."""
        row = await self._lesson(course_id, position, lesson.title, lesson.objectives, "ready", None)
        for place, (title, minutes, body) in enumerate(lesson.sections):
            self._session.add(
                Section(
                    course_id=course_id,
                    lesson_id=row.id,
                    position=place,
                    title=title,
                    focus="",
                    passages=[],
                    minutes=minutes,
                    body=body,
                    citations=[],
                    version=1,
                    written_at=now,
                )
            )
        await self._session.flush()

    async def section(self, course_id: int, lesson_id: int, section_id: int) -> Section | None:
        """A section, locked until this transaction ends; None if it is not in that lesson of that course."""
        query = select(Section).where(
            Section.id == section_id, Section.lesson_id == lesson_id, Section.course_id == course_id
        )
        query = query.with_for_update()
        return (await self._session.scalars(query, execution_options={"populate_existing": True})).one_or_none()

    async def questions(self, section_id: int) -> int:
        """How many questions of a section count."""
        query = select(func.count()).where(Question.section_id == section_id, Question.voided_at.is_(None))
        return await self._session.scalar(query) or 0

    async def replace(self, section: Section, editor_id: int, values: Mapping[str, Any], now: datetime) -> None:
        """Give a locked section its next version (title, body, minutes); the one before is kept."""
        if section.body:
            before = {"section_id": section.id, "version": section.version, "title": section.title}
            before |= {"body": section.body, "minutes": section.minutes, "citations": section.citations}
            self._session.add(SectionVersion(**before, replaced_at=now, replaced_by=editor_id))
        for name, value in values.items():
            setattr(section, name, value)
        section.version, section.written_at = section.version + 1, now
        await self._session.flush()

    async def complete_lesson(self, lesson_id: int) -> None:
        """Call a lesson ready if all its sections are written."""
        unwritten = select(Section.id).where(Section.lesson_id == lesson_id, Section.body == "").exists()
        query = update(Lesson).where(Lesson.id == lesson_id, ~unwritten)
        await self._session.execute(query.values(state="ready", failure=None))

    async def versions(self, section_id: int) -> Sequence[SectionVersion]:
        """What a section was before, the newest first."""
        query = select(SectionVersion).where(SectionVersion.section_id == section_id)
        return (await self._session.scalars(query.order_by(SectionVersion.version.desc()))).all()

    async def lesson_ids(self, course_id: int) -> list[int]:
        """The lessons of a course in order."""
        query = select(Lesson.id).where(Lesson.course_id == course_id).order_by(Lesson.position)
        return list(await self._session.scalars(query))

    async def order_lessons(self, course_id: int, lesson_ids: Sequence[int]) -> None:
        """Put the lessons of a course in this order; `lesson_ids` are all of them."""
        # Out of the way first: two lessons cannot have one place.
        mine = Lesson.course_id == course_id
        await self._session.execute(update(Lesson).where(mine).values(position=-1 - Lesson.position))
        for place, lesson_id in enumerate(lesson_ids):
            await self._session.execute(update(Lesson).where(mine, Lesson.id == lesson_id).values(position=place))

    async def copy(self, shape: CourseShape, course_id: int) -> None:
        """Copy the lessons, sections, questions and picture of a course into another, empty one."""
        homes: dict[int, list[Section]] = {}
        for section in shape.sections:
            homes.setdefault(section.lesson_id, []).append(section)
        for lesson in shape.lessons:
            row = await self._lesson(
                course_id, lesson.position, lesson.title, lesson.objectives, lesson.state, lesson.failure
            )
            row.contract, row.made = lesson.contract, lesson.made
            for section in homes.get(lesson.id, ()):
                await self._copy_section(section, course_id, row.id)
        picture = await self._session.get(Picture, shape.course.id)
        if picture is not None:
            values = {"png": picture.png, "alternative_text": picture.alternative_text, "file_id": picture.file_id}
            self._session.add(Picture(course_id=course_id, **values))
        await self._session.flush()

    async def _copy_section(self, section: Section, course_id: int, lesson_id: int) -> None:
        copied = Section(course_id=course_id, lesson_id=lesson_id, **{name: getattr(section, name) for name in _COPIED})
        self._session.add(copied)
        await self._session.flush()
        query = select(Question).where(Question.section_id == section.id).order_by(Question.position)
        for question in (await self._session.scalars(query)).all():
            values = {name: getattr(question, name) for name in _COPIED_QUESTION}
            self._session.add(Question(section_id=copied.id, **values))

    async def _lesson(
        self, course_id: int, position: int, title: str, objectives: Sequence[str], state: str, failure: str | None
    ) -> Lesson:
        row = Lesson(
            course_id=course_id,
            position=position,
            title=title,
            objectives=list(objectives),
            state=state,
            failure=failure,
        )
        self._session.add(row)
        await self._session.flush()
        return row
