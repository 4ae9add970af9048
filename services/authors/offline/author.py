"""The author that needs no key: makes a course out of a learner's own document, quoting it and adding nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from services.authors.offline import proposal
from services.authors.offline.titles import clean_title
from services.authors.protocol import CoursePlan, Credit, Order, Proposal, SectionDraft, Source, Wish
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

    async def plan(self, order: Order) -> CoursePlan:
        """The outline, with true minutes. Raises as `propose` does."""
        return await asyncio.to_thread(proposal.plan, order, _needed(order.source))

    async def write_lesson(
        self, order: Order, plan: CoursePlan, lesson: int, missing: Sequence[int]
    ) -> AsyncIterator[SectionDraft]:
        """The sections of lesson `lesson` (0-based) whose indexes are in `missing`.

        Raises as `propose` does, and IndexError for a lesson that the text does not yield.
        """
        for draft in await asyncio.to_thread(proposal.write, order, _needed(order.source), lesson):
            if draft.index in missing:
                yield draft

    def credit(self, order: Order) -> Credit:
        """Made without AI, from what, and how much of it. Raises `AuthorUnusable` ``needs_source``."""
        source = _needed(order.source)
        title = clean_title(source.title) or source.title
        return Credit(ai=False, name=self.name, made_from=title, extra=proposal.extent(source))


def _needed(source: Source | None) -> Source:
    if source is None:
        raise AuthorUnusable("needs_source")
    return source
