"""When all is written: what only the whole course shows is mended once, piece by piece, and reported to its owner."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from contextlib import aclosing

from services.authors.protocol import GivenUp, QuizDraft, SectionDraft, Wanted
from services.errors import AuthorError, DocumentRefused
from services.generation.making import Making, Place
from services.quality.finding import Finding
from storage.outline import LessonOutline

log = logging.getLogger(__name__)

MOST = 8  # pieces asked for again; a course that is worse is reported as it is
_IN_A_SECTION = re.compile(r"lessons\.(\d+)\.sections\.(\d+)(?:\.(\w+))?")
_AN_OBJECTIVE = re.compile(r"objectives\.(\d+)$")
_OF_A_BODY = frozenset({"body", "citations"})


async def heal(making: Making) -> None:
    """Ask once for the pieces that the whole course shows to be wrong, and have the report kept. An author who cannot
    write to measure is reported only. Raises NoLongerWanted."""
    review = making.work.review
    if making.course.credit.get("ai"):
        found = await review.findings(making.course.id)
        making.outline = await making.work.journal.outline(making.generation_id)
        for lesson, wanted in mendable(found, making.outline, making.texts):
            await _mend(making, lesson, wanted)
    await review.report(making.course.id)


def mendable(
    found: Iterable[Finding], outline: Sequence[LessonOutline], texts: dict[Place, str]
) -> list[tuple[LessonOutline, Wanted]]:
    """What to ask for again, lesson by lesson: for each error its text, or only its questions. Pure."""
    bodies: dict[Place, list[Finding]] = {}
    quizzes: dict[Place, list[Finding]] = {}
    for finding in found:
        place, piece = _piece(finding, outline)
        if finding.severity != "error" or place not in texts:
            continue
        kind = bodies if piece in _OF_A_BODY else quizzes
        if place in kind or len(bodies) + len(quizzes) < MOST:
            kind.setdefault(place, []).append(finding)
    return [
        (lesson, _wanted(lesson.position, bodies, quizzes, texts))
        for lesson in outline
        if any(place[0] == lesson.position for place in (*bodies, *quizzes))
    ]


def _wanted(
    lesson: int, bodies: dict[Place, list[Finding]], quizzes: dict[Place, list[Finding]], texts: dict[Place, str]
) -> Wanted:
    """A text that is asked for again comes with its questions."""
    texts_wanted = tuple(sorted(at for position, at in bodies if position == lesson))
    asked = {at: texts[position, at] for position, at in quizzes if position == lesson and at not in texts_wanted}
    places = {*texts_wanted, *asked}
    broken = {at: tuple(bodies.get((lesson, at), []) + quizzes.get((lesson, at), [])) for at in places}
    return Wanted(texts_wanted, asked, broken)


def _piece(finding: Finding, outline: Sequence[LessonOutline]) -> tuple[Place | None, str]:
    """The section that a finding is about, and which part of it; an objective that nothing asks for is a matter of the
    questions of a section that serves it."""
    inside = _IN_A_SECTION.match(finding.path)
    if inside is not None:
        return (int(inside[1]), int(inside[2])), inside[3] or "questions"
    objective = _AN_OBJECTIVE.match(finding.path)
    if objective is None:
        return None, ""
    serving = (
        (section.lesson_id, lesson.position, section.position)
        for lesson in outline
        for section in lesson.sections
        if int(objective[1]) in section.objectives and section.written
    )
    first = next(serving, None)
    return (None, "") if first is None else (first[1:], "questions")


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
