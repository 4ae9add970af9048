"""Where something is in a course: what is missing is told apart only to whoever may see the course."""

from __future__ import annotations

from typing import NamedTuple

from services.courses_access import Access, find_lesson, find_section
from services.errors import Forbidden, NotFound
from services.library import Library
from services.views import CourseView, LearnerView, LessonView, SectionView


class Place(NamedTuple):
    """A section, its lesson and its course."""

    course: CourseView
    lesson: LessonView
    section: SectionView


class Places:
    """Looks in memory; the database is asked only about who may know what is missing."""

    def __init__(self, library: Library, access: Access) -> None:
        self._library = library
        self._access = access

    async def find(self, course_id: int, lesson_id: int, section_id: int) -> Place:
        """A written section, whoever asks. Raises NotFound for the course, the lesson or the section."""
        course = await self._library.course(course_id)
        lesson = find_lesson(course, lesson_id)
        section = find_section(lesson, section_id)
        if not section.written:
            raise NotFound("section")
        return Place(course, lesson, section)

    async def refusal(self, learner: LearnerView, course_id: int, missing: NotFound | None) -> NotFound | Forbidden:
        """What this learner may hear about something `missing`, or (None) about a place where they cannot learn because
        they are not enrolled: whoever may not see the course hears only that the course is missing."""
        try:
            await self._access.see(learner, course_id)
        except NotFound as unseen:
            return unseen
        return missing or Forbidden("not_enrolled")
