"""The arithmetic of progress (product.md §5): pure, with everything it needs as an argument."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Literal

from services.views import Achievement, CourseView, Done, LessonView, Remaining, SectionView

LEAST_SECONDS = 30  # the shortest time a completion counts
LONGEST_PAUSE = 600  # seconds between two signs of life; longer gaps are pauses and not counted
OWN_PACE_AFTER = 3  # completions from which on the remaining time comes from the learner's own pace
VELOCITY_OVER = 5  # completions that the learning velocity looks at
UNDO_SECONDS = 60

_QUARTERS: tuple[tuple[int, Literal["quarter", "half", "three_quarters"]], ...] = (
    (1, "quarter"),
    (2, "half"),
    (3, "three_quarters"),
)
_completed_at = attrgetter("completed_at")


def percent(done: int, total: int) -> int:
    """Sections done ÷ all, rounded half up; 0 for an empty course, 100 only when all is done."""
    if total <= 0 or done <= 0:
        return 0
    if done >= total:
        return 100
    return min(99, (200 * done + total) // (2 * total))


def lesson_done(lesson: LessonView, done: Collection[int]) -> bool:
    """Whether every section of a lesson that has sections is among the completed ids."""
    return bool(lesson.sections) and all(map(done.__contains__, lesson.section_ids))


def next_section(course: CourseView, done: Collection[int]) -> SectionView | None:
    """The first section in reading order that can be read and is not completed."""
    return next((section for section in course.sections if section.written and section.id not in done), None)


def awaited(course: CourseView, done: Collection[int]) -> SectionView | None:
    """The section that comes next in reading order, if it is being written just now: who reads faster than a course is
    made waits for it, and is not sent on to a later lesson. None if what comes next can be read."""
    for lesson in course.lessons:
        for section in lesson.sections:
            if section.id in done:
                continue
            if section.written:
                return None
            if course.awaited(lesson, section):
                return section
        if course.awaited(lesson):
            return None
    return None


def velocity(completions: Sequence[Done]) -> float | None:
    """Sections per hour of time spent over the last five completions; None below two."""
    last = sorted(completions, key=_completed_at)[-VELOCITY_OVER:]
    seconds = sum(done.seconds for done in last)
    if len(last) < 2 or seconds <= 0:
        return None
    return len(last) * 3600 / seconds


def remaining(course: CourseView, done: dict[int, Done]) -> Remaining:
    """Minutes that are left, as a range: the plan's minutes ± 20 % at first; from three completions on these minutes
    times how much slower or faster the learner was than the plan, between all of it and the last five, ± 15 %."""
    home = course.section_by_id
    left = course.minutes - _planned(done, home)
    if not left:
        return Remaining(0, 0, own_pace=len(done) >= OWN_PACE_AFTER)
    if len(done) < OWN_PACE_AFTER:
        return _range(left * 0.8, left * 1.2, own_pace=False)
    in_order = sorted(done.values(), key=_completed_at)
    paces = [_pace(in_order, home), _pace(in_order[-VELOCITY_OVER:], home)]
    return _range(left * min(paces) * 0.85, left * max(paces) * 1.15, own_pace=True)


def _pace(completions: Sequence[Done], home: Mapping[int, SectionView]) -> float:
    planned = 60 * _planned([one.section_id for one in completions], home)
    return sum([one.seconds for one in completions]) / planned if planned else 1.0


def _planned(sections: Iterable[int], home: Mapping[int, SectionView]) -> int:
    """Minutes of those that are there (one that was taken out of its course is not)."""
    return sum([home[one].minutes for one in sections if one in home])


def _range(low: float, high: float, *, own_pace: bool) -> Remaining:
    """Whole minutes below a quarter of an hour, steps of five above: finer would pretend to know."""
    bottom, top = _step(low), _step(high)
    return Remaining(bottom, max(bottom, top), own_pace)


def _step(minutes: float) -> int:
    return max(1, round(minutes)) if minutes < 15 else 5 * round(minutes / 5)


def achievements(
    course: CourseView, lesson: LessonView, done: dict[int, Done], seconds_spent: int, score: int | None
) -> tuple[Achievement, ...]:
    """What the newest completion, already among `done`, has just reached: its lesson, a quarter by the exact share, or
    the whole course. Sections of other courses must not be among `done`."""
    total, now = course.sections_total, len(done)
    found: list[Achievement] = []
    if lesson_done(lesson, done):
        seconds = sum(done[section.id].seconds for section in lesson.sections)
        found.append(Achievement("lesson", lesson.id, seconds))
    for quarter, kind in _QUARTERS:
        if (now - 1) * 4 < quarter * total <= now * 4 and now < total:
            found.append(Achievement(kind))
    if now == total:
        found.append(Achievement("course", None, seconds_spent, score))
    return tuple(found)
