"""Courses for others: published, taken back, copied, joined."""

from __future__ import annotations

from datetime import datetime

from services.clock import Clock
from services.courses_access import Access
from services.errors import Conflict, Forbidden, NotFound
from services.generation import GenerationService
from services.library import Library
from services.views import CourseView, LearnerView
from storage.activity import ActivityRepository, NewEntry
from storage.courses import CourseRepository, CourseShape
from storage.database import Database
from storage.editing import EditingRepository


class Publishing:
    """Who a course is there for."""

    def __init__(self, *, database: Database, clock: Clock, library: Library, generations: GenerationService) -> None:
        self._database = database
        self._clock = clock
        self._library = library
        self._generations = generations
        self._access = Access(database=database, library=library)

    async def publish(self, owner: LearnerView, course_id: int) -> CourseView:
        """Let everybody read one's course. Once more is the same. Raises NotFound("course"), Forbidden: ``not_owner``,
        ``not_admitted``; Conflict("not_ready")."""
        if not owner.admitted:
            raise Forbidden("not_admitted")
        await self._access.own(owner, course_id)
        return await self._show(course_id, "public", owner.id)

    async def unpublish(self, owner: LearnerView, course_id: int) -> CourseView:
        """Take a course back (its owner or an admin); who is enrolled keeps it. Once more is the same.

        Raises NotFound("course"), Forbidden("not_owner")."""
        await self._access.own(owner, course_id, admin_too=True)
        return await self._show(course_id, "private", owner.id)

    async def delete(self, owner: LearnerView, course_id: int) -> None:
        """Delete a course with everything in it (its owner or an admin), stopping what still makes it.

        Raises NotFound("course"), Forbidden("not_owner")."""
        await self._access.own(owner, course_id, admin_too=True)
        await self._generations.remove_course(course_id, by=owner.id)

    async def duplicate(self, reader: LearnerView, course_id: int) -> CourseView:
        """A private copy of what the reader may see, for them to change. Who wrote it stays said.

        Raises NotFound("course"), Forbidden("not_admitted"), Conflict("not_ready")."""
        if not reader.admitted:
            raise Forbidden("not_admitted")
        await self._access.see(reader, course_id)
        async with self._database.transaction() as session:
            courses, editing = CourseRepository(session), EditingRepository(session)
            locked = await editing.lock(course_id)
            shape = None if locked is None else await courses.shape(course_id)
            if locked is None or shape is None:
                raise NotFound("course")
            if shape.course.state != "ready":
                raise Conflict("not_ready")
            copy_id = await self._copy(courses, editing, shape, reader.id)
            entry = NewEntry("course.copied", reader.id, locked.owner_id, f"course:{course_id}", {"copy": copy_id})
            await ActivityRepository(session).append(entry, self._clock.now())
        return await self._library.course(copy_id)

    async def enrol(self, learner: LearnerView, course_id: int) -> datetime:
        """Put a course that one may see into one's list (back, if it was put aside); since when it is there. Being
        an admin is no reason to be enrolled in what is not published. Raises NotFound("course")."""
        now = self._clock.now()
        async with self._database.transaction() as session:
            courses = CourseRepository(session)
            if not await courses.may_see(learner.id, course_id):
                raise NotFound("course")
            await courses.enrol(learner.id, course_id, now)
            await courses.archive(learner.id, course_id, None)
            return await courses.enrolled_at(learner.id, course_id) or now

    async def archive(self, learner: LearnerView, course_id: int, archived: bool) -> None:
        """Put a course aside in one's own list, or bring it back. Raises NotFound("course"), Conflict
        ("not_enrolled")."""
        await self._access.see(learner, course_id)
        async with self._database.transaction() as session:
            at = self._clock.now() if archived else None
            if not await CourseRepository(session).archive(learner.id, course_id, at):
                raise Conflict("not_enrolled")

    async def _show(self, course_id: int, visibility: str, by: int) -> CourseView:
        async with self._database.transaction() as session:
            editing = EditingRepository(session)
            course = await editing.lock(course_id)
            if course is None:
                raise NotFound("course")
            if visibility == "public" and course.state != "ready":
                raise Conflict("not_ready")
            if course.visibility != visibility:
                await editing.change(course, {"visibility": visibility})
                action = "course.published" if visibility == "public" else "course.taken_back"
                entry = NewEntry(action, by, course.owner_id, f"course:{course_id}")
                await ActivityRepository(session).append(entry, self._clock.now())
        self._library.forget(course_id)
        return await self._library.course(course_id)

    async def _copy(self, courses: CourseRepository, editing: EditingRepository, shape: CourseShape, owner: int) -> int:
        course, now = shape.course, self._clock.now()
        copy = await courses.add(
            owner_id=owner,
            title=course.title,
            description=course.description,
            level=course.level,
            language=course.language,
            minutes_asked=course.minutes_asked,
            state="ready",
            objectives=course.objectives,
            credit=course.credit,
            document_id=course.document_id if course.owner_id == owner else None,
            created_at=now,
            ready_at=now,
        )
        await courses.enrol(owner, copy.id, now)
        await editing.copy(shape, copy.id)
        return copy.id
