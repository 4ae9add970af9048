"""What a lesson of a grounded course rests on: the passages that its plan names, and those that a search finds.

The plan of a long document is made from its headings and a digest; so each section is given what its words find in the
whole text as well, before it is written.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from services.authors.model.material import all_passages, is_short
from services.authors.protocol import Contract, Order, Passage, SectionPlan
from services.rules.searching import telling, terms
from storage.database import Database
from storage.passages import PassageRepository

FOUND = 6  # passages of a section that come from the search
NAMED = 12  # passages of a section at most


class Grounding:
    """Looks the sections of a contract up in the order's document."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def grounded(self, order: Order, contract: Contract) -> Contract:
        """The contract with the passages found for each section beside those named; as it is where every call carries
        the whole document anyway."""
        if order.source is None or is_short(order.source):
            return contract
        passages = list(all_passages(order.source))
        sections = contract.lesson.sections
        texts, questions = await asyncio.to_thread(_terms, passages, sections)
        async with self._database.reading() as session:
            found = await PassageRepository(session).best(texts, questions, FOUND)
        looked_up = tuple(
            replace(section, passages=_together(section.passages, [passages[at].id for at in places]))
            for section, places in zip(sections, found, strict=True)
        )
        return replace(contract, lesson=replace(contract.lesson, sections=looked_up))


def _terms(passages: Sequence[Passage], sections: Sequence[SectionPlan]) -> tuple[list[list[str]], list[list[str]]]:
    texts = [terms(f"{passage.heading} {passage.text}") for passage in passages]
    questions = [f"{section.title} {section.focus} {section.outcome}" for section in sections]
    return texts, telling(questions, texts)


def _together(named: Sequence[str], found: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*named[:NAMED], *found]))[:NAMED]
