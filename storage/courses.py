"""Courses as they are read, listed and owned. What a generation writes into them is in `storage.writing`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Completion, Course, Enrolment, Generation, Lesson, Picture, Question, Section
from storage.models.courses import searchable
from storage.upsert import insert_or_ignore


@dataclass(frozen=True, slots=True)
class CourseShape:
    """A course with all its lessons and sections in order, how many questions count in each section, and what its
    picture shows, in words (None without a picture)."""

    course: Course
    lessons: Sequence[Lesson]
    sections: Sequence[Section]
    questions: dict[int, int]
    picture: str | None


@dataclass(frozen=True, slots=True)
class CourseEntry:
    """A course in somebody's list: counts of their completions and of all sections, and its last generation."""

    id: int
    title: str
    owner_id: int
    state: str
    archived: bool
    last_accessed_at: datetime
    sections: int
    done: int
    generation_id: int | None


class CourseRepository:
    """Courses, who may see them, and their pictures."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, **columns: Any) -> Course:
        """Store a new course (columns of `Course`)."""
        row = Course(**columns)
        self._session.add(row)
        await self._session.flush()
        return row

    async def enrol(self, learner_id: int, course_id: int, now: datetime) -> bool:
        """Join a learner and a course; False if they were joined before."""
        values = {"learner_id": learner_id, "course_id": course_id, "enrolled_at": now, "last_accessed_at": now}
        return await insert_or_ignore(self._session, Enrolment, values)

    async def get(self, course_id: int) -> Course | None:
        """The course itself, without lessons."""
        return await self._session.get(Course, course_id)

    async def shape(self, course_id: int) -> CourseShape | None:
        """The course with everything that is in it; five reads, whatever its size."""
        course = await self.get(course_id)
        if course is None:
            return None
        lessons = await self._session.scalars(
            select(Lesson).where(Lesson.course_id == course_id).order_by(Lesson.position)
        )
        sections = await self._session.scalars(
            select(Section).where(Section.course_id == course_id).order_by(Section.lesson_id, Section.position)
        )
        counts = await self._session.execute(
            select(Question.section_id, func.count())
            .join(Section, Section.id == Question.section_id)
            .where(Section.course_id == course_id, Question.voided_at.is_(None))
            .group_by(Question.section_id)
        )
        picture = await self._session.scalar(select(Picture.alternative_text).where(Picture.course_id == course_id))
        return CourseShape(course, lessons.all(), sections.all(), {row[0]: row[1] for row in counts}, picture)

    async def home(self, section_id: int) -> int | None:
        """The id of the course that a section is in."""
        return await self._session.scalar(select(Section.course_id).where(Section.id == section_id))

    async def enrolled_at(self, learner_id: int, course_id: int) -> datetime | None:
        """Since when the learner is enrolled in the course."""
        query = select(Enrolment.enrolled_at)
        return await self._session.scalar(
            query.where(Enrolment.learner_id == learner_id, Enrolment.course_id == course_id)
        )

    async def may_see(self, learner_id: int, course_id: int) -> bool:
        """Whether the learner owns the course, is enrolled in it, or it is published."""
        joined = select(Enrolment.course_id).where(Enrolment.learner_id == learner_id, Enrolment.course_id == course_id)
        published = and_(Course.visibility == "public", Course.state == "ready")
        query = select(Course.id).where(
            Course.id == course_id, or_(Course.owner_id == learner_id, published, joined.exists())
        )
        return (await self._session.scalar(query)) is not None

    async def questions(self, section_ids: Sequence[int]) -> Sequence[Question]:
        """The questions of these sections that count, in order."""
        query = select(Question).where(Question.section_id.in_(section_ids), Question.voided_at.is_(None))
        return (await self._session.scalars(query.order_by(Question.section_id, Question.position))).all()

    async def entries(self, learner_id: int, *, archived: bool) -> list[CourseEntry]:
        """The learner's courses, the one last opened first."""
        rows = await self._session.execute(_entries(learner_id, archived=archived))
        return [
            CourseEntry(
                id=row.id,
                title=row.title,
                owner_id=row.owner_id,
                state=row.state,
                archived=archived,
                last_accessed_at=row.last_accessed_at,
                sections=row.sections,
                done=row.done,
                generation_id=row.generation_id,
            )
            for row in rows
        ]

    async def rename(self, course_id: int, owner_id: int, title: str) -> bool:
        """Give the owner's course another title; False if it is not theirs."""
        query = select(Course).where(Course.id == course_id, Course.owner_id == owner_id).with_for_update()
        course = (await self._session.scalars(query, execution_options={"populate_existing": True})).one_or_none()
        if course is None:
            return False
        course.title, course.search = title, searchable(title, course.description)
        course.revision += 1
        return True

    async def archive(self, learner_id: int, course_id: int, at: datetime | None) -> bool:
        """Put the course aside in the learner's list, or (None) bring it back; False if it is not in their list."""
        query = update(Enrolment).where(Enrolment.learner_id == learner_id, Enrolment.course_id == course_id)
        return (await self._session.scalar(query.values(archived_at=at).returning(Enrolment.course_id))) is not None

    async def delete(self, course_id: int) -> None:
        """Remove the course and everything that belongs to it."""
        await self._session.execute(delete(Course).where(Course.id == course_id))

    async def picture(self, course_id: int) -> Picture | None:
        """The course's picture."""
        return await self._session.get(Picture, course_id)

    async def remember_picture(self, course_id: int, file_id: str) -> None:
        """Remember how Telegram calls the picture, so that it is uploaded once."""
        await self._session.execute(update(Picture).where(Picture.course_id == course_id).values(file_id=file_id))


def _entries(learner_id: int, *, archived: bool) -> Select[Any]:
    sections = select(func.count()).where(Section.course_id == Course.id).scalar_subquery()
    done = (
        select(func.count())
        .select_from(Completion)
        .where(Completion.learner_id == learner_id, Completion.course_id == Course.id)
        .scalar_subquery()
    )
    generation = select(func.max(Generation.id)).where(Generation.course_id == Course.id).scalar_subquery()
    aside = Enrolment.archived_at.is_not(None) if archived else Enrolment.archived_at.is_(None)
    return (
        select(
            Course.id,
            Course.title,
            Course.owner_id,
            Course.state,
            Enrolment.last_accessed_at,
            sections.label("sections"),
            done.label("done"),
            generation.label("generation_id"),
        )
        .join(Enrolment, Enrolment.course_id == Course.id)
        .where(Enrolment.learner_id == learner_id, aside)
        .order_by(Enrolment.last_accessed_at.desc(), Course.id.desc())
    )
