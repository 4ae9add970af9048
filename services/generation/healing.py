"""When all is written: what only the whole course shows is mended once, piece by piece, and reported to its owner."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import aclosing

from services.authors.protocol import GivenUp, QuizDraft, SectionDraft, Wanted
from services.errors import AuthorError, DocumentRefused
from services.generation.ending import NoLongerWanted
from services.generation.making import Making
from services.generation.mendable import mendable
from services.generation.opinions import disputed, judged
from services.quality.finding import Finding
from services.quality.judging import Judged
from storage.outline import LessonOutline

log = logging.getLogger(__name__)


async def heal(making: Making) -> None:
    """Ask once for the pieces that the whole course shows to be wrong, and have the report kept. An author who cannot
    write to measure is reported only. Raises NoLongerWanted."""
    checking = making.work.checking
    if making.course.credit.get("ai"):
        course, found = await checking.whole(making.course.id)
        asked = mendable(found, course)
        if asked:
            making.outline = await making.work.journal.outline(making.course.id)
            await _mend_all(making, asked)
    said, flagged = await _second_opinion(making), None
    if making.work.read_whole is not None:
        course, _ = await checking.whole(making.course.id)
        flagged = await making.work.read_whole(course)
    await checking.check(making.course.id, said, flagged)


async def _second_opinion(making: Making) -> Judged:
    """What a second model says, after the questions with which it disagrees were asked for again, once."""
    if making.work.judges is None:
        return {}
    judge, checking = making.work.judges(making.order.payer), making.work.checking
    course, _ = await checking.whole(making.course.id)
    said = await judged(judge, course)
    asked = disputed(said, course) if making.course.credit.get("ai") else {}
    if not asked:
        return said
    making.outline = await making.work.journal.outline(making.course.id)
    await _mend_all(making, asked)
    course, _ = await checking.whole(making.course.id)
    again = {(lesson, at) for lesson, wanted in asked.items() for at in wanted.quizzes}
    kept = {place: each for place, each in said.items() if place not in again}
    return {**kept, **await judged(judge, course, again)}


async def _mend_all(making: Making, asked: Mapping[int, Wanted]) -> None:
    unwanted = False
    try:
        async with asyncio.TaskGroup() as group:
            for at, wanted in asked.items():
                group.create_task(_mend(making, making.outline[at], wanted))
    except* NoLongerWanted:
        unwanted = True
    if unwanted:
        raise NoLongerWanted


async def _mend(making: Making, lesson: LessonOutline, wanted: Wanted) -> None:
    """Put what comes in the place of what is there; what does not come stays as it is, and in the report."""

    async def check(piece: SectionDraft | QuizDraft) -> Sequence[Finding]:
        return await making.check(lesson.position, piece)

    author, journal = making.work.author, making.work.journal
    held: dict[int, SectionDraft] = {}
    try:
        pieces = author.write_lesson(making.order, making.plan, lesson.position, wanted, check)
        async with aclosing(pieces) as coming:
            async for piece in coming:
                if isinstance(piece, SectionDraft):
                    held[piece.index] = piece
                elif isinstance(piece, GivenUp):
                    log.warning("generation %d: lesson %d not mended: %r", making.generation_id, lesson.position, piece)
                else:
                    await journal.replaced(making.generation_id, lesson, piece, held.pop(piece.index, None))
    except (AuthorError, DocumentRefused) as error:
        log.warning("generation %d: lesson %d not mended: %r", making.generation_id, lesson.position, error)
