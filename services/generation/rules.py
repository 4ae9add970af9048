"""The figures of a generation (product.md §3): milestones, what can be kept, what remains. Pure."""

from __future__ import annotations

from collections.abc import Iterable

ACCEPTED, PLANNED, PICTURE_STARTED, PICTURE_DONE, LESSONS_DONE, SAVED, READY = 10, 25, 30, 40, 85, 95, 100

# A course is at least 3 and at most 12 lessons of 2–4 sections; what was stopped is kept from the same size on.
LESSONS = (3, 12)
SECTIONS = (2, 4)

OPEN_LESSON = frozenset({"waiting", "writing"})


def lessons_milestone(written: int, total: int) -> int:
    """Per cent after `written` of `total` lessons: 40 + 45·k/n, rounded down."""
    return 40 + 45 * written // total if total else 40


def right_size(lessons: int) -> bool:
    """Whether an outline of so many lessons is a course."""
    return LESSONS[0] <= lessons <= LESSONS[1]


def right_sections(sections: int) -> bool:
    """Whether so many sections are a lesson."""
    return SECTIONS[0] <= sections <= SECTIONS[1]


def can_keep(written: Iterable[int]) -> bool:
    """Whether lessons with these numbers of written sections make a course: three of two sections."""
    return sum(1 for sections in written if sections >= SECTIONS[0]) >= LESSONS[0]


def remaining_seconds(
    *, estimate: int | None, elapsed: float, writing: float, written: int, left: int, lessons_written: int
) -> int | None:
    """Honest seconds until everything is written; None when nothing honest can be said.

    Once a lesson is finished, this run's own pace counts: `written` sections in `writing` seconds, however many were
    written at a time. Before that what the author had estimated for the whole, less the seconds `elapsed`; nothing
    once that has passed."""
    if lessons_written > 0 and written > 0:
        return round(writing * left / written)
    if estimate is None or elapsed >= estimate:
        return None
    return round(estimate - elapsed)
