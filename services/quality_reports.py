"""What checks found in a course, for its owner."""

from __future__ import annotations

from dataclasses import dataclass

from services.checking import Checked, Checking
from services.courses_access import Access
from services.views import CourseView, LearnerView


@dataclass(frozen=True, slots=True)
class QualityView:
    """A course and the report on it."""

    course: CourseView
    checked: Checked


class QualityReports:
    """Reports are for a course's owner, and for admins; nobody else reads them, published or not."""

    def __init__(self, *, checking: Checking, access: Access) -> None:
        self._checking = checking
        self._access = access

    async def for_owner(self, learner: LearnerView, course_id: int) -> QualityView:
        """The report on the course as it is. Raises NotFound("course") for who may not see the course, and
        Forbidden("not_owner") for who may."""
        course = await self._access.own(learner, course_id, admin_too=True)
        return QualityView(course, await self._checking.latest(course_id))
