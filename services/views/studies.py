"""What learners did, told in more detail than a chat has room for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.views.courses import CourseView, LessonView, SectionView
from services.views.learning import Achievement, ProgressView
from storage.standing import Done

BatchKind = Literal["section_completed", "interaction", "time_update"]
BatchStatus = Literal["success", "already_completed", "recorded", "updated", "error"]
PathAction = Literal["enrolled", "opened", "completed", "interaction", "time", "note"]


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One thing done, as a client reports it. `at` is when it says that was, `seconds` the time stated (None: the
    timer's), `interactions` how many, `note` what was written with a completion."""

    kind: BatchKind
    course_id: int
    lesson_id: int
    section_id: int
    at: datetime | None = None
    seconds: int | None = None
    interactions: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What became of one item. `why` is the code of an error; `done` is the record of a completion, the earlier one
    if there was one."""

    status: BatchStatus
    why: str | None = None
    done: Done | None = None
    achievements: tuple[Achievement, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchView:
    """All results in the order of the items, and where the learner is now in each course that they touched."""

    results: tuple[BatchResult, ...]
    progress: tuple[ProgressView, ...]


@dataclass(frozen=True, slots=True)
class SectionTime:
    """Time and interactions in one section; `done` if it is completed. Of a completed section the completion's
    seconds count, else what was read so far."""

    section: SectionView
    done: Done | None
    seconds: int
    interactions: int


@dataclass(frozen=True, slots=True)
class LessonProgressView:
    """Where a learner is in one lesson; `percent` by the rule for courses."""

    lesson: LessonView
    percent: int
    sections_done: int
    sections_total: int
    seconds_spent: int
    interactions: int
    completed_at: datetime | None
    sections: tuple[SectionTime, ...]
    enrolled_at: datetime
    last_accessed_at: datetime


@dataclass(frozen=True, slots=True)
class TimeView:
    """Time and interactions in a course, lesson by lesson; all seconds add up to `seconds_spent` of the progress."""

    course_id: int
    seconds_spent: int
    interactions: int
    lessons: tuple[LessonProgressView, ...]
    enrolled_at: datetime
    last_accessed_at: datetime


@dataclass(frozen=True, slots=True)
class PathStep:
    """One thing that happened. `velocity` is sections per hour over the five completions up to it, `difficulty` the
    course's level; lesson and section are None for the enrolment. `place` orders steps of the same millisecond."""

    at: datetime
    action: PathAction
    lesson_id: int | None
    section_id: int | None
    seconds: int
    interactions: int
    velocity: float | None
    difficulty: str
    place: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class PathPage:
    """Some steps, oldest first; `more` if there are further ones."""

    steps: tuple[PathStep, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Reached:
    """An achievement and when it was reached."""

    achievement: Achievement
    at: datetime


@dataclass(frozen=True, slots=True)
class NextView:
    """What to read next: `begun` says whether anything of the course is done."""

    course: CourseView
    lesson: LessonView
    section: SectionView
    begun: bool
