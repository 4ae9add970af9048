"""The author that needs no key: makes a course out of a learner's own document, quoting it and adding nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from services.authors.offline import proposal
from services.authors.offline.course import make_course
from services.authors.offline.titles import clean_title
from services.authors.protocol import (
    Check,
    CoursePlan,
    Credit,
    Order,
    Outline,
    Piece,
    PlanPart,
    Proposal,
    Source,
    Wanted,
    Wish,
)
from services.errors import AuthorUnusable


class OfflineAuthor:
    """Implements `Author`. Keeps nothing between calls: the course follows from the source alone, so each call works it
    out again, in a thread (well under a second for a book's chapter)."""

    @property
    def name(self) -> str:
        """``offline``."""
        return "offline"

    @property
    def needs_source(self) -> bool:
        """It never invents: without a document there is no course."""
        return True

    async def propose(self, wish: Wish) -> Proposal:
        """What the text yields. Raises `DocumentRefused` ``too_thin``, `AuthorUnusable` ``needs_source``."""
        return await asyncio.to_thread(proposal.propose, wish, _needed(wish.source))

    async def enough_for(self, order: Order) -> int:
        """The minutes that the text yields, where more are wished for; else 0. Raises as `propose` does."""
        made = await asyncio.to_thread(make_course, _needed(order.source))
        return made.minutes if made.minutes < order.minutes else 0

    async def plan(self, order: Order, known: CoursePlan | None = None) -> AsyncGenerator[PlanPart, None]:
        """The outline, then the contracts, as far as they are not `known`. Raises as `propose` does."""
        for part in await asyncio.to_thread(proposal.plan, order, _needed(order.source)):
            if not _is_known(part, known):
                yield part

    async def write_lesson(
        self, order: Order, plan: CoursePlan, lesson: int, wanted: Wanted, check: Check
    ) -> AsyncGenerator[Piece, None]:
        """What is `wanted` of lesson `lesson` (0-based), each section followed by its questions. `check` is not asked:
        what a text says does not get better by asking for it again.

        Raises as `propose` does, and IndexError for a lesson that the text does not yield.
        """
        for draft, quiz in await asyncio.to_thread(proposal.write, order, _needed(order.source), lesson):
            if draft.index in wanted.bodies:
                yield draft
            if draft.index in wanted.bodies or draft.index in wanted.quizzes:
                yield quiz

    def credit(self, order: Order) -> Credit:
        """Made without AI, from what, and how much of it. Raises `AuthorUnusable` ``needs_source``."""
        source = _needed(order.source)
        title = clean_title(source.title) or source.title
        return Credit(ai=False, name=self.name, made_from=title, extra=proposal.extent(source))


def _is_known(part: PlanPart, known: CoursePlan | None) -> bool:
    if known is None:
        return False
    return isinstance(part, Outline) or bool(known.lessons[part.position].sections)


def _needed(source: Source | None) -> Source:
    if source is None:
        raise AuthorUnusable("needs_source")
    return source
