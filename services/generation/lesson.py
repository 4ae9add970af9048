"""One lesson, written: what is missing of it is asked for, and each piece is stored as soon as it comes."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import aclosing

from services.authors.codec import findings_from_json
from services.authors.protocol import GivenUp, Piece, QuizDraft, SectionDraft, Wanted
from services.errors import AuthorError, DocumentRefused
from services.generation.making import Making, failure_code
from services.quality.finding import Finding
from storage.outline import LessonOutline

log = logging.getLogger(__name__)

LEAST_BODY = 100  # characters; what is shorter is no section


async def write_lesson(making: Making, lesson: LessonOutline) -> None:
    """Bring a planned lesson to its end: ready, or failed with what there is of it. One that is ready and only waits
    for questions stays so. Raises NoLongerWanted, and what is our own fault."""
    journal, generation_id = making.work.journal, making.generation_id
    failure: str | None = None
    if not lesson.settled:
        if lesson.state != "ready":
            await journal.lesson_started(generation_id, lesson)
        try:
            if await _write(making, lesson):
                return
        except (AuthorError, DocumentRefused) as error:
            log.warning("generation %d: lesson %d: %r", generation_id, lesson.position, error)
            failure = failure_code(error)
    await journal.lesson_ended(generation_id, lesson, failure)


async def _write(making: Making, lesson: LessonOutline) -> bool:
    """Store what the author gives, piece by piece; True once the lesson is complete: whatever the author still has to
    say or to complain about then, the lesson is there."""

    async def check(piece: SectionDraft | QuizDraft) -> Sequence[Finding]:
        return await making.check(lesson.position, piece)

    wanted = wanted_of(making, lesson)
    pieces = making.work.author.write_lesson(making.order, making.plan, lesson.position, wanted, check)
    async with aclosing(pieces) as coming:
        async for piece in coming:
            if not _usable(piece, lesson, wanted):
                log.warning(
                    "generation %d: lesson %d: unusable: %s", making.generation_id, lesson.position, type(piece)
                )
            elif await _store(making, lesson, piece):
                return True
    return False


def wanted_of(making: Making, lesson: LessonOutline) -> Wanted:
    """What a lesson still lacks, with what an earlier answer for it had broken."""
    quizzes = {at: making.texts[lesson.position, at] for at in lesson.quizzes}
    asked = {*lesson.bodies, *quizzes}
    broken = {at: _open_findings(lesson.sections[at].findings) for at in asked}
    return Wanted(lesson.bodies, quizzes, {at: found for at, found in broken.items() if found})


def _open_findings(stored: Sequence[dict[str, str]]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings_from_json(stored) if finding.outcome == "open")


def _usable(piece: Piece, lesson: LessonOutline, wanted: Wanted) -> bool:
    if isinstance(piece, SectionDraft):
        return piece.index in wanted.bodies and len(piece.body.strip()) >= LEAST_BODY
    return 0 <= piece.index < len(lesson.sections)


async def _store(making: Making, lesson: LessonOutline, piece: Piece) -> bool:
    journal, generation_id = making.work.journal, making.generation_id
    if isinstance(piece, SectionDraft):
        if await journal.section(generation_id, lesson, piece):
            making.texts[lesson.position, piece.index] = piece.body
        return False
    if isinstance(piece, GivenUp):
        log.warning("generation %d: lesson %d: %r", generation_id, lesson.position, piece)
        if piece.piece == "body":
            await making.repeating.forget(lesson.position, piece.index)
        return await journal.given_up(generation_id, lesson, piece)
    return await journal.quiz(generation_id, lesson, piece)
