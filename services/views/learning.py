"""Where learners are, and what a completion brings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from services.views.courses import CourseView, LessonView, SectionView
from storage.standing import Done


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
    `awaited` is one before it that is being written just now. `velocity` is sections per hour over the last five
    completions, None below two. `answered` says how many questions of a section the learner has settled, `right_first`
    how many of all were right at the first try; `score` is their share of all questions in per cent (0…100), None where
    there are none."""

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
    awaited: SectionView | None = None
    answered: dict[int, int] = field(default_factory=dict)
    right_first: int = 0
    score: int | None = None

    @property
    def questions_total(self) -> int:
        """All questions of the course that count."""
        return self.course.questions_total

    @property
    def questions_open(self) -> int:
        """How many of them the learner has not settled."""
        home = self.course.section_by_id
        return self.questions_total - sum(
            [min(settled, home[one].question_count) for one, settled in self.answered.items() if one in home]
        )

    def open_in(self, section: SectionView) -> int:
        """How many questions of a section the learner has not settled."""
        return max(0, section.question_count - self.answered.get(section.id, 0))

    @property
    def upcoming(self) -> SectionView | None:
        """What comes next in order, whether it can be read already or is here in a moment."""
        return self.awaited or self.next_section


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
class NoteView:
    """A learner's note on a section."""

    id: int
    section_id: int
    text: str
    created_at: datetime
