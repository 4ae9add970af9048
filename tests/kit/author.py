"""An author by script, for tests of what uses authors: the far side of the `Author` protocol."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field

from services.authors.protocol import (
    Check,
    Citation,
    Contract,
    CoursePlan,
    Credit,
    GivenUp,
    LessonPlan,
    Made,
    Option,
    Order,
    Outline,
    Piece,
    PlanPart,
    Proposal,
    QuestionDraft,
    QuizDraft,
    SectionDraft,
    SectionPlan,
    Term,
    Wanted,
    Wish,
)
from services.errors import LecternError

LESSONS = (2, 3, 2)
OBJECTIVES = ("explain what lives in a starter", "keep a starter alive", "judge a dough by eye and hand")
BY = Made("scripted", "script-1", "7")


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
    """Writes lessons of `sizes` sections. `plan_fault` is raised after as many parts of the plan as `plan_breaks` says,
    `faults[lesson]` (before which section, what) each time; `words` are added to titles and texts; `silent` sections
    and `silent_quizzes` are left out, `given_up` pieces (lesson, section, ``body`` or ``quiz``) are said to be; `hold`
    is awaited before each section with (lesson, section), `hold_part` before each part of a plan with its number,
    `hold_quiz` before each quiz. What was asked for is in `asked` (lesson, bodies), `quizzed` (lesson, quizzes) and
    `wanted`; with `checking` pieces go through the check, and what it found is in `checked`."""

    sizes: Sequence[int] = LESSONS
    needs_source: bool = False
    name: str = "scripted"
    plan_fault: LecternError | None = None
    plan_breaks: int = 0
    faults: dict[int, tuple[int, Exception]] = field(default_factory=dict)
    hold: Callable[[int, int], asyncio.Future[None] | None] = lambda lesson, section: None
    hold_part: Callable[[int], asyncio.Future[None] | None] = lambda number: None
    hold_quiz: Callable[[int, int], asyncio.Future[None] | None] = lambda lesson, section: None
    silent: set[tuple[int, int]] = field(default_factory=set)
    silent_quizzes: set[tuple[int, int]] = field(default_factory=set)
    given_up: dict[tuple[int, int, str], str] = field(default_factory=dict)
    write: Callable[[int, int], str] = body
    words: str = ""
    enough: int = 0
    unfit: LecternError | None = None
    checking: bool = False
    plans: int = 0
    parts: list[int] = field(default_factory=list)
    asked: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    quizzed: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)
    checked: list[tuple[int, int, tuple[str, ...]]] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    known: list[CoursePlan | None] = field(default_factory=list)
    writing: int = 0
    most_writing: int = 0

    async def propose(self, wish: Wish) -> Proposal:
        """The topic with words around it."""
        given = order(f"{wish.topic}: a first course")
        return Proposal(given.title, given.description, given.objectives, wish.level, wish.minutes, wish.language, 60)

    async def enough_for(self, order: Order) -> int:
        """What the script says (`enough`), where more is wished for; or what it raises (`unfit`)."""
        if self.unfit is not None:
            raise self.unfit
        return self.enough if 0 < self.enough < order.minutes else 0

    async def plan(self, order: Order, known: CoursePlan | None = None) -> AsyncGenerator[PlanPart, None]:
        """An outline and lessons of the sizes in the script; `parts` are the numbers of those that were made (0 is the
        outline)."""
        self.plans += 1
        self.orders.append(order)
        self.known.append(known)
        titles = tuple(f"Lesson {at} {self.words}".strip() for at in range(len(self.sizes)))
        terms = (Term("starter", "a living mix"),)
        outline = Outline(titles, terms, order.language, "Ada's first loaf", BY, "A loaf on a board")
        contracts = [Contract(at, self._lesson(at, size)) for at, size in enumerate(self.sizes)]
        parts: list[PlanPart] = [outline, *contracts]
        for number, part in enumerate(parts):
            if self.plan_fault is not None and number == self.plan_breaks:
                raise self.plan_fault
            if known is not None and (not number or known.lessons[number - 1].sections):
                continue
            held = self.hold_part(number)
            if held is not None:
                await asyncio.shield(held)
            self.parts.append(number)
            yield part

    async def write_lesson(
        self, order: Order, plan: CoursePlan, lesson: int, wanted: Wanted, check: Check
    ) -> AsyncGenerator[Piece, None]:
        """What is wanted, in order, each section followed by its quiz."""
        self.asked.append((lesson, wanted.bodies))
        self.quizzed.append((lesson, tuple(wanted.quizzes)))
        self.wanted.append(wanted)
        self.writing += 1
        self.most_writing = max(self.most_writing, self.writing)
        places = sorted({*wanted.bodies, *wanted.quizzes})
        try:
            for section in places:
                if lesson in self.faults and self.faults[lesson][0] == section:
                    raise self.faults[lesson][1]
                async for piece in self._section(lesson, section, section in wanted.bodies, check):
                    yield piece
            if lesson in self.faults and self.faults[lesson][0] > places[-1]:
                raise self.faults[lesson][1]
        finally:
            self.writing -= 1

    async def _section(self, lesson: int, section: int, text: bool, check: Check) -> AsyncGenerator[Piece, None]:
        held = self.hold(lesson, section)
        if held is not None:
            await asyncio.shield(held)
        await asyncio.sleep(0)
        if (lesson, section) in self.silent:
            return
        if text and (lesson, section, "body") in self.given_up:
            yield GivenUp(section, "body", self.given_up[lesson, section, "body"])
            return
        if text:
            written = draft(lesson, section, self.words, self.write(lesson, section))
            if self.checking:
                found = await check(written)
                self.checked.append((lesson, section, tuple(finding.rule for finding in found)))
                if any(finding.severity == "error" for finding in found):
                    yield GivenUp(section, "body", "invalid_answer", tuple(found))
                    return
            yield written
        held = self.hold_quiz(lesson, section)
        if held is not None:
            await asyncio.shield(held)
        if (lesson, section, "quiz") in self.given_up:
            yield GivenUp(section, "quiz", self.given_up[lesson, section, "quiz"])
        elif (lesson, section) not in self.silent_quizzes:
            yield quiz(section, lesson % 3)

    def credit(self, order: Order) -> Credit:
        """The script's name."""
        made_from = order.source.title if order.source else ""
        return Credit(ai=True, name=self.name, models=("script-1",), prompt_version="7", made_from=made_from)

    def _lesson(self, at: int, size: int) -> LessonPlan:
        sections = tuple(
            SectionPlan(
                f"Section {at}.{number}", f"focus {at}.{number}", 5, (f"p{at}",), f"can do {at}.{number}", (at % 3,)
            )
            for number in range(size)
        )
        title = f"Lesson {at} {self.words}".strip()
        said = {"needs": ("flour",), "covered": (f"before {at}",), "avoid": ("cakes",)}
        return LessonPlan(
            title, (f"objective {at}",), sections, **said, example=f"loaf {at}", handoff=f"on to {at + 1}", made=BY
        )


def draft(lesson: int, section: int, words: str = "", text: str = "") -> SectionDraft:
    """A finished section with a citation."""
    return SectionDraft(
        index=section,
        title=f"Section {lesson}.{section}, written",
        body=(text or body(lesson, section)) + words,
        minutes=6,
        citations=(Citation(f"p{lesson}", "Flour and water", "", 1),),
        made=BY,
    )


def quiz(section: int, objective: int = 0) -> QuizDraft:
    """Two questions that test an objective."""
    options = tuple(Option(f"option {letter}", f"because {letter}") for letter in "ABCD")
    questions = tuple(
        QuestionDraft(f"Question {number}?", options, number, "think", objective=objective, bloom="apply")
        for number in range(2)
    )
    return QuizDraft(section, questions, BY)
