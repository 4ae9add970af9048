"""Authors heard to the end: a whole plan, a whole lesson."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from services.authors.protocol import (
    Author,
    Citation,
    CoursePlan,
    LessonPlan,
    Order,
    Outline,
    QuestionDraft,
    QuizDraft,
    SectionDraft,
    Wanted,
)
from services.quality.finding import Finding


@dataclass(frozen=True)
class Whole:
    """A section with its questions."""

    section: SectionDraft
    questions: tuple[QuestionDraft, ...]

    @property
    def index(self) -> int:
        return self.section.index

    @property
    def title(self) -> str:
        return self.section.title

    @property
    def body(self) -> str:
        return self.section.body

    @property
    def minutes(self) -> int:
        return self.section.minutes

    @property
    def citations(self) -> tuple[Citation, ...]:
        return self.section.citations


async def unchecked(piece: SectionDraft | QuizDraft) -> Sequence[Finding]:
    """Nobody has anything to say."""
    return ()


async def whole_plan(author: Author, order: Order, known: CoursePlan | None = None) -> CoursePlan:
    """The plan with all its parts."""
    plan = known
    async for part in author.plan(order, known):
        if isinstance(part, Outline):
            lessons = tuple(LessonPlan(title, (), ()) for title in part.titles)
            plan = CoursePlan(lessons, part.language, part.glossary, part.example)
        else:
            assert plan is not None, "a contract before its outline"
            held = [part.lesson if at == part.position else lesson for at, lesson in enumerate(plan.lessons)]
            plan = replace(plan, lessons=tuple(held))
    assert plan is not None
    return plan


async def whole_lesson(
    author: Author, order: Order, plan: CoursePlan, lesson: int, sections: Iterable[int] | None = None
) -> list[Whole]:
    """The `sections` of a lesson (all of them by default) with their questions, which come after their text."""
    bodies = tuple(range(len(plan.lessons[lesson].sections)) if sections is None else sections)
    texts: dict[int, SectionDraft] = {}
    found: list[Whole] = []
    async for piece in author.write_lesson(order, plan, lesson, Wanted(bodies), unchecked):
        if isinstance(piece, SectionDraft):
            texts[piece.index] = piece
        else:
            assert isinstance(piece, QuizDraft), piece
            found.append(Whole(texts.pop(piece.index), piece.questions))
    assert not texts, "a text without its questions"
    return found
