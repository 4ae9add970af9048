"""Who may see a course, and whose it is. What somebody may not see is as if it were not there."""

from __future__ import annotations

from services.clock import Clock
from services.errors import Forbidden, NotFound
from services.library import Library
from services.views import CourseView, LearnerView, LessonView, SectionView
from storage import progress as rows
from storage.activity import ActivityRepository, NewEntry
from storage.database import Database


class Access:
    """A course is seen by its owner, by whoever is enrolled, by admins, and once it is published by everybody.

    With a `clock`, it is written into the activity log that somebody saw a course only because they are an admin."""

    def __init__(self, *, database: Database, library: Library, clock: Clock | None = None) -> None:
        self._database = database
        self._library = library
        self._clock = clock

    async def see(self, reader: LearnerView | None, course_id: int) -> CourseView:
        """The course for a reader (None: not signed in). Raises NotFound("course")."""
        course = await self._library.course(course_id)
        if course.published:
            return course
        if reader is not None and await self.may_see(reader.id, course):
            return course
        if reader is None or reader.role != "admin":
            raise NotFound("course")
        if self._clock is not None:
            entry = NewEntry("course.read", reader.id, course.owner_id, f"course:{course.id}")
            async with self._database.transaction() as session:
                await ActivityRepository(session).append(entry, self._clock.now())
        return course

    async def see_lesson(
        self, reader: LearnerView | None, course_id: int, lesson_id: int
    ) -> tuple[CourseView, LessonView]:
        """A lesson in its course. Raises NotFound: ``course``, then ``lesson``."""
        course = await self.see(reader, course_id)
        return course, find_lesson(course, lesson_id)

    async def own(self, learner: LearnerView, course_id: int, *, admin_too: bool = False) -> CourseView:
        """The course, for what its owner alone may do (with `admin_too` admins as well). Raises NotFound("course") for
        whoever may not even see it, Forbidden("not_owner") for who may."""
        course = await self.see(learner, course_id)
        if course.owner_id != learner.id and not (admin_too and learner.role == "admin"):
            raise Forbidden("not_owner")
        return course

    async def may_see(self, learner_id: int, course: CourseView) -> bool:
        """Whether a learner, as such, may see the course."""
        if course.owner_id == learner_id or course.published:
            return True
        # Asked at every reading of a course that is not published: by the writer it costs a tenth of a session.
        return await self._database.writer.do(rows.enrolled(learner_id, course.id))


def find_lesson(course: CourseView, lesson_id: int) -> LessonView:
    """The lesson of a course. Raises NotFound("lesson")."""
    for lesson in course.lessons:
        if lesson.id == lesson_id:
            return lesson
    raise NotFound("lesson")


def find_section(lesson: LessonView, section_id: int) -> SectionView:
    """The section of a lesson. Raises NotFound("section")."""
    for section in lesson.sections:
        if section.id == section_id:
            return section
    raise NotFound("section")
