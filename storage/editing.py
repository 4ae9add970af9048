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
from storage.questions import columns_of, counting, replace_questions
from storage.revisions import course_changes

_COPIED = ("title", "focus", "passages", "minutes", "body", "citations", "version", "written_at", "position")
_KEPT = ("version", "title", "body", "minutes", "citations")
_COPIED_QUESTION = ("position", "prompt", "options", "key", "hint", "seed", "voided_at")


@dataclass(frozen=True, slots=True)
class HandwrittenSection:
    """A section by hand; `questions` are the columns prompt, options, key and hint of each."""

    title: str
    minutes: int
    body: str
    questions: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Handwritten:
    """A lesson by hand."""

    title: str
    objectives: Sequence[str]
    sections: Sequence[HandwrittenSection]


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
        course.revision += 1
        await self._session.flush()

    async def add_lesson(self, course_id: int, position: int, lesson: Handwritten, now: datetime) -> None:
        """Add a lesson that is written already."""
        row = await self._lesson(course_id, position, lesson.title, lesson.objectives, "ready", None)
        for place, one in enumerate(lesson.sections):
            section = Section(
                course_id=course_id,
                lesson_id=row.id,
                position=place,
                title=one.title,
                focus="",
                passages=[],
                minutes=one.minutes,
                body=one.body,
                citations=[],
                version=1,
                written_at=now,
            )
            self._session.add(section)
            if one.questions:
                await self._session.flush()
                await replace_questions(self._session, section, one.questions, now)
        await self._session.flush()

    async def section(self, course_id: int, lesson_id: int, section_id: int) -> Section | None:
        """A section to be changed, locked until this transaction ends; None if it is not in that lesson of that
        course."""
        await course_changes(self._session, course_id)
        query = select(Section).where(
            Section.id == section_id, Section.lesson_id == lesson_id, Section.course_id == course_id
        )
        query = query.with_for_update()
        return (await self._session.scalars(query, execution_options={"populate_existing": True})).one_or_none()

    async def questions(self, section_id: int) -> int:
        """How many questions of a section count."""
        query = select(func.count()).where(Question.section_id == section_id, Question.voided_at.is_(None))
        return await self._session.scalar(query) or 0

    async def replace(
        self,
        section: Section,
        editor_id: int,
        values: Mapping[str, Any],
        now: datetime,
        questions: Sequence[Mapping[str, Any]] | None = None,
    ) -> None:
        """Give a locked section its next version (title, body, minutes…); the one before is kept. `questions` (the
        columns prompt, options, key and hint of each) take the place of those it has; with None these stay."""
        if section.body:
            before = {name: getattr(section, name) for name in _KEPT}
            before["questions"] = [columns_of(one) for one in await counting(self._session, section.id)]
            self._session.add(SectionVersion(section_id=section.id, **before, replaced_at=now, replaced_by=editor_id))
        for name, value in values.items():
            setattr(section, name, value)
        section.version, section.written_at = section.version + 1, now
        if questions is not None:
            await replace_questions(self._session, section, questions, now)
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

    async def version(self, section_id: int, version: int) -> SectionVersion | None:
        """What a section was in that version; None if it never was (or still is)."""
        query = select(SectionVersion).where(SectionVersion.section_id == section_id, SectionVersion.version == version)
        return (await self._session.scalars(query)).one_or_none()

    async def lesson_ids(self, course_id: int) -> list[int]:
        """The lessons of a course in order."""
        query = select(Lesson.id).where(Lesson.course_id == course_id).order_by(Lesson.position)
        return list(await self._session.scalars(query))

    async def order_lessons(self, course_id: int, lesson_ids: Sequence[int]) -> None:
        """Put the lessons of a course in this order; `lesson_ids` are all of them."""
        await course_changes(self._session, course_id)
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
