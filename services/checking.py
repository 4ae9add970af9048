"""Stored courses are put through all checks, and the report is kept beside them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from services.authors.codec import citations_from_json, findings_from_json, options_from_json
from services.authors.protocol import Level, Passage, QuestionDraft, Source
from services.clock import Clock
from services.errors import NotFound
from services.quality.course import CheckedCourse, CheckedLesson, CheckedSection, course_findings
from services.quality.finding import Finding
from services.quality.judging import Judged
from services.quality.report import Report, from_data, report_of, to_data
from services.rules.shuffling import shown_slot
from services.sources import load_source
from storage.courses import CourseRepository, CourseShape
from storage.database import Database
from storage.models import Question, Section
from storage.quality import QualityRepository


@dataclass(frozen=True, slots=True)
class Checked:
    """A report, and when it was made."""

    report: Report
    at: datetime


class Checking:
    """Makes, keeps and gives back reports. No transaction is open while checks are made, which takes a thread for some
    tenths of a second."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def check(
        self, course_id: int, judged: Judged | None = None, flagged: Mapping[str, tuple[str, ...]] | None = None
    ) -> Checked:
        """Check the course as it is stored and keep the report. Call it whenever a course has been finished or changed;
        `judged` are a second model's answers, if one was asked, `flagged` is what moderation found, by path, if it has
        looked at all of it. Raises NotFound("course")."""
        shape, questions = await self._load(course_id)
        return await self._make(shape, questions, judged, flagged)

    async def whole(self, course_id: int) -> tuple[CheckedCourse, tuple[Finding, ...]]:
        """The course as it is stored, and what only the whole of it shows to be wrong; nothing is kept. Raises
        NotFound("course")."""
        course, _ = await self._course(*await self._load(course_id))
        return course, await asyncio.to_thread(course_findings, course)

    async def latest(self, course_id: int) -> Checked:
        """The report on the course as it is: the one that is kept, or a new one if the course has changed since. Raises
        NotFound("course")."""
        shape, questions = await self._load(course_id)
        async with self._database.reading() as session:
            kept = await QualityRepository(session).get(course_id)
        if kept is not None:
            report = from_data(kept[1])
            if report.fingerprint == fingerprint(shape, questions):
                return Checked(report, kept[0])
        return await self._make(shape, questions, None)

    async def _load(self, course_id: int) -> tuple[CourseShape, Sequence[Question]]:
        async with self._database.reading() as session:
            repository = CourseRepository(session)
            shape = await repository.shape(course_id)
            if shape is None:
                raise NotFound("course")
            return shape, await repository.questions([section.id for section in shape.sections])

    async def _course(self, shape: CourseShape, questions: Sequence[Question]) -> tuple[CheckedCourse, str]:
        """The course as the checks take it, and its fingerprint."""
        source = None
        if shape.course.document_id is not None:
            source = await load_source(self._database, shape.course.owner_id, shape.course.document_id)
        return checked_course(shape, questions, source), fingerprint(shape, questions)

    async def _make(
        self,
        shape: CourseShape,
        questions: Sequence[Question],
        judged: Judged | None,
        flagged: Mapping[str, tuple[str, ...]] | None = None,
    ) -> Checked:
        course, state = await self._course(shape, questions)
        course = replace(course, flagged=flagged)
        made = Checked(await asyncio.to_thread(report_of, course, state, judged), self._clock.now())
        async with self._database.transaction() as session:
            if not await QualityRepository(session).put(shape.course.id, made.at, to_data(made.report)):
                raise NotFound("course")
        return made


def fingerprint(shape: CourseShape, questions: Sequence[Question]) -> str:
    """What changes whenever a report on the course would have to be made anew."""
    course = shape.course
    parts = [
        (course.title, course.description, course.level, course.language, course.objectives, course.document_id),
        [(lesson.id, lesson.position, lesson.title) for lesson in shape.lessons],
        [(one.id, one.position, one.title, one.version, one.written_at, one.minutes) for one in shape.sections],
        [question.id for question in questions],
        shape.picture,
    ]
    return hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()


def checked_course(shape: CourseShape, questions: Sequence[Question], source: Source | None) -> CheckedCourse:
    """A stored course as the checks take it. A document that is gone cannot be looked into: then nothing is cited."""
    course = shape.course
    asked: dict[int, list[Question]] = {}
    for question in questions:
        asked.setdefault(question.section_id, []).append(question)
    held: dict[int, list[CheckedSection]] = {}
    for section in shape.sections:
        checked = _section(section, asked.get(section.id, []), grounded=source is not None)
        held.setdefault(section.lesson_id, []).append(checked)
    return CheckedCourse(
        title=course.title,
        description=course.description,
        level=cast(Level, course.level),
        language=course.language,
        minutes=course.minutes_asked,
        objectives=tuple(course.objectives),
        lessons=tuple(
            CheckedLesson(lesson.title, tuple(lesson.objectives), tuple(held.get(lesson.id, ())))
            for lesson in shape.lessons
        ),
        passages=None if source is None else _passages(source),
        enforced=bool(course.credit.get("ai")),
        alternative_text=shape.picture,
    )


def _section(row: Section, questions: Sequence[Question], *, grounded: bool) -> CheckedSection:
    return CheckedSection(
        title=row.title,
        body=row.body,
        minutes=row.minutes,
        outcome=row.outcome,
        objectives=tuple(row.objectives),
        citations=citations_from_json(row.citations) if grounded else (),
        questions=tuple(
            QuestionDraft(
                one.prompt, options_from_json(one.options), one.key, one.hint, objective=one.objective, bloom=one.bloom
            )
            for one in questions
        ),
        shown_keys=tuple(
            shown_slot(one.seed, one.key, len(one.options)) for one in questions if 0 <= one.key < len(one.options)
        ),
        mended=tuple(one for one in findings_from_json(row.findings) if one.outcome != "open"),
    )


def _passages(source: Source) -> Mapping[str, Passage]:
    return {passage.id: passage for node in source.nodes for passage in node.passages}
