"""What follows from a learner's rows beyond where they are: the path that led there, and what was reached when."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime

from services.rules import progress as rules
from services.views import CourseView, Done, LessonView, ProgressView
from services.views.studies import LessonProgressView, PathStep, Reached, SectionTime
from storage.learning_path import ACTIONS, SpentRow, StepRow
from storage.models.base import from_ms


def path(rows: Sequence[StepRow], course: CourseView, done: dict[int, Done]) -> tuple[PathStep, ...]:
    """The steps with the learner's velocity at each of them."""
    in_order = sorted(done.values(), key=lambda one: one.completed_at)
    times = [one.completed_at for one in in_order]
    steps = []
    for row in rows:
        at = from_ms(row.milliseconds)
        steps.append(
            PathStep(
                at=at,
                action=ACTIONS[row.rank],
                lesson_id=row.lesson_id,
                section_id=row.section_id,
                seconds=row.seconds,
                interactions=row.interactions,
                velocity=rules.velocity(in_order[: bisect_right(times, at)]),
                difficulty=course.level,
                place=(row.milliseconds, row.rank, row.ref),
            )
        )
    return tuple(steps)


def reached(progress: ProgressView) -> tuple[Reached, ...]:
    """Everything achieved so far, in the order in which it was: the completions are gone through once more."""
    homes = {section.id: lesson for lesson in progress.course.lessons for section in lesson.sections}
    done: dict[int, Done] = {}
    found: list[Reached] = []
    for one in sorted(progress.done.values(), key=lambda each: each.completed_at):
        done[one.section_id] = one
        lesson = homes[one.section_id]
        seconds = progress.seconds_spent
        found += [
            Reached(achievement, one.completed_at)
            for achievement in rules.achievements(progress.course, lesson, done, seconds, progress.score)
        ]
    return tuple(found)


def lesson_progress(progress: ProgressView, lesson: LessonView, spent: dict[int, SpentRow]) -> LessonProgressView:
    """Where a learner is in a lesson, with time and interactions section by section."""
    sections = tuple(_section(progress, lesson, index, spent) for index in range(len(lesson.sections)))
    done = [one.done for one in sections if one.done]
    return LessonProgressView(
        lesson=lesson,
        percent=rules.percent(len(done), len(sections)),
        sections_done=len(done),
        sections_total=len(sections),
        seconds_spent=sum(one.seconds for one in sections),
        interactions=sum(one.interactions for one in sections),
        completed_at=_last(done) if rules.lesson_done(lesson, progress.done) else None,
        sections=sections,
        enrolled_at=progress.enrolled_at,
        last_accessed_at=progress.last_accessed_at,
    )


def _last(done: Sequence[Done]) -> datetime:
    return max(one.completed_at for one in done)


def _section(progress: ProgressView, lesson: LessonView, index: int, spent: dict[int, SpentRow]) -> SectionTime:
    section = lesson.sections[index]
    row, done = spent.get(section.id, SpentRow(section.id, 0, 0)), progress.done.get(section.id)
    return SectionTime(section, done, row.seconds if done is None else done.seconds, row.interactions)
