"""Whole courses by the offline author, as the checks take them: planned, written, and with their seeds, as stored."""

from __future__ import annotations

from collections.abc import Sequence

from services.authors.offline import OfflineAuthor
from services.authors.protocol import (
    Contract,
    CoursePlan,
    Order,
    Outline,
    Proposal,
    QuizDraft,
    SectionDraft,
    Source,
    Wanted,
    Wish,
)
from services.documents.parse import parse
from services.quality.course import CheckedCourse, CheckedLesson, CheckedSection
from services.quality.finding import Finding
from services.rules.shuffling import balanced_seed, shown_slot


async def offline_course(name: str, data: bytes) -> CheckedCourse:
    """Raises DocumentRefused where the text does not make a course."""
    source = parse(name, data)
    proposal = await OfflineAuthor().propose(Wish(source.title, "beginner", 60, source.language, source))
    order = _order(proposal, source)
    plan = await _plan(order)
    used: list[int] = []
    lessons = [await _lesson(order, plan, place, used) for place in range(len(plan.lessons))]
    return CheckedCourse(
        title=order.title,
        description=order.description,
        level=order.level,
        language=order.language,
        minutes=order.minutes,
        objectives=order.objectives,
        lessons=tuple(lessons),
        passages={passage.id: passage for node in source.nodes for passage in node.passages},
        enforced=False,
        alternative_text="The title on a card",
    )


def _order(proposal: Proposal, source: Source) -> Order:
    return Order(
        proposal.title, proposal.description, proposal.objectives, proposal.level, proposal.minutes, proposal.language,
        source,
    )  # fmt: skip


async def _plan(order: Order) -> CoursePlan:
    parts = [part async for part in OfflineAuthor().plan(order)]
    outline = next(part for part in parts if isinstance(part, Outline))
    return CoursePlan(tuple(part.lesson for part in parts if isinstance(part, Contract)), outline.language)


async def _lesson(order: Order, plan: CoursePlan, place: int, used: list[int]) -> CheckedLesson:
    contract = plan.lessons[place]
    wanted = Wanted(tuple(range(len(contract.sections))))
    pieces = [piece async for piece in OfflineAuthor().write_lesson(order, plan, place, wanted, _nothing)]
    bodies = {piece.index: piece for piece in pieces if isinstance(piece, SectionDraft)}
    quizzes = {piece.index: piece for piece in pieces if isinstance(piece, QuizDraft)}
    sections = []
    for index, planned in enumerate(contract.sections):
        body, questions = bodies[index], quizzes[index].questions
        shown = _shown(quizzes[index], (place * 8 + index) * 64, used)
        sections.append(
            CheckedSection(
                body.title,
                body.body,
                body.minutes,
                planned.outcome,
                planned.objectives,
                body.citations,
                questions,
                shown,
            )
        )
    return CheckedLesson(contract.title, contract.objectives, tuple(sections))


def _shown(quiz: QuizDraft, first: int, used: list[int]) -> tuple[int, ...]:
    """Where each key is shown; `used` grows by it."""
    shown = []
    for at, question in enumerate(quiz.questions):
        seed = balanced_seed(first + at, question.key, len(question.options), used)
        shown.append(shown_slot(seed, question.key, len(question.options)))
        used.append(shown[-1])
    return tuple(shown)


async def _nothing(_: SectionDraft | QuizDraft) -> Sequence[Finding]:
    return ()
