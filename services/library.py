"""Courses as everybody who may see them sees them, kept in memory: what a tap reads is never asked of the database."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Literal, cast

from services.authors.codec import citations_from_json, credit_from_json
from services.authors.protocol import Level
from services.errors import NotFound
from services.views import CourseView, LessonState, LessonView, SectionView
from storage.courses import CourseRepository, CourseShape
from storage.database import Database
from storage.models import Lesson, Section


class Library:
    """The last `most` courses used, complete with their texts. Whoever writes to a course calls `forget` after the
    commit; a load that was under way by then is not kept."""

    def __init__(self, *, database: Database, most: int = 200) -> None:
        self._database = database
        self._most = most
        self._courses: OrderedDict[int, CourseView] = OrderedDict()
        self._loading: dict[int, asyncio.Task[CourseView]] = {}
        self._homes: OrderedDict[int, int] = OrderedDict()

    async def course(self, course_id: int) -> CourseView:
        """The course with all lessons and sections. Raises NotFound("course"). However many ask, one load at a time."""
        known = self._courses.get(course_id)
        if known is not None:
            self._courses.move_to_end(course_id)
            return known
        task = self._loading.get(course_id)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._load(course_id), name=f"load course {course_id}")
            self._loading[course_id] = task
            task.add_done_callback(lambda done: self._loaded(course_id, done))
        return await asyncio.shield(task)

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

    async def _load(self, course_id: int) -> CourseView:
        async with self._database.reading() as session:
            shape = await CourseRepository(session).shape(course_id)
        if shape is None:
            raise NotFound("course")
        return course_view(shape)

    def _loaded(self, course_id: int, task: asyncio.Task[CourseView]) -> None:
        current = self._loading.get(course_id) is task
        if current:
            del self._loading[course_id]
        if task.cancelled() or task.exception() is not None or not current:
            return
        course = task.result()
        self._courses[course_id] = course
        while len(self._courses) > self._most:
            self._courses.popitem(last=False)
        for section in course.sections:
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
        given_up=section.failure is not None,
    )
