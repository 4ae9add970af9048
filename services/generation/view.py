"""A stored generation as a person sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from services.generation.rules import can_keep, remaining_seconds
from services.views import FeedEvent, GenerationState, GenerationView, LessonState, StepView
from storage.generations import StoredGeneration
from storage.models import GenerationEvent
from storage.outline import LessonOutline, SectionOutline

OPEN_STATES = frozenset({"waiting", "running"})


@dataclass(frozen=True, slots=True)
class _Count:
    """Sections still to be written; sections and lessons that were finished in this run."""

    left: int
    fresh: int
    lessons: int


def generation_view(stored: StoredGeneration, now: datetime) -> GenerationView:
    """The generation as of `now`."""
    row, lessons = stored.generation, stored.outline
    started = row.started_at or row.created_at
    first = _first_section(lessons)
    elapsed = max(0.0, ((row.finished_at or now) - started).total_seconds())
    return GenerationView(
        id=row.id,
        course_id=row.course_id or 0,
        learner_id=row.learner_id,
        state=cast(GenerationState, row.state),
        title=stored.title or row.order["title"],
        description=row.order["description"],
        progress=row.progress,
        planned=bool(lessons) and all(lesson.planned for lesson in lessons),
        picture=_picture(stored),
        steps=tuple(_step(lesson, row.state) for lesson in lessons),
        started_at=started,
        elapsed_seconds=int(elapsed),
        remaining_seconds=_remaining(stored, started, elapsed, now),
        sections_total=sum(len(lesson.sections) for lesson in lessons),
        minutes=sum(section.minutes for lesson in lessons for section in lesson.sections),
        failure=row.failure,
        chat_id=row.chat_id,
        message_id=row.message_id,
        message_replaced=row.message_replaced,
        first_section_id=first.id if first is not None else None,
        first_lesson=next((lesson.position for lesson in lessons if first and lesson.id == first.lesson_id), 0),
        can_keep=can_keep(written_sections(lessons)),
        lessons_written=sum(1 for lesson in lessons if lesson.state == "ready"),
        told=row.told_at is not None,
        enough_for=row.order.get("enough_for", 0),
        questions_failure=_questions_failure(lessons),
    )


def feed_event(event: GenerationEvent) -> FeedEvent:
    """A stored event as followers get it."""
    return FeedEvent(
        seq=event.seq,
        generation_id=event.generation_id,
        progress=event.progress,
        code=event.code,
        data=event.data,
        at=event.at,
    )


def written_sections(lessons: Sequence[LessonOutline]) -> list[int]:
    """How many sections of each lesson are written."""
    return [len(lesson.sections) - len(lesson.missing) for lesson in lessons]


def _picture(stored: StoredGeneration) -> Literal["waiting", "drawing", "ready"]:
    if stored.picture:
        return "ready"
    return "drawing" if stored.outline and stored.generation.state == "running" else "waiting"


def _step(lesson: LessonOutline, state: str) -> StepView:
    # Nobody writes while the generation itself is not open.
    shown = "waiting" if lesson.state == "writing" and state not in OPEN_STATES else lesson.state
    missing = lesson.missing if shown == "failed" and len(lesson.missing) < len(lesson.sections) else ()
    unasked = lesson.unasked if shown == "ready" else ()
    known = (lesson.id, lesson.position, lesson.title, cast(LessonState, shown), lesson.failure)
    return StepView(*known, missing, unasked)


def _questions_failure(lessons: Sequence[LessonOutline]) -> str | None:
    unasked = [lesson.sections[at] for lesson in lessons if lesson.state == "ready" for at in lesson.unasked]
    return next((section.failure or "incomplete" for section in unasked), None)


def _first_section(lessons: Sequence[LessonOutline]) -> SectionOutline | None:
    """Where reading begins, once it can: at the first section that is not given up."""
    for lesson in lessons:
        for section in lesson.sections:
            if section.written:
                return section
            if lesson.state != "failed" and section.failure is None:
                return None
        if not lesson.planned and lesson.state != "failed":
            return None
    return None


def _remaining(stored: StoredGeneration, started: datetime, elapsed: float, now: datetime) -> int | None:
    if stored.generation.state not in OPEN_STATES:
        return None
    begun = max(started, stored.planned_at or started)
    count = _counted(stored.outline, begun)
    return remaining_seconds(
        estimate=stored.generation.order.get("making_seconds"),
        elapsed=elapsed,
        writing=max(0.0, (now - begun).total_seconds()),
        written=count.fresh,
        left=count.left,
        lessons_written=count.lessons,
    )


def _counted(lessons: Sequence[LessonOutline], since: datetime) -> _Count:
    open_lessons = [lesson for lesson in lessons if lesson.state != "failed"]
    sections = [section for lesson in open_lessons for section in lesson.sections]
    planned = [len(lesson.sections) for lesson in open_lessons if lesson.planned]
    to_come = (len(open_lessons) - len(planned)) * (sum(planned) / len(planned) if planned else 0)
    written = [section for section in sections if section.written]
    fresh = {section.id for section in written if section.written_at is not None and section.written_at >= since}
    finished = [
        lesson
        for lesson in open_lessons
        if lesson.state == "ready" and any(section.id in fresh for section in lesson.sections)
    ]
    return _Count(len(sections) - len(written) + round(to_come), len(fresh), len(finished))
