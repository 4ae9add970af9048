"""Figures as they go out over REST."""

from __future__ import annotations

from datetime import date, datetime

from handlers.web.operations import Out
from services.views.analytics import PlatformFigures, Risk


class LearnerDayOut(Out):
    """A day in the learner's own time zone."""

    day: date
    seconds: int
    sections: int


class ForecastOut(Out):
    """Between which days a course will be finished at `minutes_a_day`."""

    course_id: int
    title: str
    percent: int
    minutes_a_day: float
    earliest: date
    latest: date


class LearnerFiguresOut(Out):
    """A learner's figures; `days` ends today and has no holes."""

    computed_at: datetime
    time_zone: str
    velocity: float | None
    seconds_spent: int
    sections_done: int
    streak: int
    longest_streak: int
    days: tuple[LearnerDayOut, ...]
    forecasts: tuple[ForecastOut, ...]


class SectionFiguresOut(Out):
    """One step of the funnel; `percent` of the enrolled completed it, `stopped` fell silent before it."""

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


class QuestionFiguresOut(Out):
    """How hard a question is: `tried` answered or skipped it, `percent` of them were right at the first try."""

    question_id: int
    section_id: int
    prompt: str
    tried: int
    right_first: int
    percent: int | None
    skipped: int
    disputed: int


class CourseDayOut(Out):
    """A day (UTC)."""

    day: date
    completions: int
    learners: int
    finished: int


class AtRiskOut(Out):
    """Somebody who has been silent for a week or longer."""

    learner_id: int
    name: str
    reason: Risk
    percent: int
    last_accessed_at: datetime
    days_silent: int


class CourseFiguresOut(Out):
    """A course's figures; `at_risk` holds at most a hundred, the longest silent first."""

    computed_at: datetime
    course_id: int
    title: str
    enrolled: int
    begun: int
    finished: int
    sections: tuple[SectionFiguresOut, ...]
    questions: tuple[QuestionFiguresOut, ...]
    days: tuple[CourseDayOut, ...]
    at_risk: tuple[AtRiskOut, ...]


class SpreadOut(Out):
    """How many within the last day, 7 days and 30 days."""

    day: int
    week: int
    month: int


class CostOut(Out):
    """US dollars within the last day, 7 days and 30 days."""

    day: float
    week: float
    month: float


class PlatformFiguresOut(Out):
    """Everything; `generations` by state, `errors` by what made them fail, `cost_usd` of models, `aside` work that was
    given up."""

    computed_at: datetime
    learners: int
    courses: int
    public_courses: int
    active: SpreadOut
    completions: SpreadOut
    generations: dict[str, SpreadOut]
    errors: dict[str, SpreadOut]
    cost_usd: CostOut
    aside: int


def platform(figures: PlatformFigures) -> PlatformFiguresOut:
    """Everything, with its cost in dollars."""
    shown = {name: getattr(figures, name) for name in PlatformFiguresOut.model_fields if name != "cost_usd"}
    return PlatformFiguresOut.model_validate({**shown, "cost_usd": CostOut(**cost_usd(figures))})


def cost_usd(figures: PlatformFigures) -> dict[str, float]:
    """What models cost, by window."""
    return {name: getattr(figures.cost, name) / 1_000_000 for name in CostOut.model_fields}
