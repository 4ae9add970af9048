"""What the tests of the Claude author share: an author on the stub, something to order, a source to rest on."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager

from services.authors.claude import ClaudeAuthor
from services.authors.protocol import CoursePlan, Order, Passage, SectionDraft, Source, SourceNode
from services.clock import Clock
from tests.kit.hurried_clock import HurriedClock
from tests.kit.model_server import ModelServer

ORDER = Order(
    title="Sourdough: from flour to a risen loaf",
    description="Why a mix of flour and water comes alive, and how to steer it towards a loaf that rises.",
    objectives=("Explain what lives in a starter", "Keep a starter alive", "Judge a dough by eye and hand"),
    level="beginner",
    minutes=60,
    language="en",
)


@asynccontextmanager
async def author_on(
    stub: ModelServer, *, clock: Clock | None = None, deadline: float = 600.0, idle: float = 5.0
) -> AsyncIterator[ClaudeAuthor]:
    author = ClaudeAuthor(
        api_key="a-key",
        base_url=stub.url,
        clock=clock or HurriedClock(),
        rng=random.Random(7),
        deadline_seconds=deadline,
        idle_seconds=idle,
    )
    try:
        yield author
    finally:
        await author.aclose()


async def write(
    author: ClaudeAuthor,
    plan: CoursePlan,
    lesson: int,
    missing: Sequence[int],
    into: list[SectionDraft],
    order: Order = ORDER,
) -> None:
    """Collect what is written as it comes, so that what came before a failure is there to be looked at."""
    async with aclosing(author.write_lesson(order, plan, lesson, missing)) as drafts:
        async for draft in drafts:
            into.append(draft)


def source(paragraphs: int = 24) -> Source:
    """A document about bread whose passages all differ."""
    passages = [
        Passage(
            id=f"p{number}",
            text=f"Loaf number {number} rose for {number + 3} hours at {18 + number} degrees, “and its crumb was "
            f"open”, as the baker’s note {number} says – a little sour, and better on day {number + 2} than fresh, "
            f"when it weighed {900 + number} grams and was still warm.",
            heading=f"Day {number // 6 + 1}",
            place=f"page {number // 2 + 1}",
        )
        for number in range(paragraphs)
    ]
    nodes = tuple(
        SourceNode(title=f"Day {day + 1}", depth=1, passages=tuple(passages[day * 6 : day * 6 + 6]))
        for day in range(paragraphs // 6)
    )
    return Source(title="A baker's notes", language="en", nodes=nodes, words=paragraphs * 35)
