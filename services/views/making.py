"""Courses while they are being made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from services.views.courses import LessonState

GenerationState = Literal["waiting", "running", "ready", "failed", "stopped", "discarded"]


@dataclass(frozen=True, slots=True)
class StepView:
    """One line of the status message: a lesson by name with its state; of one that failed in part, the places (0-based)
    of the sections that are `missing`. Of a ready one, the places of those `without_questions`, which could not be
    made."""

    lesson_id: int
    position: int
    title: str
    state: LessonState
    failure: str | None
    missing: tuple[int, ...] = ()
    without_questions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class GenerationView:
    """A generation as a person sees it. `progress` is the highest milestone reached (0–100); `remaining_seconds` is
    None when nothing honest can be said; `chat_id`/`message_id` are where its one status message is;
    `first_section_id` is where reading can begin, in the lesson at place `first_lesson`; `planned` is True once every
    lesson has its contract, `steps` are there from the outline on; `can_keep` says whether what is there makes a course
    (3 × 2); `enough_for` are the minutes that the source is enough for, if fewer than wished or of fewer lessons,
    else 0; `questions_failure` is the code of why the sections `without_questions` have none, if any."""

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
    first_lesson: int = 0
    enough_for: int = 0
    questions_failure: str | None = None

    @property
    def without_questions(self) -> int:
        """How many sections of lessons that are ready have no questions, as they could not be made."""
        return sum(len(step.without_questions) for step in self.steps)


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """One event of a generation's ordered feed; `seq` counts from 1. `code` is what happened (accepted, outline,
    planned, picture_started, picture_done, section, lesson, lesson_failed, lessons_done, saved, ready, failed,
    stopped)."""

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
