"""What its owner decides about a generation: stop, keep, discard, go on, try a lesson again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from services.clock import Clock
from services.errors import Conflict, NotFound
from services.feed import Feed
from services.generation import rules
from services.generation.ending import make_ready
from services.generation.view import OPEN_STATES, written_sections
from services.jobs import Jobs
from services.library import Library
from storage.activity import ActivityRepository, NewEntry
from storage.courses import CourseRepository
from storage.database import Database
from storage.generations import GenerationRepository
from storage.models import Course, Generation
from storage.revisions import course_changes
from storage.work import NewWork, WorkRepository
from storage.writing import WritingRepository


def work_of(generation: Generation) -> list[NewWork]:
    """The rows of work that a generation waiting to run needs: itself and, in a chat, its status message."""
    run = f":{generation.runs}" if generation.runs else ""
    payload = {"generation_id": generation.id}
    items = [NewWork("generation", f"g:{generation.id}", f"g:{generation.id}{run}", payload)]
    if generation.chat_id is not None:
        items.append(NewWork("status", f"s:{generation.id}", f"s:{generation.id}{run}", payload))
    return items


@dataclass(frozen=True, slots=True)
class _Hold:
    """One transaction on somebody's own generation."""

    generation: Generation
    course: Course
    generations: GenerationRepository
    writing: WritingRepository
    courses: CourseRepository
    work: WorkRepository


class Control:
    """Decisions on generations. Each raises NotFound("generation") unless it is the learner's own."""

    def __init__(self, *, database: Database, clock: Clock, jobs: Jobs, library: Library, feed: Feed) -> None:
        self._database = database
        self._clock = clock
        self._jobs = jobs
        self._library = library
        self._feed = feed

    async def cancel(self, learner_id: int, generation_id: int) -> None:
        """Stop spending now. What is written stays; a course that could be read already stays ready.

        Raises Conflict("not_running")."""
        async with self._hold(learner_id, generation_id) as hold:
            row, now = hold.generation, self._clock.now()
            if row.state not in OPEN_STATES:
                raise Conflict("not_running", row.finished_at)
            key = work_of(row)[0].key
            if hold.course.state == "ready":
                await hold.writing.fail_open_lessons(hold.course.id, "stopped")
                await hold.writing.give_up_all_quizzes(hold.course.id, "stopped")
                await make_ready(
                    hold.generations, hold.courses, row, await hold.writing.outline(hold.course.id), self._clock
                )
            else:
                await hold.writing.reset_lessons(hold.course.id, ["writing"])
                outline = await hold.writing.outline(hold.course.id)
                row.state, row.finished_at, hold.course.state = "stopped", now, "stopped"
                ready = sum(1 for lesson in outline if lesson.state == "ready")
                data = {"lessons_written": ready, "can_keep": rules.can_keep(written_sections(outline))}
                await hold.generations.append(row, "stopped", 0, data, now)
        await self._jobs.cancel(key)

    async def keep(self, learner_id: int, generation_id: int) -> None:
        """Make what is written of a stopped or failed generation a short course: lessons of at least two written
        sections, if there are three. Raises Conflict: ``not_stopped``, ``too_little``."""
        async with self._hold(learner_id, generation_id) as hold:
            if hold.generation.state not in {"stopped", "failed"}:
                raise Conflict("not_stopped", hold.generation.finished_at)
            outline = await hold.writing.outline(hold.course.id)
            written = written_sections(outline)
            if not rules.can_keep(written):
                raise Conflict("too_little")
            kept = [lesson.id for lesson, count in zip(outline, written, strict=True) if count >= rules.SECTIONS[0]]
            await hold.writing.keep(hold.course.id, kept)
            outline = await hold.writing.outline(hold.course.id)
            await make_ready(hold.generations, hold.courses, hold.generation, outline, self._clock)

    async def go_on(self, learner_id: int, generation_id: int) -> None:
        """Go on with a stopped or failed generation from what is written.

        Raises Conflict: ``not_stopped``; ``refused`` if the author had declined the subject."""
        async with self._hold(learner_id, generation_id) as hold:
            row = hold.generation
            if row.state not in {"stopped", "failed"}:
                raise Conflict("not_stopped", row.finished_at)
            if row.failure == "refused":
                raise Conflict("refused", row.finished_at)
            await hold.writing.reset_lessons(hold.course.id, ["writing", "failed"])
            if hold.course.state == "stopped":
                hold.course.state = "making"
            await self._again(hold, {})
        self._jobs.wake()

    async def retry_lesson(self, learner_id: int, generation_id: int, lesson_id: int) -> None:
        """Write a failed lesson of a finished generation again; its course stays readable meanwhile.

        Raises NotFound("lesson"), Conflict: ``still_running``, ``not_failed``, ``not_ready``; ``refused`` if the author
        had declined it."""
        async with self._hold(learner_id, generation_id) as hold:
            lessons = {lesson.id: lesson for lesson in await hold.writing.outline(hold.course.id)}
            if lesson_id not in lessons:
                raise NotFound("lesson")
            if lessons[lesson_id].state != "failed":
                raise Conflict("not_failed")
            if hold.generation.state in OPEN_STATES:
                raise Conflict("still_running")
            if hold.generation.state != "ready":
                raise Conflict("not_ready")
            if lessons[lesson_id].failure == "refused":
                raise Conflict("refused")
            await hold.writing.reopen_lesson(lesson_id)
            await self._again(hold, {"lesson_id": lesson_id})
        self._jobs.wake()

    async def retry_questions(self, learner_id: int, generation_id: int) -> None:
        """Ask once more for the questions that could not be made, of all lessons that are ready; they are read
        meanwhile. Raises Conflict: ``not_ready``, ``nothing_missing``."""
        async with self._hold(learner_id, generation_id) as hold:
            if hold.generation.state != "ready":
                raise Conflict("not_ready")
            if not await hold.writing.reopen_questions(hold.course.id):
                raise Conflict("nothing_missing")
            await self._again(hold, {})
        self._jobs.wake()

    async def discard(self, learner_id: int, generation_id: int) -> None:
        """Give up an unfinished generation and its course. Raises Conflict("already_ready") once it was ready."""
        async with self._hold(learner_id, generation_id) as hold:
            if hold.course.state == "ready":
                raise Conflict("already_ready", hold.course.ready_at)
            keys = await self._remove(hold.generations, hold.courses, hold.course.id)
        await self._cancel_all(keys)

    async def remove_course(self, course_id: int, *, by: int) -> None:
        """Delete a course with everything in it and stop what still works on it; the caller has checked that the
        learner `by` may."""
        async with self._database.transaction() as session:
            generations, courses = GenerationRepository(session), CourseRepository(session)
            course = await courses.get(course_id)
            keys = await self._remove(generations, courses, course_id)
            if course is not None:
                entry = NewEntry("course.deleted", by, course.owner_id, f"course:{course_id}")
                await ActivityRepository(session).append(entry, self._clock.now())
        self._library.forget(course_id)
        for generation_id in keys:
            self._feed.wake(generation_id)
        await self._cancel_all(keys)

    async def _remove(
        self, generations: GenerationRepository, courses: CourseRepository, course_id: int
    ) -> dict[int, list[str]]:
        """Close the course's generations and delete it; the keys of work to cancel, by generation."""
        keys: dict[int, list[str]] = {}
        now = self._clock.now()
        for row in await generations.lock_of_course(course_id):
            keys[row.id] = [work_of(row)[0].key] if row.state in OPEN_STATES else []
            row.state, row.finished_at = "discarded", row.finished_at or now
            await generations.append(row, "discarded", 0, {}, now)
            row.course_id = None
        await courses.delete(course_id)
        return keys

    async def _cancel_all(self, keys: dict[int, list[str]]) -> None:
        for key in (key for group in keys.values() for key in group):
            await self._jobs.cancel(key)

    async def _again(self, hold: _Hold, data: dict[str, int]) -> None:
        """Let a generation wait for another run, with its own rows of work, in the same transaction."""
        row, now = hold.generation, self._clock.now()
        row.state, row.failure, row.runs = "waiting", None, row.runs + 1
        row.started_at, row.finished_at, row.told_at = now, None, None
        await hold.generations.append(row, "accepted", rules.ACCEPTED, {"again": True, **data}, now)
        await hold.work.put(work_of(row), now)

    @asynccontextmanager
    async def _hold(self, learner_id: int, generation_id: int) -> AsyncIterator[_Hold]:
        async with self._database.transaction() as session:
            generations, courses = GenerationRepository(session), CourseRepository(session)
            row = await generations.lock(generation_id)
            if row is None or row.learner_id != learner_id or row.course_id is None:
                raise NotFound("generation")
            course_id = row.course_id
            await course_changes(session, course_id)
            course = await courses.get(course_id)
            if course is None:
                raise NotFound("generation")
            yield _Hold(row, course, generations, WritingRepository(session), courses, WorkRepository(session))
        self._library.forget(course_id)
        self._feed.wake(generation_id)
