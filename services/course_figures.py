"""The figures of one course, put together from what was counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from services.rules.progress import percent
from services.rules.questions import score
from services.views import CourseView
from services.views.analytics import AtRisk, CourseDay, CourseFigures, QuestionFigures, SectionFigures
from storage.course_analytics import DayCounts, QuestionCounts, SectionCounts, SilentRow

_DAY_SECONDS = 86_400


def course_figures(
    course: CourseView,
    now: datetime,
    *,
    learners: tuple[int, int, int],
    sections: Mapping[int, SectionCounts],
    questions: Sequence[QuestionCounts],
    stops: Mapping[int | None, int],
    days: Sequence[DayCounts],
    finished: Mapping[int, int],
    silent: Sequence[SilentRow],
) -> CourseFigures:
    """`learners`: enrolled, begun, finished. `stops`: by the section completed last (None: none), how many fell
    silent after it. `finished`: how many, by day number."""
    enrolled, begun, through = learners
    return CourseFigures(
        computed_at=now,
        course_id=course.id,
        title=course.title,
        enrolled=enrolled,
        begun=begun,
        finished=through if course.sections else 0,
        sections=_funnel(course, enrolled, sections, _stopped(course, stops)),
        questions=_questions(course, questions),
        days=tuple(_day(one, finished) for one in days),
        at_risk=tuple(_at_risk(one, len(course.sections), now) for one in silent),
    )


def _stopped(course: CourseView, stops: Mapping[int | None, int]) -> dict[int, int]:
    """By section, for how many it is the one after the last that they completed."""
    order = [section.id for section in course.sections]
    after: dict[int | None, int] = dict(zip([None, *order], order, strict=False))
    found: dict[int, int] = {}
    for last, count in stops.items():
        # Who has done the last section and not all before it stopped there as well as anywhere.
        section = after.get(last, last)
        if section is not None:
            found[section] = found.get(section, 0) + count
    return found


def _funnel(
    course: CourseView, enrolled: int, sections: Mapping[int, SectionCounts], stopped: Mapping[int, int]
) -> tuple[SectionFigures, ...]:
    found = []
    for lesson in course.lessons:
        for section in lesson.sections:
            counts = sections.get(section.id, SectionCounts())
            found.append(
                SectionFigures(
                    section_id=section.id,
                    lesson_id=lesson.id,
                    lesson=lesson.title,
                    title=section.title,
                    reached=counts.reached,
                    completed=counts.completed,
                    percent=percent(counts.completed, enrolled),
                    mean_seconds=None if counts.mean is None else round(counts.mean),
                    median_seconds=None if counts.median is None else round(counts.median),
                    stopped=stopped.get(section.id, 0),
                )
            )
    return tuple(found)


def _questions(course: CourseView, counts: Sequence[QuestionCounts]) -> tuple[QuestionFigures, ...]:
    """In reading order."""
    places = {section.id: place for place, section in enumerate(course.sections)}
    return tuple(
        QuestionFigures(
            question_id=one.question_id,
            section_id=one.section_id,
            prompt=one.prompt,
            tried=one.tried,
            right_first=one.right_first,
            percent=score(one.right_first, one.tried),
            skipped=one.skipped,
            disputed=one.disputed,
        )
        for one in sorted(counts, key=lambda each: places.get(each.section_id, len(places)))
    )


def _day(counts: DayCounts, finished: Mapping[int, int]) -> CourseDay:
    day = datetime.fromtimestamp(counts.day * _DAY_SECONDS, UTC).date()
    return CourseDay(day, counts.completions, counts.learners, finished.get(counts.day, 0))


def _at_risk(row: SilentRow, total: int, now: datetime) -> AtRisk:
    return AtRisk(
        learner_id=row.learner_id,
        name=row.name,
        reason="silent" if row.done else "not_started",
        percent=percent(row.done, total),
        last_accessed_at=row.last_accessed_at,
        days_silent=(now - row.last_accessed_at).days,
    )
