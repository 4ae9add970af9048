"""Courses found: lists with filters and words, and what is read of a course beside its shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from services.authors.protocol import Level
from services.clock import Clock
from services.courses_access import Access
from services.errors import NotFound
from services.library import Library
from services.rules.progress import percent
from services.rules.shuffling import shown_order
from services.validation import clean_text
from services.views import CourseSummary, CourseView, LearnerView, LessonView, QuestionView
from storage.catalogue import CatalogueRepository, CourseRow, Filters, Scope
from storage.courses import CourseRepository
from storage.database import Database
from storage.models import Question

MOST_WORDS = 10


@dataclass(frozen=True, slots=True)
class CoursePage:
    """Some courses; `after` is what the next page begins after, None at the end."""

    courses: tuple[CourseSummary, ...]
    after: int | None


class Catalogue:
    """What a reader finds. Without a reader (None) only published courses are found."""

    def __init__(self, *, database: Database, clock: Clock, library: Library) -> None:
        self._database = database
        self._access = Access(database=database, library=library, clock=clock)

    @property
    def access(self) -> Access:
        """Who may see what."""
        return self._access

    async def find(
        self,
        reader: LearnerView | None,
        scope: Scope,
        *,
        level: str | None = None,
        language: str | None = None,
        state: str | None = None,
        archived: bool = False,
        search: str = "",
        after: int | None = None,
        most: int = 50,
    ) -> CoursePage:
        """Courses, the newest first. `scope` is mine (made by the reader), enrolled (in the reader's list) or public;
        `search` is words that must all be in title or description; `after` is the id that the page begins after."""
        words = tuple(clean_text(search).split(" "))[:MOST_WORDS] if search.strip() else ()
        filters = Filters(scope, level, language, state, archived, words, after)
        async with self._database.reading() as session:
            rows = await CatalogueRepository(session).page(None if reader is None else reader.id, filters, most + 1)
        page = tuple(_summary(row, reader) for row in rows[:most])
        return CoursePage(page, page[-1].id if len(rows) > most else None)

    async def summary(self, reader: LearnerView, course_id: int) -> CourseSummary:
        """One course as it stands in the reader's lists. Raises NotFound("course")."""
        await self._access.see(reader, course_id)
        async with self._database.reading() as session:
            row = await CatalogueRepository(session).one(reader.id, course_id)
        if row is None:
            raise NotFound("course")
        return _summary(row, reader)

    async def questions(self, lesson: LessonView) -> dict[int, tuple[QuestionView, ...]]:
        """The questions of a lesson's sections, by section; the caller has asked who reads."""
        async with self._database.reading() as session:
            rows = await CourseRepository(session).questions([section.id for section in lesson.sections])
        found: dict[int, list[QuestionView]] = {}
        for row in rows:
            found.setdefault(row.section_id, []).append(_question(row))
        return {section_id: tuple(questions) for section_id, questions in found.items()}

    async def picture(self, course: CourseView) -> bytes:
        """The PNG of a course that may be seen. Raises NotFound("picture")."""
        async with self._database.reading() as session:
            row = await CourseRepository(session).picture(course.id)
        if row is None:
            raise NotFound("picture")
        return row.png


def _question(row: Question) -> QuestionView:
    texts: Sequence[str] = [option["text"] for option in row.options]
    options = tuple(texts[place] for place in shown_order(row.seed, len(texts)))
    return QuestionView(row.id, row.section_id, row.prompt, options)


def _summary(row: CourseRow, reader: LearnerView | None) -> CourseSummary:
    enrolled = row.enrolled_at is not None
    return CourseSummary(
        id=row.id,
        title=row.title,
        description=row.description,
        level=cast(Level, row.level),
        language=row.language,
        state=cast(Literal["making", "ready", "stopped"], row.state),
        visibility=cast(Literal["private", "public"], row.visibility),
        created_at=row.created_at,
        lessons_total=row.lessons,
        sections_total=row.sections,
        minutes=row.minutes,
        objectives_total=len(row.objectives),
        percent_ready=percent(row.written, row.sections),
        owned=reader is not None and row.owner_id == reader.id,
        generation_id=row.generation_id,
        enrolled=enrolled,
        archived=row.archived_at is not None,
        percent=percent(row.done, row.sections) if enrolled else None,
        sections_done=row.done if enrolled else None,
        enrolled_at=row.enrolled_at,
        last_accessed_at=row.last_accessed_at,
    )
