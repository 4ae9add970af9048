"""How a generation ends, inside the transaction of whoever ends it."""

from __future__ import annotations

from services.clock import Clock
from services.generation import rules
from storage.courses import CourseRepository
from storage.generations import GenerationRepository
from storage.models import Generation
from storage.outline import LessonOutline


class NoLongerWanted(Exception):
    """The generation was stopped or removed while it was being worked on: what comes in now is not stored."""


async def make_ready(
    generations: GenerationRepository,
    courses: CourseRepository,
    generation: Generation,
    outline: tuple[LessonOutline, ...],
    clock: Clock,
) -> None:
    """Open the course to its reader and close the locked generation as ready."""
    now = clock.now()
    course = await courses.get(generation.course_id or 0)
    if course is None:
        raise NoLongerWanted
    await generations.append(generation, "saved", rules.SAVED, {}, now)
    course.state, course.ready_at = "ready", course.ready_at or now
    generation.state, generation.failure, generation.finished_at = "ready", None, now
    data = {
        "lessons_count": len(outline),
        "sections_count": sum(len(lesson.sections) for lesson in outline),
        "minutes": sum(section.minutes for lesson in outline for section in lesson.sections),
        "failed": [lesson.position for lesson in outline if lesson.state == "failed"],
    }
    await generations.append(generation, "ready", rules.READY, data, now)


async def make_failed(
    generations: GenerationRepository, courses: CourseRepository, generation: Generation, failure: str, clock: Clock
) -> None:
    """Close the locked generation as failed; `failure` is a code. A course that was ready stays ready."""
    course = await courses.get(generation.course_id or 0)
    if course is not None and course.state == "making":
        course.state = "stopped"
    generation.state, generation.failure, generation.finished_at = "failed", failure, clock.now()
    await generations.append(generation, "failed", 0, {"failure": failure}, clock.now())
