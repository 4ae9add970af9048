"""What a generation writes into its course: the plan, the sections with their questions, the picture.

Everything here is called with the generation's row locked (`GenerationRepository.lock`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Lesson, Picture, Question, Section
from storage.upsert import insert_or_ignore


@dataclass(frozen=True, slots=True)
class SectionOutline:
    """A section as planned, and when it was written, if it is."""

    id: int
    lesson_id: int
    position: int
    title: str
    focus: str
    passages: tuple[str, ...]
    minutes: int
    written: bool
    written_at: datetime | None


@dataclass(frozen=True, slots=True)
class LessonOutline:
    """A lesson with its sections in order, without their texts."""

    id: int
    position: int
    title: str
    objectives: tuple[str, ...]
    state: str
    failure: str | None
    sections: tuple[SectionOutline, ...]

    @property
    def missing(self) -> tuple[int, ...]:
        """Places (0-based) of the sections that are not written."""
        return tuple(section.position for section in self.sections if not section.written)


class WritingRepository:
    """The unfinished course, step by step."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def outline(self, course_id: int) -> tuple[LessonOutline, ...]:
        """All lessons in order with their sections; empty before there is a plan."""
        lessons = await self._session.scalars(
            select(Lesson).where(Lesson.course_id == course_id).order_by(Lesson.position)
        )
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
        )
        rows = await self._session.execute(
            select(*columns).where(Section.course_id == course_id).order_by(Section.lesson_id, Section.position)
        )
        sections: dict[int, list[SectionOutline]] = {}
        for row in rows:
            values = {**row._mapping, "passages": tuple(row.passages), "written": bool(row.written)}
            sections.setdefault(row.lesson_id, []).append(SectionOutline(**values))
        return tuple(_lesson(lesson, sections.get(lesson.id, [])) for lesson in lessons)

    async def add_lesson(
        self,
        course_id: int,
        position: int,
        title: str,
        objectives: Sequence[str],
        sections: Sequence[Mapping[str, Any]],
    ) -> None:
        """Add a planned lesson with its planned sections (title, focus, minutes, passages)."""
        lesson = Lesson(
            course_id=course_id,
            position=position,
            title=title,
            objectives=list(objectives),
            state="waiting",
            failure=None,
        )
        self._session.add(lesson)
        await self._session.flush()
        for index, section in enumerate(sections):
            fixed = {"course_id": course_id, "lesson_id": lesson.id, "position": index}
            self._session.add(Section(**fixed, **section, body="", citations=[], version=0, written_at=None))
        await self._session.flush()

    async def save_section(
        self, lesson_id: int, position: int, written: Mapping[str, Any], questions: Sequence[Mapping[str, Any]]
    ) -> int | None:
        """Fill a section that has no text yet (title, body, minutes, citations, written_at) and give it questions.

        Returns its id; None (and nothing changes) if it had been written before."""
        query = (
            update(Section)
            .where(Section.lesson_id == lesson_id, Section.position == position, Section.body == "")
            .values(**written, version=1)
            .returning(Section.id)
        )
        section_id = await self._session.scalar(query)
        if section_id is None:
            return None
        for index, question in enumerate(questions):
            self._session.add(Question(section_id=section_id, position=index, voided_at=None, **question))
        await self._session.flush()
        return section_id

    async def unwritten(self, lesson_id: int) -> int:
        """How many sections of a lesson have no text yet."""
        query = select(func.count()).where(Section.lesson_id == lesson_id, Section.body == "")
        return await self._session.scalar(query) or 0

    async def set_lesson(self, lesson_id: int, state: str, failure: str | None = None) -> None:
        """Give a lesson another state."""
        await self._session.execute(update(Lesson).where(Lesson.id == lesson_id).values(state=state, failure=failure))

    async def reset_lessons(self, course_id: int, states: Sequence[str]) -> None:
        """Let all lessons in one of these states wait to be written."""
        query = update(Lesson).where(Lesson.course_id == course_id, Lesson.state.in_(states))
        await self._session.execute(query.values(state="waiting", failure=None))

    async def fail_open_lessons(self, course_id: int, failure: str) -> None:
        """Let all lessons that are not finished count as failed."""
        query = update(Lesson).where(Lesson.course_id == course_id, Lesson.state.in_(["waiting", "writing"]))
        await self._session.execute(query.values(state="failed", failure=failure))

    async def count_lessons(self, course_id: int) -> tuple[int, int]:
        """How many lessons are ready, and how many there are."""
        ready = func.count().filter(Lesson.state == "ready")
        row = (await self._session.execute(select(ready, func.count()).where(Lesson.course_id == course_id))).one()
        return row[0], row[1]

    async def add_picture(self, course_id: int, png: bytes, alternative_text: str) -> bool:
        """Store the course's picture; False if it has one."""
        values = {"course_id": course_id, "png": png, "alternative_text": alternative_text, "file_id": None}
        return await insert_or_ignore(self._session, Picture, values)

    async def has_picture(self, course_id: int) -> bool:
        """Whether the course has its picture."""
        return (await self._session.scalar(select(Picture.course_id).where(Picture.course_id == course_id))) is not None

    async def keep(self, course_id: int, lesson_ids: Sequence[int]) -> None:
        """Reduce the course to these lessons and in them to what is written; places are counted anew from 0."""
        kept = Lesson.id.in_(lesson_ids)
        await self._session.execute(delete(Lesson).where(Lesson.course_id == course_id, ~kept))
        await self._session.execute(delete(Section).where(Section.course_id == course_id, Section.body == ""))
        # Ascending, so that a place is free before somebody moves into it.
        for index, lesson_id in enumerate(lesson_ids):
            query = update(Lesson).where(Lesson.id == lesson_id)
            await self._session.execute(query.values(position=index, state="ready", failure=None))
            sections = await self._session.scalars(
                select(Section.id).where(Section.lesson_id == lesson_id).order_by(Section.position)
            )
            for place, section_id in enumerate(sections.all()):
                await self._session.execute(update(Section).where(Section.id == section_id).values(position=place))


def _lesson(lesson: Lesson, sections: Sequence[SectionOutline]) -> LessonOutline:
    return LessonOutline(
        id=lesson.id,
        position=lesson.position,
        title=lesson.title,
        objectives=tuple(lesson.objectives),
        state=lesson.state,
        failure=lesson.failure,
        sections=tuple(sections),
    )
