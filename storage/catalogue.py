"""Courses in lists: whose, of which kind, with which words, a page at a time, the newest first.

Ids only grow and are never used again, so a page that begins after an id is the same page whatever was added since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Completion, Course, Enrolment, Generation, Lesson, Section
from storage.models.courses import fold
from storage.outline import sections_of_course

Scope = Literal["mine", "enrolled", "public"]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which courses: None takes all. `words` must all be in title or description; `before` is the id that the page
    begins after; `archived` counts for one's own lists only."""

    scope: Scope
    level: str | None = None
    language: str | None = None
    state: str | None = None
    archived: bool = False
    words: Sequence[str] = ()
    before: int | None = None


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course in a list; from `generation_id` on it is about the reader, None or 0 for whoever is not enrolled."""

    id: int
    owner_id: int
    title: str
    description: str
    objectives: Sequence[str]
    level: str
    language: str
    state: str
    visibility: str
    created_at: datetime
    lessons: int
    sections: int
    written: int
    minutes: int
    generation_id: int | None
    enrolled_at: datetime | None
    last_accessed_at: datetime | None
    archived_at: datetime | None
    done: int


class CatalogueRepository:
    """Reads lists of courses."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def page(self, reader_id: int | None, filters: Filters, most: int) -> list[CourseRow]:
        """At most `most` courses, the newest first. Without a reader only public ones are found."""
        query = _columns(reader_id).where(*_where(reader_id, filters)).order_by(Course.id.desc()).limit(most)
        return [CourseRow(**row._mapping) for row in await self._session.execute(query)]

    async def one(self, reader_id: int, course_id: int) -> CourseRow | None:
        """One course as it stands in the lists of a reader, who may see it (the caller has asked)."""
        row = (await self._session.execute(_columns(reader_id).where(Course.id == course_id))).one_or_none()
        return None if row is None else CourseRow(**row._mapping)


def _columns(reader_id: int | None) -> Select[*tuple[Any, ...]]:
    reader = -1 if reader_id is None else reader_id
    mine = and_(Enrolment.course_id == Course.id, Enrolment.learner_id == reader)
    done = select(func.count()).where(Completion.learner_id == reader, Completion.course_id == Course.id)
    generation = select(func.max(Generation.id)).where(
        Generation.course_id == Course.id, Generation.learner_id == reader
    )
    return select(
        Course.id,
        Course.owner_id,
        Course.title,
        Course.description,
        Course.objectives,
        Course.level,
        Course.language,
        Course.state,
        Course.visibility,
        Course.created_at,
        select(func.count()).where(Lesson.course_id == Course.id).scalar_subquery().label("lessons"),
        sections_of_course().label("sections"),
        _of_sections(func.count(), Section.body != "").label("written"),
        _of_sections(func.coalesce(func.sum(Section.minutes), 0)).label("minutes"),
        generation.scalar_subquery().label("generation_id"),
        Enrolment.enrolled_at,
        Enrolment.last_accessed_at,
        Enrolment.archived_at,
        done.scalar_subquery().label("done"),
    ).outerjoin(Enrolment, mine)


def _of_sections(figure: ColumnElement[Any], *also: ColumnElement[bool]) -> Any:
    return select(figure).select_from(Section).where(Section.course_id == Course.id, *also).scalar_subquery()


def _where(reader_id: int | None, filters: Filters) -> list[ColumnElement[bool]]:
    found = [_scope(reader_id, filters)]
    if filters.level is not None:
        found.append(Course.level == filters.level)
    if filters.language is not None:
        found.append(Course.language == filters.language)
    if filters.state is not None:
        found.append(Course.state == filters.state)
    if filters.before is not None:
        found.append(Course.id < filters.before)
    for word in filters.words:
        found.append(Course.search.contains(fold(word), autoescape=True))
    return found


def _scope(reader_id: int | None, filters: Filters) -> ColumnElement[bool]:
    if filters.scope == "public" or reader_id is None:
        return and_(Course.visibility == "public", Course.state == "ready")
    aside = Enrolment.archived_at.is_not(None) if filters.archived else Enrolment.archived_at.is_(None)
    if filters.scope == "mine":
        return and_(Course.owner_id == reader_id, aside)
    return and_(Enrolment.learner_id == reader_id, aside)
