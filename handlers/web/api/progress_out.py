"""Progress as it goes out over REST. Seconds are whole, minutes are reading minutes, times are UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from handlers.web.operations import Out
from services.views import Achievement, CompletionView, LessonView, ProgressView, SectionView
from services.views.studies import LessonProgressView, NextView, PathAction, TimeView


class RemainingOut(Out):
    """Minutes that are left, as a range; `own_pace` once they come from the learner's own completions."""

    low: int
    high: int
    own_pace: bool


class NextOut(Out):
    """What to read next."""

    course_id: int
    lesson_id: int
    section_id: int
    title: str
    minutes: int


class QuestionCountsOut(Out):
    """The questions of a course that count: how many, how many are answered or skipped, how many were right at the
    first try, and these in per cent of all (null where there are no questions)."""

    total: int
    answered: int
    right_first: int
    score: int | None


class ProgressOut(Out):
    """Where somebody is in a course. `velocity` is sections per hour over the last five, null below two."""

    course_id: int
    title: str
    percent: int
    sections_done: int
    sections_total: int
    lessons_done: int
    lessons_total: int
    seconds_spent: int
    remaining: RemainingOut
    velocity: float | None
    questions: QuestionCountsOut
    next: NextOut | None
    enrolled_at: datetime
    last_accessed_at: datetime


class AchievementOut(Out):
    """`lesson` comes with its id and seconds, `course` with all seconds and the score (null without questions)."""

    kind: Literal["lesson", "quarter", "half", "three_quarters", "course"]
    lesson_id: int | None
    seconds: int
    score: int | None


class CompletedOut(Out):
    """A section that is done."""

    course_id: int
    lesson_id: int
    lesson_title: str
    section_id: int
    section_title: str
    completed_at: datetime
    seconds: int


class CompletionOut(Out):
    """What a completion brings."""

    completed: CompletedOut
    progress: ProgressOut
    achievements: tuple[AchievementOut, ...]
    next: NextOut | None


class ProgressPageOut(Out):
    """Some courses, by id; `next_cursor` leads to the rest, null at the end."""

    items: tuple[ProgressOut, ...]
    next_cursor: str | None


class SectionTimeOut(Out):
    """One section: a completion's seconds, or what was read so far."""

    section_id: int
    title: str
    completed_at: datetime | None
    seconds: int
    interactions: int


class LessonProgressOut(Out):
    """Where somebody is in a lesson; `completed_at` when the last of its sections was done."""

    lesson_id: int
    title: str
    percent: int
    sections_done: int
    sections_total: int
    seconds_spent: int
    interactions: int
    completed_at: datetime | None
    sections: tuple[SectionTimeOut, ...]
    enrolled_at: datetime
    last_accessed_at: datetime


class TimeOut(Out):
    """Time and interactions in a course."""

    course_id: int
    seconds_spent: int
    interactions: int
    lessons: tuple[LessonProgressOut, ...]
    enrolled_at: datetime
    last_accessed_at: datetime


class StepOut(Out):
    """One thing that happened; `velocity` as it was then, `difficulty` the course's."""

    at: datetime
    action: PathAction
    lesson_id: int | None
    section_id: int | None
    seconds: int
    interactions: int
    velocity: float | None
    difficulty: str


class PathOut(Out):
    """The learning path, oldest first; `next_cursor` leads on, null at the end."""

    items: tuple[StepOut, ...]
    next_cursor: str | None


class ReachedOut(AchievementOut):
    """An achievement and when it was reached."""

    at: datetime


class AchievementsOut(Out):
    """Everything achieved in a course, the first first."""

    items: tuple[ReachedOut, ...]


class RecommendationOut(Out):
    """What to read next among all courses; `begun` says whether anything of the course is done."""

    next: NextOut | None
    course_title: str | None
    begun: bool


def progress(view: ProgressView) -> ProgressOut:
    """Where a learner is."""
    return ProgressOut.model_validate(_progress(view))


def achievements(found: tuple[Achievement, ...]) -> tuple[AchievementOut, ...]:
    """What was reached."""
    return tuple(AchievementOut.model_validate(one) for one in found)


def completion(view: CompletionView) -> CompletionOut:
    """What a completion brings. Its parts are validated with it, in one go: one by one they cost a completion twice as
    much."""
    done, whole = view.done, _progress(view.progress)
    completed = {
        "course_id": view.progress.course.id,
        "lesson_id": view.lesson.id,
        "lesson_title": view.lesson.title,
        "section_id": view.section.id,
        "section_title": view.section.title,
        "completed_at": done.completed_at,
        "seconds": done.seconds,
    }
    return CompletionOut.model_validate(
        {"completed": completed, "progress": whole, "achievements": view.achievements, "next": whole["next"]}
    )


def _progress(view: ProgressView) -> dict[str, object]:
    left = view.remaining
    return {
        "course_id": view.course.id,
        "title": view.course.title,
        "percent": view.percent,
        "sections_done": view.sections_done,
        "sections_total": view.sections_total,
        "lessons_done": view.lessons_done,
        "lessons_total": view.lessons_total,
        "seconds_spent": view.seconds_spent,
        "remaining": {"low": left.low, "high": left.high, "own_pace": left.own_pace},
        "velocity": view.velocity,
        "questions": {
            "total": view.questions_total,
            "answered": view.questions_total - view.questions_open,
            "right_first": view.right_first,
            "score": view.score,
        },
        "next": _following(view.next_section),
        "enrolled_at": view.enrolled_at,
        "last_accessed_at": view.last_accessed_at,
    }


def _following(section: SectionView | None) -> dict[str, object] | None:
    if section is None:
        return None
    return {
        "course_id": section.course_id,
        "lesson_id": section.lesson_id,
        "section_id": section.id,
        "title": section.title,
        "minutes": section.minutes,
    }


def lesson(view: LessonProgressView) -> LessonProgressOut:
    """Where a learner is in a lesson."""
    sections = tuple(
        SectionTimeOut(
            section_id=one.section.id,
            title=one.section.title,
            completed_at=one.done.completed_at if one.done else None,
            seconds=one.seconds,
            interactions=one.interactions,
        )
        for one in view.sections
    )
    home: LessonView = view.lesson
    return LessonProgressOut(
        lesson_id=home.id,
        title=home.title,
        percent=view.percent,
        sections_done=view.sections_done,
        sections_total=view.sections_total,
        seconds_spent=view.seconds_spent,
        interactions=view.interactions,
        completed_at=view.completed_at,
        sections=sections,
        enrolled_at=view.enrolled_at,
        last_accessed_at=view.last_accessed_at,
    )


def time(view: TimeView) -> TimeOut:
    """Time and interactions."""
    return TimeOut(
        course_id=view.course_id,
        seconds_spent=view.seconds_spent,
        interactions=view.interactions,
        lessons=tuple(lesson(one) for one in view.lessons),
        enrolled_at=view.enrolled_at,
        last_accessed_at=view.last_accessed_at,
    )


def recommendation(view: NextView | None) -> RecommendationOut:
    """What to read next among all courses."""
    if view is None:
        return RecommendationOut(next=None, course_title=None, begun=False)
    return RecommendationOut.model_validate(
        {"next": _following(view.section), "course_title": view.course.title, "begun": view.begun}
    )
