"""What a running generation writes down: each thing that happened in one short transaction, and only then the news."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from services.authors.codec import citations_to_json, options_to_json
from services.authors.protocol import CoursePlan, QuestionDraft, SectionDraft
from services.clock import Clock
from services.feed import Feed
from services.generation import rules
from services.generation.view import OPEN_STATES
from services.library import Library
from services.uninterrupted import uninterrupted
from services.validation import clean_text, storable
from storage.courses import CourseRepository
from storage.database import Database
from storage.generations import GenerationRepository
from storage.models import Course, Generation
from storage.revisions import course_changes
from storage.writing import LessonOutline, WritingRepository


class NoLongerWanted(Exception):
    """The generation was stopped or removed while it was being worked on: what comes in now is not stored."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What a run starts from: the rows, what is planned and written so far, whether there is a picture."""

    generation: Generation
    course: Course
    outline: tuple[LessonOutline, ...]
    picture: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    """One transaction of a running generation: its locked row, its course, and the repositories."""

    generation: Generation
    course_id: int
    generations: GenerationRepository
    writing: WritingRepository
    courses: CourseRepository


class Journal:
    """The only writer of a running generation. Raises NoLongerWanted once the generation is not running any more."""

    def __init__(self, *, database: Database, clock: Clock, library: Library, feed: Feed) -> None:
        self._database = database
        self._clock = clock
        self._library = library
        self._feed = feed

    @uninterrupted
    async def begin(self, generation_id: int) -> Begun:
        """Mark the generation as running and say what is there of it. Raises NoLongerWanted if it is not open."""
        async with self._entry(generation_id, OPEN_STATES) as entry:
            row = entry.generation
            row.state = "running"
            row.started_at = row.started_at or self._clock.now()
            course = await entry.courses.get(entry.course_id)
            if course is None:
                raise NoLongerWanted
            outline = await entry.writing.outline(entry.course_id)
            return Begun(row, course, outline, await entry.writing.has_picture(entry.course_id))

    @uninterrupted
    async def planned(self, generation_id: int, plan: CoursePlan) -> tuple[LessonOutline, ...]:
        """Store the plan, unless there is one; returns what is stored."""
        async with self._entry(generation_id) as entry:
            if not await entry.writing.outline(entry.course_id):
                for position, lesson in enumerate(plan.lessons):
                    sections = [
                        {
                            "title": _line(section.title),
                            "focus": storable(section.focus),
                            "passages": [storable(passage) for passage in section.passages],
                            "minutes": max(1, section.minutes),
                        }
                        for section in lesson.sections
                    ]
                    objectives = [_line(objective) for objective in lesson.objectives]
                    await entry.writing.add_lesson(entry.course_id, position, _line(lesson.title), objectives, sections)
                course = await entry.courses.get(entry.course_id)
                if course is not None:
                    course.language = plan.language or course.language
                titles = [_line(lesson.title) for lesson in plan.lessons]
                await self._event(entry, "planned", rules.PLANNED, {"lessons": titles})
            return await entry.writing.outline(entry.course_id)

    @uninterrupted
    async def picture_started(self, generation_id: int) -> None:
        """Note that the picture is being drawn."""
        async with self._entry(generation_id) as entry:
            await self._event(entry, "picture_started", rules.PICTURE_STARTED, {})

    @uninterrupted
    async def picture_done(self, generation_id: int, png: bytes, alternative_text: str) -> None:
        """Store the picture, unless there is one."""
        async with self._entry(generation_id) as entry:
            if await entry.writing.add_picture(entry.course_id, png, alternative_text):
                await self._event(entry, "picture_done", rules.PICTURE_DONE, {})

    @uninterrupted
    async def lesson_started(self, generation_id: int, lesson: LessonOutline) -> None:
        """Note that a lesson is being written."""
        async with self._entry(generation_id) as entry:
            await entry.writing.set_lesson(lesson.id, "writing")

    @uninterrupted
    async def section(self, generation_id: int, lesson: LessonOutline, draft: SectionDraft) -> bool:
        """Store a section with its questions, once; True if the lesson is complete with it."""
        async with self._entry(generation_id) as entry:
            section_id = await entry.writing.save_section(
                lesson.id,
                draft.index,
                self._written(lesson, draft),
                _questions(draft.questions, lesson.id, draft.index),
            )
            if section_id is not None:
                where = {"lesson_id": lesson.id, "lesson": lesson.position, "section_id": section_id}
                await self._event(entry, "section", 0, {**where, "section": draft.index})
            complete = await entry.writing.unwritten(lesson.id) == 0
            if complete:
                await self._lesson_ready(entry, lesson)
            return complete

    @uninterrupted
    async def lesson_ready(self, generation_id: int, lesson: LessonOutline) -> None:
        """Close a lesson that was found complete, as after a crash between its last section and this."""
        async with self._entry(generation_id) as entry:
            await self._lesson_ready(entry, lesson)

    @uninterrupted
    async def lesson_failed(self, generation_id: int, lesson: LessonOutline, failure: str) -> None:
        """Note that a lesson could not be written; what there is of it stays."""
        async with self._entry(generation_id) as entry:
            await entry.writing.set_lesson(lesson.id, "failed", failure)
            data = {"lesson_id": lesson.id, "lesson": lesson.position, "title": lesson.title, "failure": failure}
            await self._event(entry, "lesson_failed", 0, data)

    @uninterrupted
    async def finished(self, generation_id: int) -> None:
        """Close the generation: ready if at least one lesson is, else failed."""
        async with self._entry(generation_id) as entry:
            outline = await entry.writing.outline(entry.course_id)
            if any(lesson.state == "ready" for lesson in outline):
                await self._event(entry, "lessons_done", rules.LESSONS_DONE, {})
                await make_ready(entry.generations, entry.courses, entry.generation, outline, self._clock)
            else:
                failures = Counter(lesson.failure for lesson in outline if lesson.failure)
                await self._fail(entry, failures.most_common(1)[0][0] if failures else "incomplete")

    @uninterrupted
    async def failed(self, generation_id: int, failure: str) -> None:
        """Close the generation as failed; `failure` is a code. What had been written before stays, and a course that
        was ready stays ready."""
        async with self._entry(generation_id, OPEN_STATES) as entry:
            await self._fail(entry, failure)

    @asynccontextmanager
    async def _entry(
        self, generation_id: int, states: frozenset[str] = frozenset({"running"})
    ) -> AsyncIterator[_Entry]:
        async with self._database.transaction() as session:
            generations = GenerationRepository(session)
            row = await generations.lock(generation_id)
            if row is None or row.course_id is None or row.state not in states:
                raise NoLongerWanted
            course_id = row.course_id
            await course_changes(session, course_id)
            yield _Entry(row, course_id, generations, WritingRepository(session), CourseRepository(session))
        self._library.forget(course_id)
        self._feed.wake(generation_id)

    async def _event(self, entry: _Entry, code: str, milestone: int, data: dict[str, Any]) -> None:
        await entry.generations.append(entry.generation, code, milestone, data, self._clock.now())

    async def _lesson_ready(self, entry: _Entry, lesson: LessonOutline) -> None:
        await entry.writing.set_lesson(lesson.id, "ready")
        written, total = await entry.writing.count_lessons(entry.course_id)
        data = {"lesson_id": lesson.id, "lesson": lesson.position, "title": lesson.title}
        milestone = rules.lessons_milestone(written, total)
        await self._event(entry, "lesson", milestone, {**data, "written": written, "total": total})

    async def _fail(self, entry: _Entry, failure: str) -> None:
        row = entry.generation
        course = await entry.courses.get(entry.course_id)
        if course is not None and course.state == "making":
            course.state = "stopped"
        row.state, row.failure, row.finished_at = "failed", failure, self._clock.now()
        await self._event(entry, "failed", 0, {"failure": failure})

    def _written(self, lesson: LessonOutline, draft: SectionDraft) -> dict[str, Any]:
        planned = lesson.sections[draft.index]
        return {
            "title": _line(draft.title) or planned.title,
            "body": storable(draft.body).strip(),
            "minutes": max(1, draft.minutes),
            "citations": citations_to_json(draft.citations),
            "written_at": self._clock.now(),
        }


async def make_ready(
    generations: GenerationRepository,
    courses: CourseRepository,
    generation: Generation,
    outline: tuple[LessonOutline, ...],
    clock: Clock,
) -> None:
    """Inside a transaction: open the course to its reader and close the locked generation as ready."""
    now = clock.now()
    course = await courses.get(generation.course_id or 0)
    if course is None:
        raise NoLongerWanted
    await generations.append(generation, "saved", rules.SAVED, {}, now)
    course.state, course.ready_at = "ready", course.ready_at or now
    generation.state, generation.failure, generation.finished_at = "ready", None, now
    data = {
        "lessons_count": len(outline),
        "sections_count": sum(len(lesson.sections) for lesson in outline),
        "minutes": sum(section.minutes for lesson in outline for section in lesson.sections),
        "failed": [lesson.position for lesson in outline if lesson.state == "failed"],
    }
    await generations.append(generation, "ready", rules.READY, data, now)


def _line(text: str) -> str:
    return clean_text(storable(text))


def _questions(drafts: tuple[QuestionDraft, ...], lesson_id: int, section: int) -> list[dict[str, Any]]:
    """Question columns; the seed is fixed with the question, so that everybody's order can be told again."""
    return [
        {
            "prompt": storable(draft.prompt),
            "options": options_to_json(draft.options),
            "key": draft.key,
            "hint": storable(draft.hint),
            "seed": (lesson_id * 8 + section) * 64 + index,
        }
        for index, draft in enumerate(drafts)
    ]
