"""Courses as they are read, and what belongs to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from services.authors.protocol import Citation, Credit, Level, Option, QuestionDraft
from storage.outline import LEAST_SECTIONS

LessonState = Literal["waiting", "writing", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class SectionView:
    """One section as everybody who may read it sees it. `body` is Markdown, empty until it is written; `given_up` if it
    could not be; `questions_failure` is the code of why its questions could not be made, if they could not."""

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
    given_up: bool = False
    questions_failure: str | None = None

    @property
    def written(self) -> bool:
        """Whether there is something to read."""
        return bool(self.body)


@dataclass(frozen=True, slots=True)
class LessonView:
    """One lesson with its sections in order, none before it is planned; `failure` is the code of why it could not be
    written."""

    id: int
    course_id: int
    position: int
    title: str
    objectives: tuple[str, ...]
    state: LessonState
    failure: str | None
    sections: tuple[SectionView, ...]
    section_ids: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "section_ids", tuple(section.id for section in self.sections))

    @property
    def minutes(self) -> int:
        """Planned minutes of all sections."""
        return sum(section.minutes for section in self.sections)


@dataclass(frozen=True, slots=True)
class CourseView:
    """A course with its whole shape: the same for everybody who may see it, so it can be kept in memory. `picture` says
    what its picture shows, None without one. The last fields are put together once, because every completion looks
    at them several times: `sections` are those of all lessons in reading order, written or not; `sections_total` is how
    many it has, of lessons that are not planned yet the fewest that they can have, so that nobody is done before them;
    `questions_total` is how many of its questions count, `minutes` are the reading minutes of the whole."""

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
    sections: tuple[SectionView, ...] = field(init=False, repr=False, compare=False)
    section_by_id: Mapping[int, SectionView] = field(init=False, repr=False, compare=False)
    sections_total: int = field(init=False, repr=False, compare=False)
    questions_total: int = field(init=False, repr=False, compare=False)
    minutes: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        every = tuple(section for lesson in self.lessons for section in lesson.sections)
        known: dict[str, object] = {
            "sections": every,
            "section_by_id": {section.id: section for section in every},
            "sections_total": sum(len(lesson.sections) or LEAST_SECTIONS for lesson in self.lessons),
            "questions_total": sum(section.question_count for section in every),
            "minutes": sum(section.minutes for section in every),
        }
        for name, value in known.items():
            object.__setattr__(self, name, value)

    @property
    def published(self) -> bool:
        """Whether everybody may read it, signed in or not."""
        return self.visibility == "public" and self.state == "ready"

    def awaited(self, lesson: LessonView, section: SectionView | None = None) -> bool:
        """Whether a lesson, or a section of it, is not there yet but will be without anybody's doing."""
        being_made = self.state != "stopped" and lesson.state in {"waiting", "writing"}
        if section is None:
            return being_made and not lesson.sections
        return being_made and not section.written and not section.given_up


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
class CourseSummary:
    """A course in a list that can be searched, with its own figures. `percent_ready` is how much of it is written.
    From `owned` on it is about the reader: `generation_id` for the owner only, the rest for whoever is enrolled."""

    id: int
    title: str
    description: str
    level: Level
    language: str
    state: Literal["making", "ready", "stopped"]
    visibility: Literal["private", "public"]
    created_at: datetime
    lessons_total: int
    sections_total: int
    minutes: int
    objectives_total: int
    percent_ready: int
    owned: bool
    generation_id: int | None
    enrolled: bool
    archived: bool
    percent: int | None
    sections_done: int | None
    enrolled_at: datetime | None
    last_accessed_at: datetime | None


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question as it is shown: its options in its reader's order, and nothing of which is right."""

    id: int
    section_id: int
    prompt: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyedQuestionView:
    """A question as its author sees it: the options in the author's order, `key` is the index of the right one."""

    id: int
    prompt: str
    options: tuple[Option, ...]
    key: int
    hint: str


@dataclass(frozen=True, slots=True)
class VersionView:
    """A section as it was before an edit; `questions` with their keys, None where they were not kept."""

    section_id: int
    version: int
    title: str
    body: str
    minutes: int
    questions: tuple[QuestionDraft, ...] | None
    replaced_at: datetime


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
