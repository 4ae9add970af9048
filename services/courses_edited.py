"""Courses written and changed by hand. What somebody completed stays completed: sections keep their identity."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from services.authors.codec import credit_to_json, questions_from_json, questions_to_json
from services.authors.protocol import Credit, Level, Option, QuestionDraft
from services.clock import Clock
from services.courses_access import Access, find_lesson, find_section
from services.errors import Conflict, Fault, Forbidden, Invalid, NotFound
from services.generation.view import OPEN_STATES
from services.library import Library
from services.rules.handwritten import LessonText, SectionText, checked_lessons, checked_section
from services.rules.reading import reading_minutes
from services.validation import (
    OBJECTIVES,
    OrderFields,
    check_order,
    clean_text,
    description_faults,
    objective_faults,
    title_faults,
)
from services.views import CourseView, KeyedQuestionView, LearnerView, LessonView, SectionView, VersionView
from storage.activity import ActivityRepository, NewEntry
from storage.courses import CourseRepository
from storage.database import Database
from storage.editing import EditingRepository, Handwritten, HandwrittenSection
from storage.generations import GenerationRepository

HAND = Credit(ai=False, name="people")


class Editing:
    """What owners do to the contents of their courses."""

    def __init__(self, *, database: Database, clock: Clock, library: Library) -> None:
        self._database = database
        self._clock = clock
        self._library = library
        self._access = Access(database=database, library=library)

    async def create(
        self,
        owner: LearnerView,
        *,
        title: str,
        description: str,
        objectives: Sequence[str],
        level: Level,
        language: str,
        lessons: Sequence[LessonText],
    ) -> CourseView:
        """A course by hand, complete and ready to be read. Raises Invalid with every fault, Forbidden
        ("not_admitted")."""
        if not owner.admitted:
            raise Forbidden("not_admitted")
        texts, faults = await asyncio.to_thread(checked_lessons, lessons)
        try:
            # The minutes of a written course are not asked for but counted.
            fields = check_order(title, description, objectives, level, 1, minutes_asked=False)
        except Invalid as error:
            raise Invalid(*error.faults, *faults) from None
        if faults:
            raise Invalid(*faults)
        written = await asyncio.to_thread(lambda: [_handwritten(lesson) for lesson in texts])
        return await self._library.course(await self._store(owner.id, fields, language, written))

    async def change(self, owner: LearnerView, course_id: int, changes: Mapping[str, Any]) -> CourseView:
        """Give one's course what `changes` names: title, description, objectives, level, language.

        Raises Invalid (every fault), NotFound("course"), Forbidden("not_owner")."""
        await self._access.own(owner, course_id)
        values = _checked(changes)
        async with self._database.transaction() as session:
            editing = EditingRepository(session)
            course = await editing.lock(course_id)
            if course is None:
                raise NotFound("course")
            await editing.change(course, values)
        return await self._changed(course_id)

    async def edit_section(
        self,
        owner: LearnerView,
        course_id: int,
        lesson_id: int,
        section_id: int,
        *,
        title: str | None = None,
        body: str | None = None,
        questions: Sequence[QuestionDraft] | None = None,
        version: int | None = None,
    ) -> SectionView:
        """Give a section another title or text, or other questions: it becomes a new version, and the one before is
        kept. `version` is the one that was read. Raises Invalid, NotFound (course, lesson, section), Forbidden
        ("not_owner"), Conflict: ``newer_version``; ``being_made`` while a generation is writing it."""
        lesson = find_lesson(await self._access.own(owner, course_id), lesson_id)
        shown = find_section(lesson, section_id)
        wanted = None if questions is None else tuple(questions)
        values, asked = await asyncio.to_thread(_checked_section, shown, title, body, wanted)
        return await self._replace(owner, lesson, shown, values, asked, shown.version if version is None else version)

    async def restore(
        self, owner: LearnerView, course_id: int, lesson_id: int, section_id: int, version: int
    ) -> SectionView:
        """Give a section the contents of an earlier version anew, questions included where they were kept: it becomes
        a new version, and the one before is kept. Raises NotFound (course, lesson, section, ``version``), Forbidden
        ("not_owner"), Conflict as `edit_section` does."""
        lesson = find_lesson(await self._access.own(owner, course_id), lesson_id)
        shown = find_section(lesson, section_id)
        async with self._database.reading() as session:
            row = await EditingRepository(session).version(section_id, version)
        if row is None:
            raise NotFound("version")
        asked = shown.question_count if row.questions is None else len(row.questions)
        minutes = await asyncio.to_thread(reading_minutes, row.body, asked)
        values = {"title": row.title, "body": row.body, "minutes": minutes, "citations": row.citations}
        return await self._replace(owner, lesson, shown, values, row.questions, shown.version)

    async def _replace(
        self,
        owner: LearnerView,
        lesson: LessonView,
        shown: SectionView,
        values: Mapping[str, Any],
        questions: Sequence[Mapping[str, Any]] | None,
        version: int,
    ) -> SectionView:
        course_id, lesson_id, section_id = lesson.course_id, lesson.id, shown.id
        now = self._clock.now()
        async with self._database.transaction() as session:
            editing = EditingRepository(session)
            if not shown.written:
                await _not_being_made(GenerationRepository(session), course_id)
            row = await editing.section(course_id, lesson_id, section_id)
            if row is None:
                raise NotFound("section")
            if row.version != version:
                raise Conflict("newer_version", row.written_at)
            await editing.replace(row, owner.id, values, now, questions)
            await editing.complete_lesson(lesson_id)
            entry = NewEntry("section.edited", owner.id, owner.id, f"section:{section_id}", {"course": course_id})
            await ActivityRepository(session).append(entry, now)
        return find_section(find_lesson(await self._changed(course_id), lesson_id), section_id)

    async def versions(
        self, owner: LearnerView, course_id: int, lesson_id: int, section_id: int
    ) -> tuple[VersionView, ...]:
        """What a section was before its edits, the newest first. Raises NotFound, Forbidden("not_owner")."""
        lesson = find_lesson(await self._access.own(owner, course_id), lesson_id)
        find_section(lesson, section_id)
        async with self._database.reading() as session:
            rows = await EditingRepository(session).versions(section_id)
        return tuple(
            VersionView(
                section_id=row.section_id,
                version=row.version,
                title=row.title,
                body=row.body,
                minutes=row.minutes,
                questions=None if row.questions is None else questions_from_json(row.questions),
                replaced_at=row.replaced_at,
            )
            for row in rows
        )

    async def questions(
        self, reader: LearnerView, course_id: int, lesson_id: int, section_id: int
    ) -> tuple[KeyedQuestionView, ...]:
        """The questions of a section with their keys, for the course's owner, and for admins, whose looking is written
        down. Raises NotFound, Forbidden("not_owner")."""
        course = await self._access.own(reader, course_id, admin_too=True)
        find_section(find_lesson(course, lesson_id), section_id)
        if course.owner_id != reader.id:
            entry = NewEntry("questions.read", reader.id, course.owner_id, f"section:{section_id}")
            async with self._database.transaction() as session:
                await ActivityRepository(session).append(entry, self._clock.now())
        async with self._database.reading() as session:
            rows = await CourseRepository(session).questions([section_id])
        return tuple(
            KeyedQuestionView(row.id, row.prompt, tuple(Option(**one) for one in row.options), row.key, row.hint)
            for row in rows
        )

    async def order_lessons(self, owner: LearnerView, course_id: int, lesson_ids: Sequence[int]) -> CourseView:
        """Put the lessons into another order. Raises Invalid if one is named twice, NotFound("course"), Forbidden
        ("not_owner"), Conflict: ``other_lessons`` unless `lesson_ids` are all that there are; ``being_made``."""
        await self._access.own(owner, course_id)
        if len(set(lesson_ids)) < len(lesson_ids):
            raise Invalid(Fault("lesson_ids", "repeated", str(len(lesson_ids)), "each lesson once"))
        async with self._database.transaction() as session:
            await _not_being_made(GenerationRepository(session), course_id)
            editing = EditingRepository(session)
            if await editing.lock(course_id) is None:
                raise NotFound("course")
            if sorted(await editing.lesson_ids(course_id)) != sorted(lesson_ids):
                raise Conflict("other_lessons")
            await editing.order_lessons(course_id, lesson_ids)
        return await self._changed(course_id)

    async def _store(self, owner_id: int, fields: OrderFields, language: str, lessons: Sequence[Handwritten]) -> int:
        now = self._clock.now()
        async with self._database.transaction() as session:
            courses, editing = CourseRepository(session), EditingRepository(session)
            course = await courses.add(
                owner_id=owner_id,
                title=fields.title,
                description=fields.description,
                level=fields.level,
                language=language,
                minutes_asked=sum(section.minutes for lesson in lessons for section in lesson.sections),
                state="ready",
                objectives=list(fields.objectives),
                credit=credit_to_json(HAND),
                document_id=None,
                created_at=now,
                ready_at=now,
            )
            await courses.enrol(owner_id, course.id, now)
            for place, lesson in enumerate(lessons):
                await editing.add_lesson(course.id, place, lesson, now)
            return course.id

    async def _changed(self, course_id: int) -> CourseView:
        self._library.forget(course_id)
        return await self._library.course(course_id)


async def _not_being_made(generations: GenerationRepository, course_id: int) -> None:
    """The course's generations stay locked, so that none goes on meanwhile."""
    if any(row.state in OPEN_STATES for row in await generations.lock_of_course(course_id)):
        raise Conflict("being_made")


def _handwritten(lesson: LessonText) -> Handwritten:
    sections = [
        HandwrittenSection(
            one.title, reading_minutes(one.body, len(one.questions)), one.body, questions_to_json(one.questions)
        )
        for one in lesson.sections
    ]
    return Handwritten(lesson.title, lesson.objectives, sections)


def _checked_section(
    shown: SectionView, title: str | None, body: str | None, questions: tuple[QuestionDraft, ...] | None
) -> tuple[dict[str, Any], list[dict[str, Any]] | None]:
    """What becomes of a section, and of its questions (None: they stay). Raises Invalid with every fault."""
    wanted = (shown.title if title is None else title, shown.body if body is None else body, questions or ())
    text, faults = checked_section(SectionText(*wanted))
    # A generated text may be longer than what is taken by hand: only what is given anew is judged.
    untouched = {name for name, given in (("title", title), ("body", body)) if given is None}
    faults = [one for one in faults if one.field not in untouched]
    if body is None and not shown.written:
        faults.append(Fault("body", "missing", "", "a text for a section that has none"))
    if faults:
        raise Invalid(*faults)
    asked = shown.question_count if questions is None else len(text.questions)
    values = {"title": text.title, "body": text.body, "minutes": reading_minutes(text.body, asked)}
    return values, None if questions is None else questions_to_json(text.questions)


def _checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes cleaned. Raises Invalid with every fault."""
    values, faults = dict(changes), []
    if "title" in values:
        values["title"] = clean_text(values["title"])
        faults += title_faults(values["title"])
    if "description" in values:
        values["description"] = clean_text(values["description"])
        faults += description_faults(values["description"])
    if "objectives" in values:
        values["objectives"] = [clean_text(one) for one in values["objectives"]]
        low, high = OBJECTIVES
        count = len(values["objectives"])
        if not low <= count <= high:
            faults.append(Fault("objectives", "too_few" if count < low else "too_many", str(count), f"{low}–{high}"))
        for index, one in enumerate(values["objectives"]):
            faults += objective_faults(one, f"objectives[{index}]")
    if faults:
        raise Invalid(*faults)
    return values
