"""One run of a generation: plan, picture and lessons, going on from whatever is stored. No transaction is open while
the author works."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass

from services.authors.protocol import Author, CoursePlan, LessonPlan, Order, SectionDraft, SectionPlan
from services.errors import AuthorError, AuthorRefused, AuthorUnusable, DocumentRefused
from services.generation import rules
from services.generation.journal import Begun, Journal, NoLongerWanted
from storage.writing import LessonOutline

log = logging.getLogger(__name__)

LESSONS_AT_ONCE = 8
LEAST_BODY = 100  # characters; what is shorter is no section

Drawn = tuple[bytes, str]


@dataclass(frozen=True, slots=True)
class Work:
    """What a run is made with: the author, the journal, how a picture is drawn (title, line, seed → PNG and words for
    what it shows; called in a thread), the line under its title (level, lessons, minutes, language), the order."""

    author: Author
    journal: Journal
    draw: Callable[[str, str, int], Drawn]
    card_line: Callable[[str, int, int, str], str]
    load_order: Callable[[Begun], Awaitable[Order]]


async def make_course(work: Work, generation_id: int) -> None:
    """Bring a generation to its end: ready, or failed with a code. Returns quietly if it is not wanted (any more).

    Raises only what is our own fault (a database that is away…); then it can be called again."""
    try:
        begun = await work.journal.begin(generation_id)
        order = await work.load_order(begun)
        stored = begun.outline or await _plan(work, begun, order)
        if stored:
            await _write_all(work, begun, order, stored)
            await work.journal.finished(generation_id)
    except NoLongerWanted:
        log.info("generation %d is not wanted any more", generation_id)


def failure_code(error: AuthorError | DocumentRefused) -> str:
    """The code that says why something could not be made."""
    return "refused" if isinstance(error, AuthorRefused) else error.why


async def _plan(work: Work, begun: Begun, order: Order) -> tuple[LessonOutline, ...]:
    generation_id = begun.generation.id
    try:
        plan = await work.author.plan(order)
        if not rules.right_size([len(lesson.sections) for lesson in plan.lessons]):
            raise AuthorUnusable("invalid_answer")
    except (AuthorError, DocumentRefused) as error:
        log.warning("generation %d: no plan: %r", generation_id, error)
        await work.journal.failed(generation_id, failure_code(error))
        return ()
    begun.course.language = plan.language or begun.course.language
    return await work.journal.planned(generation_id, plan)


async def _write_all(work: Work, begun: Begun, order: Order, outline: Sequence[LessonOutline]) -> None:
    """The picture and all open lessons side by side. The first lesson has the first place."""
    places = asyncio.Semaphore(LESSONS_AT_ONCE)
    plan = plan_of(outline, begun.course.language)
    unwanted = False
    try:
        async with asyncio.TaskGroup() as group:
            if not begun.picture:
                group.create_task(_draw(work, begun, outline))
            for lesson in outline:
                if lesson.state in {"waiting", "writing"}:
                    group.create_task(_write_in_turn(work, places, begun.generation.id, order, plan, lesson))
    except* NoLongerWanted:
        unwanted = True
    if unwanted:
        raise NoLongerWanted


async def _draw(work: Work, begun: Begun, outline: Sequence[LessonOutline]) -> None:
    """The course's picture; a course without one is still a course."""
    await work.journal.picture_started(begun.generation.id)
    course = begun.course
    minutes = sum(section.minutes for lesson in outline for section in lesson.sections)
    line = work.card_line(course.level, len(outline), minutes, course.language)
    try:
        png, words = await asyncio.to_thread(work.draw, course.title, line, course.id)
    except (OSError, ValueError) as error:
        log.error("generation %d: the picture could not be drawn: %r", begun.generation.id, error)
        return
    await work.journal.picture_done(begun.generation.id, png, words)


async def _write_in_turn(
    work: Work, places: asyncio.Semaphore, generation_id: int, order: Order, plan: CoursePlan, lesson: LessonOutline
) -> None:
    async with places:
        if not lesson.missing:
            await work.journal.lesson_ready(generation_id, lesson)
            return
        await work.journal.lesson_started(generation_id, lesson)
        try:
            complete = await _write(work, generation_id, order, plan, lesson)
            failure = None if complete else "incomplete"
        except (AuthorError, DocumentRefused) as error:
            log.warning("generation %d: lesson %d failed: %r", generation_id, lesson.position, error)
            failure = failure_code(error)
        if failure is not None:
            await work.journal.lesson_failed(generation_id, lesson, failure)


async def _write(work: Work, generation_id: int, order: Order, plan: CoursePlan, lesson: LessonOutline) -> bool:
    """Store what the author gives, section by section; True once the lesson is complete."""
    missing = lesson.missing
    drafts = work.author.write_lesson(order, plan, lesson.position, missing)
    try:
        async for draft in drafts:
            if not _usable(draft, missing):
                log.warning("generation %d: lesson %d: a section is unusable", generation_id, lesson.position)
            elif await work.journal.section(generation_id, lesson, draft):
                return True  # whatever the author still has to say or to complain about, the lesson is there
    finally:
        if isinstance(drafts, AsyncGenerator):
            await drafts.aclose()
    return False


def _usable(draft: SectionDraft, missing: Sequence[int]) -> bool:
    return draft.index in missing and len(draft.body.strip()) >= LEAST_BODY


def plan_of(outline: Sequence[LessonOutline], language: str) -> CoursePlan:
    """The stored plan as the author had given it."""
    return CoursePlan(
        lessons=tuple(
            LessonPlan(
                title=lesson.title,
                objectives=lesson.objectives,
                sections=tuple(
                    SectionPlan(section.title, section.focus, section.minutes, section.passages)
                    for section in lesson.sections
                ),
            )
            for lesson in outline
        ),
        language=language,
    )
