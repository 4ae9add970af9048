"""Courses, progress and completions for tests of screens: small, with every field set."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from services.authors.protocol import Citation, Credit
from services.rules import progress as rules
from services.views import CompletionView, CourseCard, CourseView, Done, LessonView, ProgressView, SectionView

NOW = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)
OWNER = 7
LESSONS = ("What lives in a starter", "Flour, water, warmth", "Reading the dough")
SECTIONS = ("Wild yeast and its company", "Feeding", "Keeping it")


def section(
    section_id: int, *, lesson_id: int = 1, body: str = "", citations: tuple[Citation, ...] = ()
) -> SectionView:
    position = (section_id - 1) % len(SECTIONS)
    title = SECTIONS[position]
    return SectionView(section_id, lesson_id, 5, position, title, 4, body, citations, 1, 0)


def course(
    *,
    state: Literal["making", "ready", "stopped"] = "ready",
    unwritten: frozenset[int] = frozenset(),
    title: str = "Sourdough: from flour to a risen loaf",
    failed: int = 0,
) -> CourseView:
    """Three lessons of three sections, ids 1–3 and 1–9."""
    lessons = []
    for lesson_id, name in enumerate(LESSONS, start=1):
        ids = range(lesson_id * 3 - 2, lesson_id * 3 + 1)
        sections = tuple(
            section(one, lesson_id=lesson_id, body="" if one in unwritten else f"Text of {one}.") for one in ids
        )
        standing: Literal["waiting", "ready", "failed"] = "waiting" if {*ids} & unwritten else "ready"
        if lesson_id == failed:
            standing = "failed"
        failure = "overloaded" if lesson_id == failed else None
        objectives = ("explain what lives in a starter",)
        lessons.append(LessonView(lesson_id, 5, lesson_id - 1, name, objectives, standing, failure, sections))
    return CourseView(
        id=5,
        owner_id=OWNER,
        title=title,
        description="Why a mix of flour and water comes alive, and how to steer it.",
        objectives=("explain what lives in a starter",),
        level="beginner",
        language="en",
        state=state,
        credit=Credit(ai=False, name="offline", made_from="Sourdough"),
        created_at=NOW,
        lessons=tuple(lessons),
    )


def progress(shape: CourseView, *done_ids: int, seconds: int = 240) -> ProgressView:
    """Where a learner is who completed `done_ids` in that order, a minute apart, the last one at 13:05 UTC."""
    lessons = {one.id: one.lesson_id for one in shape.sections}
    count = len(done_ids)
    done = {
        one: Done(one, lessons[one], NOW - timedelta(minutes=count - index - 1), seconds)
        for index, one in enumerate(done_ids)
    }
    return ProgressView(
        course=shape,
        percent=rules.percent(count, shape.sections_total),
        sections_done=count,
        sections_total=shape.sections_total,
        lessons_done=sum(rules.lesson_done(lesson, done) for lesson in shape.lessons),
        lessons_total=len(shape.lessons),
        seconds_spent=count * seconds,
        remaining=rules.remaining(shape, done),
        velocity=rules.velocity(tuple(done.values())),
        next_section=rules.next_section(shape, done),
        done=done,
        enrolled_at=NOW - timedelta(days=2),
        last_accessed_at=NOW,
        awaited=rules.awaited(shape, done),
    )


def completion(shape: CourseView, *done_ids: int, first: bool = True) -> CompletionView:
    """The answer to ✅ on the last of `done_ids`."""
    standing = progress(shape, *done_ids)
    last = standing.done[done_ids[-1]]
    lesson = next(one for one in shape.lessons if one.id == last.lesson_id)
    found = next(one for one in lesson.sections if one.id == last.section_id)
    reached = rules.achievements(shape, lesson, standing.done, standing.seconds_spent, None) if first else ()
    return CompletionView(first, last, found, lesson, standing, reached)


def card(course_id: int = 5, *, percent: int = 23, title: str = "Sourdough: from flour to a risen loaf") -> CourseCard:
    return CourseCard(course_id, title, percent, 3, 13, False, True, "ready", 9, NOW)


def long_titled(shape: CourseView) -> CourseView:
    """The same with the longest titles there can be, of signs that take the most room."""
    name = "𝔖" * 100
    lessons = tuple(
        replace(
            lesson,
            title=name,
            objectives=("𝔖" * 200,) * 10,
            sections=tuple(replace(one, title=name) for one in lesson.sections),
        )
        for lesson in shape.lessons
    )
    return replace(shape, title=name, description="𝔖" * 500, lessons=lessons)
