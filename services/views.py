"""What services give back: frozen, complete, and free of how it is stored or shown. Times are aware UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from services.authors.protocol import Citation, Credit, Level

Role = Literal["learner", "instructor", "admin"]
LessonState = Literal["waiting", "writing", "ready", "failed"]
GenerationState = Literal["waiting", "running", "ready", "failed", "stopped", "discarded"]


@dataclass(frozen=True, slots=True)
class LearnerView:
    """A person who uses the bot. `language` is one the bot has texts for; `reachable` is False after they blocked it;
    `admitted` is False while the access mode keeps them out. `first_meeting` is True on the very first update."""

    id: int
    telegram_id: int
    name: str
    language: str
    time_zone: str
    role: Role
    admitted: bool
    reachable: bool
    first_meeting: bool = False


@dataclass(frozen=True, slots=True)
class DialogueView:
    """Where a conversation stands: `kind` (request, rename, note…), `step`, free `data` (JSON-able), the message that
    shows it, and the update that brought it here (so that a redelivered update is not applied twice)."""

    learner_id: int
    kind: str
    step: str
    data: dict[str, Any]
    message_id: int | None
    update_id: int


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
    """A course with its whole shape: the same for everybody who may see it, so it can be kept in memory."""

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
class Done:
    """One completion as recorded: when, and the seconds that it took."""

    section_id: int
    lesson_id: int
    completed_at: datetime
    seconds: int


@dataclass(frozen=True, slots=True)
class Remaining:
    """Honest remaining minutes as a range; `own_pace` says whether it comes from the learner's own completions."""

    low: int
    high: int
    own_pace: bool


@dataclass(frozen=True, slots=True)
class Achievement:
    """`kind`: ``lesson`` (with its `lesson_id` and `seconds`), ``quarter`` / ``half`` / ``three_quarters``, ``course``
    (with total `seconds` and `score` in per cent, None where there are no questions that count)."""

    kind: Literal["lesson", "quarter", "half", "three_quarters", "course"]
    lesson_id: int | None = None
    seconds: int = 0
    score: int | None = None


@dataclass(frozen=True, slots=True)
class ProgressView:
    """Where a learner is in a course. `next_section` is the first uncompleted written section in order, if any;
    `velocity` is sections per hour over the last five completions, None below two."""

    course: CourseView
    percent: int
    sections_done: int
    sections_total: int
    lessons_done: int
    lessons_total: int
    seconds_spent: int
    remaining: Remaining
    velocity: float | None
    next_section: SectionView | None
    done: dict[int, Done]
    enrolled_at: datetime
    last_accessed_at: datetime


@dataclass(frozen=True, slots=True)
class CompletionView:
    """The answer to a tap on Done. `first` is False if it had been completed before (then `done` is the earlier
    record and `achievements` is empty). `next_section` is what to read next, `lesson_done` the lesson just finished."""

    first: bool
    done: Done
    section: SectionView
    lesson: LessonView
    progress: ProgressView
    achievements: tuple[Achievement, ...]


@dataclass(frozen=True, slots=True)
class StepView:
    """One line of the status message: a lesson by name with its state."""

    lesson_id: int
    position: int
    title: str
    state: LessonState
    failure: str | None


@dataclass(frozen=True, slots=True)
class GenerationView:
    """A generation as a person sees it. `progress` is the highest milestone reached (0–100); `remaining_seconds` is
    None when nothing honest can be said; `chat_id`/`message_id` are where its one status message is; `lesson_one` is
    the id of the first lesson once it can be read; `can_keep` says whether what is there makes a course (3 × 2)."""

    id: int
    course_id: int
    learner_id: int
    state: GenerationState
    title: str
    description: str
    progress: int
    planned: bool
    picture: Literal["waiting", "drawing", "ready"]
    steps: tuple[StepView, ...]
    started_at: datetime
    elapsed_seconds: int
    remaining_seconds: int | None
    sections_total: int
    minutes: int
    failure: str | None
    chat_id: int | None
    message_id: int | None
    message_replaced: bool
    first_section_id: int | None
    can_keep: bool
    lessons_written: int
    told: bool


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """One event of a generation's ordered feed; `seq` counts from 1. `code` is what happened (accepted, planned,
    picture_started, picture_done, section, lesson, lesson_failed, lessons_done, saved, ready, failed, stopped)."""

    seq: int
    generation_id: int
    progress: int
    code: str
    data: dict[str, Any]
    at: datetime

    @property
    def last(self) -> bool:
        """Whether the feed ends with this event."""
        return self.code in {"ready", "failed", "stopped", "discarded"}


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


@dataclass(frozen=True, slots=True)
class NoteView:
    """A learner's note on a section."""

    id: int
    section_id: int
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ProbeView:
    """One dependency, really asked. `state`: ok, off (not set up), slow or failed; `loses` is a code for what a user
    loses while it is away; `detail` is for admins only."""

    name: str
    state: Literal["ok", "off", "slow", "failed"]
    latency_ms: float
    loses: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class HealthView:
    """Health as a whole: `status` is healthy, degraded (it works, something is lost) or unhealthy."""

    status: Literal["healthy", "degraded", "unhealthy"]
    at: datetime
    version: str
    environment: str
    probes: tuple[ProbeView, ...]


@dataclass(frozen=True, slots=True)
class WorkloadView:
    """The table of work in figures, for admins: open rows per kind, rows set aside, age of the oldest open row."""

    open: dict[str, int]
    aside: int
    oldest_seconds: float
