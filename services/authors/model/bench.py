"""What a lesson is written with, and how a new piece of it is judged."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass

from services.authors.model import mend
from services.authors.model.asks import Asks, Job
from services.authors.model.calling import Calls
from services.authors.model.history import History
from services.authors.model.ladder import Ladder
from services.authors.model.provider import Provider
from services.authors.model.sizes import questions_for
from services.authors.model.wire import Ask
from services.authors.protocol import Check, Made, Payer, QuizDraft, SectionDraft
from services.quality.finding import Finding
from services.quality.mending import mend_quiz, mend_section
from services.quality.pieces import SectionContext, quiz_findings, section_findings


@dataclass(frozen=True, slots=True)
class Bench:
    """The way to the providers, the prompts, the providers in order, and the version of the prompts."""

    calls: Calls
    asks: Asks
    providers: tuple[Provider, ...]
    version: str

    def made(self, ladder: Ladder) -> Made:
        """Who writes what is asked for now."""
        return Made(ladder.provider.name, ladder.provider.lesson_model, self.version)

    async def whole(self, ask: Ask, payer: Payer | None, ladder: Ladder) -> str:
        """The whole answer to `ask`. Raises what its call raised."""
        async with aclosing(self.calls.stream(ladder.provider.name, ask, payer, ladder.receipt)) as texts:
            return "".join([text async for text in texts])


class Judging:
    """Holds the new pieces of one lesson against the checks of a piece, and against what the course says of them."""

    def __init__(self, job: Job, check: Check) -> None:
        self._check = check
        self._turn = asyncio.Lock()
        self._context = SectionContext(
            lesson=job.lesson,
            plan=job.contract,
            level=job.order.level,
            language=job.order.language,
            objectives=len(job.order.objectives),
            passages=job.passages,
            # Those that will be asked for: a text's minutes are told with them, before they are there.
            questions={at: questions_for(section) for at, section in enumerate(job.contract.sections)},
        )

    async def text(self, draft: SectionDraft, history: History) -> tuple[SectionDraft, tuple[Finding, ...]]:
        """`draft` as code mends it (which `history` is told), and everything else that is found, so that one repair can
        mend all of it. Texts come one at a time, so that those that hold are given out in their order."""
        async with self._turn:
            draft, mended = await asyncio.to_thread(mend_section, draft, self._context)
            history.mended(mended)
            found = await asyncio.to_thread(section_findings, draft, self._context)
            return draft, (*self._broken_off(draft), *found, *await self._check(draft))

    def _broken_off(self, draft: SectionDraft) -> tuple[Finding, ...]:
        """A stray quotation mark in an answer can end its text early and leave it good JSON."""
        if not mend.breaks_off(draft.body, self._context.language):
            return ()
        path = f"lessons.{self._context.lesson}.sections.{draft.index}.body"
        return (
            Finding(path, "structure", "a last sentence that breaks off", "the rest of it, and of what was to come"),
        )

    async def quiz(self, draft: QuizDraft, history: History) -> tuple[QuizDraft, tuple[Finding, ...]]:
        """The same for questions."""
        draft, mended = await asyncio.to_thread(mend_quiz, draft, self._context)
        history.mended(mended)
        found = await asyncio.to_thread(quiz_findings, draft, self._context)
        return draft, (*found, *await self._check(draft))


def errors(findings: Sequence[Finding]) -> list[Finding]:
    """Those of `findings` that block."""
    return [each for each in findings if each.severity == "error"]
