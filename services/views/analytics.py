"""Figures about learning: of one learner, of one course, of everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Risk = Literal["not_started", "silent"]


@dataclass(frozen=True, slots=True)
class LearnerDay:
    """A day in the learner's own time zone: seconds of learning, and sections completed."""

    day: date
    seconds: int
    sections: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """When a course will be finished at the pace of the last two weeks (`minutes_a_day`), between two days."""

    course_id: int
    title: str
    percent: int
    minutes_a_day: float
    earliest: date
    latest: date


@dataclass(frozen=True, slots=True)
class LearnerFigures:
    """A learner's figures over all courses. `velocity` is sections per hour over the last five completions, None below
    two; `days` ends today and has no holes; the streaks count days with a completion, the current one up to today or
    yesterday."""

    computed_at: datetime
    time_zone: str
    velocity: float | None
    seconds_spent: int
    sections_done: int
    streak: int
    longest_streak: int
    days: tuple[LearnerDay, ...]
    forecasts: tuple[Forecast, ...]


@dataclass(frozen=True, slots=True)
class SectionFigures:
    """One step of the funnel. `reached` learners opened or completed it, `completed` did; the seconds are those of
    completions, None without any; at it `stopped` learners who have been silent for a week have their next section."""

    section_id: int
    lesson_id: int
    lesson: str
    title: str
    reached: int
    completed: int
    percent: int
    mean_seconds: int | None
    median_seconds: int | None
    stopped: int


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """How hard a question that counts is: `tried` learners answered or skipped it, `right_first` of them right at the
    first try (`percent`, None before the first), `skipped` left it, `disputed` flagged it."""

    question_id: int
    section_id: int
    prompt: str
    tried: int
    right_first: int
    percent: int | None
    skipped: int
    disputed: int


@dataclass(frozen=True, slots=True)
class CourseDay:
    """A day (UTC): sections completed, learners who completed some, and learners who finished the course."""

    day: date
    completions: int
    learners: int
    finished: int


@dataclass(frozen=True, slots=True)
class AtRisk:
    """Somebody who may not come back: enrolled and not begun, or begun and silent, for a week or longer."""

    learner_id: int
    name: str
    reason: Risk
    percent: int
    last_accessed_at: datetime
    days_silent: int


@dataclass(frozen=True, slots=True)
class CourseFigures:
    """A course's figures. `at_risk` are at most a hundred, the longest silent first."""

    computed_at: datetime
    course_id: int
    title: str
    enrolled: int
    begun: int
    finished: int
    sections: tuple[SectionFigures, ...]
    questions: tuple[QuestionFigures, ...]
    days: tuple[CourseDay, ...]
    at_risk: tuple[AtRisk, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """How many within the last day, week (7 days) and month (30 days)."""

    day: int
    week: int
    month: int


@dataclass(frozen=True, slots=True)
class PlatformFigures:
    """Everything. `generations` by their state, `errors` by what made a generation fail, `aside` work given up, `cost`
    of calls of models in millionths of a US dollar."""

    computed_at: datetime
    learners: int
    courses: int
    public_courses: int
    active: Spread
    completions: Spread
    generations: dict[str, Spread]
    errors: dict[str, Spread]
    cost: Spread
    aside: int
