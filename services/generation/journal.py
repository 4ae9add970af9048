"""What a running generation writes down: each thing that happened in one short transaction, and only then the news."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from services.authors.codec import glossary_to_json
from services.authors.protocol import Contract, GivenUp, Outline, QuizDraft, SectionDraft, Term
from services.clock import Clock
from services.feed import Feed
from services.generation import columns, rules
from services.generation.ending import NoLongerWanted, make_failed, make_ready
from services.generation.view import OPEN_STATES
from services.library import Library
from services.rules.shuffling import shown_slot
from services.uninterrupted import uninterrupted
from storage.courses import CourseRepository
from storage.database import Database
from storage.generations import GenerationRepository
from storage.models import Course, Generation
from storage.outline import LessonOutline, read_outline
from storage.revisions import course_changes
from storage.writing import WritingRepository


@dataclass(frozen=True, slots=True)
class Begun:
    """What a run starts from: the rows, what is planned so far, the texts that are written by the places of lesson and
    section, whether there is a picture."""

    generation: Generation
    course: Course
    outline: tuple[LessonOutline, ...]
    bodies: Mapping[tuple[int, int], str]
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
            bodies = await entry.writing.bodies(entry.course_id)
            return Begun(row, course, outline, bodies, await entry.writing.has_picture(entry.course_id))

    @uninterrupted
    async def outlined(self, generation_id: int, outline: Outline) -> tuple[Course, tuple[LessonOutline, ...]]:
        """Store the outline, unless there is one, what its picture shows with the order; returns what is stored."""
        async with self._entry(generation_id) as entry:
            course = await entry.courses.get(entry.course_id)
            if course is None:
                raise NoLongerWanted
            if not await entry.writing.outline(entry.course_id):
                titles = [columns.line(title) for title in outline.titles]
                await entry.writing.add_lessons(entry.course_id, titles)
                terms = [Term(columns.line(term.term), columns.line(term.meaning)) for term in outline.glossary]
                course.glossary, course.example = glossary_to_json(terms), columns.line(outline.example)
                course.language = outline.language or course.language
                entry.generation.order = {**entry.generation.order, "cover": columns.line(outline.cover)}
                await self._event(entry, "outline", 0, {"lessons": titles})
            return course, await entry.writing.outline(entry.course_id)

    @uninterrupted
    async def contracted(self, generation_id: int, contract: Contract) -> tuple[LessonOutline, ...]:
        """Store the contract of a lesson that has none; returns the whole outline as it is stored then."""
        async with self._entry(generation_id) as entry:
            lesson = columns.lesson_columns(contract.lesson)
            sections = [columns.planned_columns(section) for section in contract.lesson.sections]
            new = await entry.writing.plan_lesson(entry.course_id, contract.position, lesson, sections)
            if new and (titles := await entry.writing.titles_when_planned(entry.course_id)):
                await self._event(entry, "planned", rules.PLANNED, {"lessons": titles})
            course_id = entry.course_id
        return await self.outline(course_id)

    async def outline(self, course_id: int) -> tuple[LessonOutline, ...]:
        """The outline as it is stored now. Nobody has to wait with writing meanwhile."""
        async with self._database.reading() as session:
            return await read_outline(session, course_id)

    @uninterrupted
    async def plan_broke_off(self, generation_id: int, failure: str) -> None:
        """Lessons whose contracts did not come cannot be written; the others go on."""
        async with self._entry(generation_id) as entry:
            for lesson in await entry.writing.outline(entry.course_id):
                if not lesson.planned and lesson.state in rules.OPEN_LESSON:
                    await self._lesson_failed(entry, lesson, failure)

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
        """Store the text of a section, once; whether it was stored."""
        async with self._entry(generation_id) as entry:
            written = columns.body_columns(draft, lesson.sections[draft.index], self._clock.now())
            section_id = await entry.writing.save_body(lesson.id, draft.index, written)
            if section_id is not None:
                where = {"lesson_id": lesson.id, "lesson": lesson.position, "section_id": section_id}
                await self._event(entry, "section", 0, {**where, "section": draft.index})
            return section_id is not None

    @uninterrupted
    async def quiz(self, generation_id: int, lesson: LessonOutline, draft: QuizDraft) -> bool:
        """Store the questions of a section that waits for them, once; True if the lesson is complete with them."""
        async with self._entry(generation_id) as entry:
            questions = await _questions(entry, lesson, draft)
            findings = columns.finding_columns(draft.findings)
            await entry.writing.save_quiz(lesson.id, draft.index, questions, findings)
            return await self._perhaps_ready(entry, lesson)

    @uninterrupted
    async def given_up(self, generation_id: int, lesson: LessonOutline, piece: GivenUp) -> bool:
        """Note that a piece could not be made; True if the lesson is complete without it."""
        async with self._entry(generation_id) as entry:
            findings = columns.finding_columns(piece.findings)
            await entry.writing.give_up(lesson.id, piece.index, piece.piece, piece.why, findings)
            return await self._perhaps_ready(entry, lesson)

    @uninterrupted
    async def lesson_ended(self, generation_id: int, lesson: LessonOutline, failure: str | None) -> None:
        """Nothing more comes for a lesson: it is ready if all its texts are there, else failed. `failure` is why, if
        the author had said so; questions that are missing are not waited for."""
        async with self._entry(generation_id) as entry:
            await entry.writing.give_up_quizzes(lesson.id, failure or "incomplete")
            if lesson.state == "ready" or await self._perhaps_ready(entry, lesson):
                return
            now = await entry.writing.lesson(entry.course_id, lesson.position)
            missing = [section for section in now.sections if not section.written] if now is not None else []
            given_up = [section.failure for section in missing if section.failure]
            await self._lesson_failed(entry, now or lesson, failure or next(iter(given_up), "incomplete"))

    @uninterrupted
    async def replaced(
        self, generation_id: int, lesson: LessonOutline, quiz: QuizDraft, draft: SectionDraft | None
    ) -> None:
        """Put better questions, and if given the text that they are about, in the place of what is stored already."""
        async with self._entry(generation_id) as entry:
            questions = await _questions(entry, lesson, quiz)
            now = self._clock.now()
            if draft is not None:
                written = columns.body_columns(draft, lesson.sections[draft.index], now)
                await entry.writing.replace_body(lesson.id, draft.index, written)
            findings = columns.finding_columns(quiz.findings)
            await entry.writing.replace_quiz(lesson.id, quiz.index, questions, findings, now)

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
                failure = failures.most_common(1)[0][0] if failures else "incomplete"
                await make_failed(entry.generations, entry.courses, entry.generation, failure, self._clock)

    @uninterrupted
    async def failed(self, generation_id: int, failure: str) -> None:
        """Close the generation as failed; `failure` is a code. What had been written before stays, and a course that
        was ready stays ready."""
        async with self._entry(generation_id, OPEN_STATES) as entry:
            await make_failed(entry.generations, entry.courses, entry.generation, failure, self._clock)

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

    async def _perhaps_ready(self, entry: _Entry, lesson: LessonOutline) -> bool:
        if not await entry.writing.finish_lesson(lesson.id):
            return False
        written, total = await entry.writing.count_lessons(entry.course_id)
        data = {"lesson_id": lesson.id, "lesson": lesson.position, "title": lesson.title}
        milestone = rules.lessons_milestone(written, total)
        await self._event(entry, "lesson", milestone, {**data, "written": written, "total": total})
        return True

    async def _lesson_failed(self, entry: _Entry, lesson: LessonOutline, failure: str) -> None:
        await entry.writing.set_lesson(lesson.id, "failed", failure)
        data = {"lesson_id": lesson.id, "lesson": lesson.position, "title": lesson.title, "failure": failure}
        missing = list(lesson.missing) if len(lesson.missing) < len(lesson.sections) else []
        await self._event(entry, "lesson_failed", 0, {**data, "sections": missing})


async def _questions(entry: _Entry, lesson: LessonOutline, quiz: QuizDraft) -> list[dict[str, Any]]:
    """Once it is this quiz's turn to write: of two that come at once, the second knows the slots of the first."""
    asked = await entry.writing.keys(entry.course_id, but=lesson.sections[quiz.index].id)
    return columns.question_columns(quiz, lesson.id, [shown_slot(*each) for each in asked])
