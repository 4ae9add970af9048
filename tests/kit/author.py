"""An author by script, for tests of what uses authors: the far side of the `Author` protocol."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

from services.authors.protocol import (
    Citation,
    CoursePlan,
    Credit,
    LessonPlan,
    Option,
    Order,
    Proposal,
    QuestionDraft,
    SectionDraft,
    SectionPlan,
    Wish,
)
from services.errors import LecternError

LESSONS = (2, 3, 2)
OBJECTIVES = ("explain what lives in a starter", "keep a starter alive", "judge a dough by eye and hand")


def order(title: str = "Sourdough: from flour to loaf", **changes: object) -> Order:
    """An order that keeps every rule."""
    values: dict[str, object] = {
        "title": title,
        "description": "Why a mix of flour and water comes alive, and how to steer it from day to day.",
        "objectives": OBJECTIVES,
        "level": "beginner",
        "minutes": 60,
        "language": "en",
    }
    return Order(**{**values, **changes})  # type: ignore[arg-type]  # a test may break any field on purpose


def body(lesson: int, section: int) -> str:
    """The text of a section: long enough, and told apart from every other."""
    return f"This is section {section} of lesson {lesson}. " + "Flour and water come alive when they wait. " * 5


@dataclass
class ScriptedAuthor:
    """Writes lessons of `sizes` sections. `plan_fault` and `faults[lesson]` (before which section, what) are raised
    each time; `words` are added to titles and texts; `silent` sections are left out; `hold` is awaited before each
    section with (lesson, section). What was asked for is in `asked`."""

    sizes: Sequence[int] = LESSONS
    needs_source: bool = False
    name: str = "scripted"
    plan_fault: LecternError | None = None
    faults: dict[int, tuple[int, Exception]] = field(default_factory=dict)
    hold: Callable[[int, int], asyncio.Future[None] | None] = lambda lesson, section: None
    silent: set[tuple[int, int]] = field(default_factory=set)
    words: str = ""
    plans: int = 0
    asked: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    writing: int = 0
    most_writing: int = 0

    async def propose(self, wish: Wish) -> Proposal:
        """The topic with words around it."""
        given = order(f"{wish.topic}: a first course")
        return Proposal(given.title, given.description, given.objectives, wish.level, wish.minutes, wish.language, 60)

    async def plan(self, order: Order) -> CoursePlan:
        """Lessons of the sizes in the script."""
        self.plans += 1
        self.orders.append(order)
        if self.plan_fault is not None:
            raise self.plan_fault
        return CoursePlan(tuple(self._lesson(at, size) for at, size in enumerate(self.sizes)), order.language)

    async def write_lesson(
        self, order: Order, plan: CoursePlan, lesson: int, missing: Sequence[int]
    ) -> AsyncIterator[SectionDraft]:
        """The missing sections in order."""
        self.asked.append((lesson, tuple(missing)))
        self.writing += 1
        self.most_writing = max(self.most_writing, self.writing)
        try:
            for section in missing:
                if lesson in self.faults and self.faults[lesson][0] == section:
                    raise self.faults[lesson][1]
                held = self.hold(lesson, section)
                if held is not None:
                    await asyncio.shield(held)
                await asyncio.sleep(0)
                if (lesson, section) not in self.silent:
                    yield draft(lesson, section, self.words)
            if lesson in self.faults and self.faults[lesson][0] > missing[-1]:
                raise self.faults[lesson][1]
        finally:
            self.writing -= 1

    def credit(self, order: Order) -> Credit:
        """The script's name."""
        made_from = order.source.title if order.source else ""
        return Credit(ai=True, name=self.name, models=("script-1",), prompt_version="7", made_from=made_from)

    def _lesson(self, at: int, size: int) -> LessonPlan:
        sections = tuple(
            SectionPlan(f"Section {at}.{number}", f"focus {at}.{number}", 5, (f"p{at}",)) for number in range(size)
        )
        return LessonPlan(f"Lesson {at} {self.words}".strip(), (f"objective {at}",), sections)


def draft(lesson: int, section: int, words: str = "") -> SectionDraft:
    """A finished section with two questions and a citation."""
    options = tuple(Option(f"option {letter}", f"because {letter}") for letter in "ABCD")
    questions = tuple(QuestionDraft(f"Question {number}?", options, number, "think") for number in range(2))
    return SectionDraft(
        index=section,
        title=f"Section {lesson}.{section}, written",
        body=body(lesson, section) + words,
        minutes=6,
        questions=questions,
        citations=(Citation(f"p{lesson}", "Flour and water", "page 1"),),
    )
