"""Courses as they are read, and what belongs to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.authors.protocol import Citation, Credit, Level

LessonState = Literal["waiting", "writing", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class SectionView:
    """One section as everybody who may read it sees it. `body` is Markdown, empty until it is written."""

    id: int
    lesson_id: int
    course_id: int
    position: int
    title: str
    minutes: int
    body: str
    citations: tuple[Citation, ...]
    version: int
    question_count: int

    @property
    def written(self) -> bool:
        """Whether there is something to read."""
        return bool(self.body)


@dataclass(frozen=True, slots=True)
class LessonView:
    """One lesson with its sections in order; `failure` is the code of why it could not be written."""

    id: int
    course_id: int
    position: int
    title: str
    objectives: tuple[str, ...]
    state: LessonState
    failure: str | None
    sections: tuple[SectionView, ...]

    @property
    def minutes(self) -> int:
        """Planned minutes of all sections."""
        return sum(section.minutes for section in self.sections)


@dataclass(frozen=True, slots=True)
class CourseView:
    """A course with its whole shape: the same for everybody who may see it, so it can be kept in memory. `picture` says
    what its picture shows, None without one."""

    id: int
    owner_id: int
    title: str
    description: str
    objectives: tuple[str, ...]
    level: Level
    language: str
    state: Literal["making", "ready", "stopped"]
    credit: Credit
    created_at: datetime
    lessons: tuple[LessonView, ...]
    visibility: Literal["private", "public"] = "private"
    picture: str | None = None

    @property
    def published(self) -> bool:
        """Whether everybody may read it, signed in or not."""
        return self.visibility == "public" and self.state == "ready"

    @property
    def sections(self) -> tuple[SectionView, ...]:
        """All sections in reading order, written or not."""
        return tuple(section for lesson in self.lessons for section in lesson.sections)

    @property
    def minutes(self) -> int:
        """Reading minutes of the whole course."""
        return sum(lesson.minutes for lesson in self.lessons)


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course in somebody's list, with where they are in it. `percent` by the rule of product.md §5."""

    id: int
    title: str
    percent: int
    sections_done: int
    sections_total: int
    archived: bool
    owned: bool
    state: Literal["making", "ready", "stopped"]
    generation_id: int | None
    last_accessed_at: datetime


@dataclass(frozen=True, slots=True)
class PictureView:
    """A course's picture: PNG bytes, words for what it shows, and Telegram's id for it once it was sent."""

    png: bytes
    alternative_text: str
    file_id: str | None


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A learner's document after it was read."""

    id: int
    name: str
    title: str
    language: str
    words: int
