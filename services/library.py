"""Courses as everybody who may see them sees them, kept in memory: what a tap reads is not asked of the database."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Literal, cast

from services.authors.codec import citations_from_json, credit_from_json
from services.authors.protocol import Level
from services.errors import NotFound
from services.views import CourseView, LessonState, LessonView, SectionView
from storage.courses import CourseRepository, CourseShape
from storage.database import Database
from storage.models import Lesson, Section
from storage.revisions import course_revision
from storage.standing import Standing


@dataclass(frozen=True, slots=True)
class _Kept:
    """A course in the state of that revision."""

    revision: int
    course: CourseView


class Library:
    """The last `most` courses used, complete with their texts. Whoever writes to a course raises its revision with the
    write, and calls `forget` after the commit; a load that was under way by then is not kept.

    Where other processes may write as well (on PostgreSQL), what is kept is given out only if it has the revision
    that the database has now. A SQLite file belongs to one process, so there `forget` says it all."""

    def __init__(self, *, database: Database, most: int = 200) -> None:
        self._database = database
        self._most = most
        self._courses: OrderedDict[int, _Kept] = OrderedDict()
        self._loading: dict[int, asyncio.Task[_Kept]] = {}
        self._homes: OrderedDict[int, int] = OrderedDict()

    async def course(self, course_id: int) -> CourseView:
        """The course with all lessons and sections. Raises NotFound("course"). However many ask, one load at a time."""
        if self._database.dialect == "sqlite":
            return await self._at_least(course_id, 0)
        async with self._database.reading() as session:
            revision = await course_revision(session, course_id)
        if revision is None:
            self.forget(course_id)
            raise NotFound("course")
        return await self._at_least(course_id, revision)

    async def course_of(self, standing: Standing) -> CourseView:
        """The course in which somebody stands, which is not asked for its revision again. Raises NotFound("course")."""
        return await self._at_least(standing.course_id, standing.course_revision)

    async def section_home(self, section_id: int) -> int:
        """The id of the course that a section is in. Raises NotFound("section")."""
        known = self._homes.get(section_id)
        if known is None:
            async with self._database.reading() as session:
                known = await CourseRepository(session).home(section_id)
            if known is None:
                raise NotFound("section")
            self._remember_home(section_id, known)
        return known

    async def section(self, section_id: int) -> tuple[CourseView, LessonView, SectionView]:
        """A section with the lesson and the course that it is in. Raises NotFound("section")."""
        try:
            course = await self.course(await self.section_home(section_id))
        except NotFound:
            raise NotFound("section") from None
        for lesson in course.lessons:
            for section in lesson.sections:
                if section.id == section_id:
                    return course, lesson, section
        raise NotFound("section")

    def forget(self, course_id: int) -> None:
        """The course was changed or removed: read it anew when it is next asked for."""
        self._courses.pop(course_id, None)
        self._loading.pop(course_id, None)

    async def _at_least(self, course_id: int, revision: int) -> CourseView:
        known = self._courses.get(course_id)
        if known is not None and known.revision >= revision:
            self._courses.move_to_end(course_id)
            return known.course
        loaded = await self._join(course_id)
        if loaded.revision < revision:  # that load had begun before the change
            self.forget(course_id)
            loaded = await self._join(course_id)
        return loaded.course

    async def _join(self, course_id: int) -> _Kept:
        task = self._loading.get(course_id)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._load(course_id), name=f"load course {course_id}")
            self._loading[course_id] = task
            task.add_done_callback(lambda done: self._loaded(course_id, done))
        return await asyncio.shield(task)

    async def _load(self, course_id: int) -> _Kept:
        async with self._database.reading() as session:
            shape = await CourseRepository(session).shape(course_id)
        if shape is None:
            raise NotFound("course")
        return _Kept(shape.course.revision, course_view(shape))

    def _loaded(self, course_id: int, task: asyncio.Task[_Kept]) -> None:
        current = self._loading.get(course_id) is task
        if current:
            del self._loading[course_id]
        if task.cancelled() or task.exception() is not None or not current:
            return
        self._courses[course_id] = task.result()
        while len(self._courses) > self._most:
            self._courses.popitem(last=False)
        for section in task.result().course.sections:
            self._remember_home(section.id, course_id)

    def _remember_home(self, section_id: int, course_id: int) -> None:
        self._homes[section_id] = course_id
        self._homes.move_to_end(section_id)
        while len(self._homes) > self._most * 50:
            self._homes.popitem(last=False)


def course_view(shape: CourseShape) -> CourseView:
    """The stored course as a view."""
    course = shape.course
    sections: dict[int, list[SectionView]] = {}
    for section in shape.sections:
        sections.setdefault(section.lesson_id, []).append(_section(section, shape.questions.get(section.id, 0)))
    return CourseView(
        id=course.id,
        owner_id=course.owner_id,
        title=course.title,
        description=course.description,
        objectives=tuple(course.objectives),
        level=cast(Level, course.level),
        language=course.language,
        state=cast(Literal["making", "ready", "stopped"], course.state),
        credit=credit_from_json(course.credit),
        created_at=course.created_at,
        lessons=tuple(_lesson(lesson, sections.get(lesson.id, [])) for lesson in shape.lessons),
        visibility=cast(Literal["private", "public"], course.visibility),
        picture=shape.picture,
    )


def _lesson(lesson: Lesson, sections: list[SectionView]) -> LessonView:
    return LessonView(
        id=lesson.id,
        course_id=lesson.course_id,
        position=lesson.position,
        title=lesson.title,
        objectives=tuple(lesson.objectives),
        state=cast(LessonState, lesson.state),
        failure=lesson.failure,
        sections=tuple(sections),
    )


def _section(section: Section, questions: int) -> SectionView:
    return SectionView(
        id=section.id,
        lesson_id=section.lesson_id,
        course_id=section.course_id,
        position=section.position,
        title=section.title,
        minutes=section.minutes,
        body=section.body,
        citations=citations_from_json(section.citations),
        version=section.version,
        question_count=questions,
        given_up=section.failure is not None and not section.body,
        questions_failure=(section.failure or "incomplete") if section.body and section.quiz == "unavailable" else None,
    )
