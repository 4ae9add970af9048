"""What the tests of the model author share: an author on the stub, something to order, a source to rest on."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field

from services.authors.model.author import ModelAuthor
from services.authors.model.caller import Caller
from services.authors.protocol import (
    Check,
    CoursePlan,
    GivenUp,
    LessonPlan,
    Order,
    Outline,
    Passage,
    Payer,
    Piece,
    PlanPart,
    QuizDraft,
    SectionDraft,
    Source,
    SourceNode,
    Wanted,
)
from services.clock import Clock
from services.quality.finding import Finding
from tests.kit.hurried_clock import HurriedClock
from tests.kit.model_faults import Kind
from tests.kit.model_server import Call, ModelServer
from tests.services.authors.wire_kit import RecordingPurse, provider_on

ORDER = Order(
    title="Sourdough: from flour to a risen loaf",
    description="Why a mix of flour and water comes alive, and how to steer it towards a loaf that rises.",
    objectives=("Explain what lives in a starter", "Keep a starter alive", "Judge a dough by eye and hand"),
    level="beginner",
    minutes=60,
    language="en",
    payer=Payer(7, 12),
)


@dataclass
class Desk:
    """An author, and what it was given: the purse that remembers what each call used."""

    author: ModelAuthor
    purse: RecordingPurse

    def output(self, step: str) -> int:
        """The tokens that calls of `step` have written, as the stub counted them."""
        used = zip(self.purse.reserved, self.purse.usages, strict=True)
        return sum(usage.output for (_, _, name), usage in used if usage is not None and name == step)


@asynccontextmanager
async def desk_on(
    stub: ModelServer, *names: str, clock: Clock | None = None, idle: float = 5.0, deadline: float = 600.0
) -> AsyncIterator[Desk]:
    """An author who asks the providers `names` in this order; Claude, if none is named."""
    clock, purse = clock or HurriedClock(), RecordingPurse()
    providers = tuple(provider_on(stub, name, clock, idle) for name in names or ("claude",))
    caller = Caller(providers, purse=purse, clock=clock, rng=random.Random(7), deadline_seconds=deadline)
    try:
        yield Desk(ModelAuthor(caller, providers, rng=random.Random(7)), purse)
    finally:
        await caller.aclose()


@asynccontextmanager
async def author_on(stub: ModelServer, *names: str, clock: Clock | None = None) -> AsyncIterator[ModelAuthor]:
    async with desk_on(stub, *names, clock=clock) as desk:
        yield desk.author


async def nothing_to_say(draft: SectionDraft | QuizDraft) -> Sequence[Finding]:
    """The course as a whole has nothing to say of a piece."""
    return ()


async def parts_of(
    author: ModelAuthor, order: Order = ORDER, known: CoursePlan | None = None, into: list[PlanPart] | None = None
) -> list[PlanPart]:
    """The parts of a plan as they come; `into` has them also when it fails."""
    parts = [] if into is None else into
    async with aclosing(author.plan(order, known)) as given:
        async for part in given:
            parts.append(part)
    return parts


def plan_of(parts: Sequence[PlanPart], order: Order = ORDER) -> CoursePlan:
    """The plan that `parts` make, as far as they go."""
    outline = next(part for part in parts if isinstance(part, Outline))
    lessons = [LessonPlan(title, (), ()) for title in outline.titles]
    for part in parts:
        if not isinstance(part, Outline):
            lessons[part.position] = part.lesson
    return CoursePlan(tuple(lessons), order.language, outline.glossary, outline.example)


async def planned(author: ModelAuthor, order: Order = ORDER) -> CoursePlan:
    return plan_of(await parts_of(author, order), order)


@dataclass
class Written:
    """What came of a lesson, in order."""

    pieces: list[Piece] = field(default_factory=list)

    @property
    def bodies(self) -> list[SectionDraft]:
        return [piece for piece in self.pieces if isinstance(piece, SectionDraft)]

    @property
    def quizzes(self) -> list[QuizDraft]:
        return [piece for piece in self.pieces if isinstance(piece, QuizDraft)]

    @property
    def given_up(self) -> list[tuple[int, str, str]]:
        return [(piece.index, piece.piece, piece.why) for piece in self.pieces if isinstance(piece, GivenUp)]

    @property
    def complete(self) -> bool:
        """Whether both sections are there with questions, each once."""
        return [sorted(one.index for one in pieces) for pieces in (self.bodies, self.quizzes)] == [[0, 1], [0, 1]]


async def write(
    author: ModelAuthor,
    plan: CoursePlan,
    lesson: int = 0,
    wanted: Wanted | None = None,
    *,
    order: Order = ORDER,
    check: Check = nothing_to_say,
    into: Written | None = None,
) -> Written:
    """Collect what is written as it comes; `into` has it also when it fails."""
    written = into or Written()
    everything = Wanted(tuple(range(len(plan.lessons[lesson].sections))))
    async with aclosing(author.write_lesson(order, plan, lesson, wanted or everything, check)) as pieces:
        async for piece in pieces:
            written.pieces.append(piece)
    return written


def counted(stub: ModelServer) -> dict[Kind, int]:
    """How many calls of each kind were made."""
    return dict(Counter(call.kind for call in stub.calls))


def tasks(stub: ModelServer, kind: Kind) -> list[str]:
    """What calls of `kind` were told, in order."""
    return [str(call.body["messages"][0]["content"]) for call in stub.calls if call.kind == kind]


def rooms(calls: Sequence[Call]) -> list[int]:
    return [call.body["max_tokens"] for call in calls]


def source(paragraphs: int = 24, repeated: int = 1) -> Source:
    """A document about bread whose passages all differ; each says what it says `repeated` times."""
    passages = [
        Passage(
            id=f"p{number}",
            text=f"Loaf number {number} rose for {number + 3} hours at {18 + number} degrees, “and its crumb was "
            f"open”, as the baker’s note {number} says – a little sour, and better on day {number + 2} than fresh, "
            f"when it weighed {900 + number} grams and was still warm. " * repeated,
            heading=f"Day {number // 6 + 1}",
            place="",
            page=number // 2 + 1,
        )
        for number in range(paragraphs)
    ]
    nodes = tuple(
        SourceNode(title=f"Day {day + 1}", depth=1, passages=tuple(passages[day * 6 : day * 6 + 6]))
        for day in range(paragraphs // 6)
    )
    return Source(title="A baker's notes", language="en", nodes=nodes, words=paragraphs * 35)
