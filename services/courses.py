"""Courses: asked for, listed, read, renamed, put aside, deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, cast

from services.authors.protocol import Author, Order, Proposal, Wish
from services.clock import Clock
from services.courses_access import Access
from services.errors import Forbidden, Invalid, NotFound
from services.generation import GenerationService
from services.jobs import Jobs, NewWork
from services.library import Library
from services.money.quotes import Quotes
from services.requests import GENERATIONS, WINDOW_SECONDS, Requests
from services.rules.progress import percent
from services.safety import Safety
from services.validation import clean_text, title_faults, topic_faults
from services.views import (
    CourseCard,
    CourseView,
    GenerationView,
    LearnerView,
    LessonView,
    PictureView,
    SectionView,
)
from storage.courses import CourseEntry, CourseRepository
from storage.database import Database


class CourseService:
    """Courses of learners. Who may see a course is said in `services.courses_access`."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        jobs: Jobs,
        author: Author,
        library: Library,
        generations: GenerationService,
        allowed: int = GENERATIONS,
        window_seconds: int = WINDOW_SECONDS,
        quotes: Quotes | None = None,
        safety: Safety | None = None,
    ) -> None:
        self._safety = safety
        self._database = database
        self._clock = clock
        self._jobs = jobs
        self._author = author
        self._library = library
        self._generations = generations
        self._access = Access(database=database, library=library)
        self._requests = Requests(
            database=database,
            clock=clock,
            author=author,
            allowed=allowed,
            window_seconds=window_seconds,
            quotes=quotes,
        )

    @property
    def author(self) -> Author:
        """Who writes the courses that are asked for now."""
        return self._author

    async def propose(self, wish: Wish) -> Proposal:
        """What the author offers to make. Raises Invalid for the topic, AuthorRefused (``unsafe``,
        ``unsafe_self_harm``) for what is not taught, and what `Author.propose` raises."""
        faults = [] if wish.source is not None else topic_faults(clean_text(wish.topic))
        if faults:
            raise Invalid(*faults)
        if self._safety is not None:
            await self._safety.topic(wish)
        return await self._author.propose(wish)

    async def request(
        self,
        learner: LearnerView,
        order: Order,
        *,
        key: str,
        document_id: int | None = None,
        chat_id: int | None = None,
        message_id: int | None = None,
        making_seconds: int | None = None,
        exact: bool = False,
    ) -> GenerationView:
        """Have an approved course made; the same `key` again is the same generation.

        `making_seconds` is what the proposal had estimated; with `exact` the same key with another order raises
        Conflict("other_request"). Raises Invalid (every fault), LimitReached, NotFound("document"),
        AuthorUnusable("needs_source"), AuthorRefused (``unsafe``…), Forbidden("not_admitted")."""
        if not learner.admitted:
            raise Forbidden("not_admitted")
        if self._safety is not None:
            await self._safety.order(order)
        generation_id = await self._requests.accept(
            learner,
            order,
            key=key,
            document_id=document_id,
            chat_id=chat_id,
            message_id=message_id,
            making_seconds=making_seconds,
            exact=exact,
        )
        self._jobs.wake()
        return await self._generations.view(generation_id)

    async def list_for(self, learner_id: int, *, archived: bool = False) -> tuple[CourseCard, ...]:
        """The learner's courses, the one last opened first; with `archived` those that were put aside."""
        async with self._database.reading() as session:
            entries = await CourseRepository(session).entries(learner_id, archived=archived)
        return tuple(_card(entry, learner_id) for entry in entries)

    async def course(self, learner_id: int, course_id: int) -> CourseView:
        """The course. Raises NotFound("course") unless the learner owns it, is enrolled, or it is published."""
        course = await self._library.course(course_id)
        if not await self._access.may_see(learner_id, course):
            raise NotFound("course")
        return course

    async def section(self, learner_id: int, section_id: int) -> tuple[CourseView, LessonView, SectionView]:
        """A section with its lesson and course. Raises NotFound("section") unless the learner may see it."""
        course, lesson, section = await self._library.section(section_id)
        if not await self._access.may_see(learner_id, course):
            raise NotFound("section")
        return course, lesson, section

    async def rename(self, learner_id: int, course_id: int, title: str) -> CourseView:
        """Give one's course another title. Raises Invalid, NotFound("course"), Forbidden("not_owner")."""
        title = clean_text(title)
        faults = title_faults(title)
        if faults:
            raise Invalid(*faults)
        await self._own(learner_id, course_id)
        async with self._database.transaction() as session:
            renamed = await CourseRepository(session).rename(course_id, learner_id, title)
        self._library.forget(course_id)
        if not renamed:
            raise NotFound("course")
        return await self._library.course(course_id)

    async def archive(self, learner_id: int, course_id: int, archived: bool) -> None:
        """Put a course aside in the learner's own list, or bring it back. Raises NotFound("course")."""
        at = self._clock.now() if archived else None
        async with self._database.transaction() as session:
            if not await CourseRepository(session).archive(learner_id, course_id, at):
                raise NotFound("course")

    async def delete(self, learner_id: int, course_id: int) -> bool:
        """Delete one's course with everything in it, stopping what still makes it; a course of somebody else only
        leaves the learner's list. Returns whether it was deleted. Raises NotFound("course")."""
        course = await self.course(learner_id, course_id)
        if course.owner_id != learner_id:
            await self.archive(learner_id, course_id, archived=True)
            return False
        await self._generations.remove_course(course_id, by=learner_id)
        return True

    async def picture(self, course_id: int) -> PictureView | None:
        """The course's picture, None while (or if) there is none."""
        async with self._database.reading() as session:
            row = await CourseRepository(session).picture(course_id)
        return None if row is None else PictureView(row.png, row.alternative_text, row.file_id)

    async def remember_picture(self, course_id: int, file_id: str) -> None:
        """Remember Telegram's id of the picture, so that it is uploaded once."""
        async with self._database.transaction() as session:
            await CourseRepository(session).remember_picture(course_id, file_id)

    async def remind(self, learner_id: int, at: datetime, code: str, data: dict[str, Any], *, key: str) -> None:
        """Have the work ``reminder`` done at that time, with `code` (which words) and `data`; the same `key` once."""
        payload = {"learner_id": learner_id, "code": code, "data": data}
        await self._jobs.put(NewWork("reminder", f"r:{learner_id}", f"r:{learner_id}:{key}", payload, at))

    async def _own(self, learner_id: int, course_id: int) -> None:
        if (await self.course(learner_id, course_id)).owner_id != learner_id:
            raise Forbidden("not_owner")


def _card(entry: CourseEntry, learner_id: int) -> CourseCard:
    return CourseCard(
        id=entry.id,
        title=entry.title,
        percent=percent(entry.done, entry.sections),
        sections_done=entry.done,
        sections_total=entry.sections,
        archived=entry.archived,
        owned=entry.owner_id == learner_id,
        state=cast(Literal["making", "ready", "stopped"], entry.state),
        generation_id=entry.generation_id,
        last_accessed_at=entry.last_accessed_at,
    )
