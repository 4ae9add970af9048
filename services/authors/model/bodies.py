"""From the text that came for a section to one that holds: repaired where it must be, or given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.authors.model import drafts
from services.authors.model.answers import parsed
from services.authors.model.asks import Job
from services.authors.model.bench import Bench, Judging, errors
from services.authors.model.history import History
from services.authors.model.ladder import Ladder
from services.authors.model.provider import Provider
from services.authors.model.schemas import SectionShape, WritingShape
from services.authors.protocol import GivenUp, SectionDraft
from services.authors.retry import BadAnswer
from services.errors import AuthorError, AuthorUnusable
from services.quality.finding import Finding


class BodyMaking:
    """The texts of one lesson, each on its own from the moment that it has arrived."""

    def __init__(self, bench: Bench, job: Job, judging: Judging) -> None:
        self._bench = bench
        self._job = job
        self._judging = judging

    async def settled(self, answer: SectionShape, provider: Provider) -> SectionDraft | GivenUp:
        """The section that `provider` has answered with, once it holds. An error costs a repair of what failed, at most
        two, then another provider writes it anew; warnings alone are repaired once, and then only noted."""
        ladder = Ladder(self._bench.providers, first=provider)
        draft, history = self._draft(answer, ladder), History()
        while True:
            draft, found = await self._judging.text(draft, history)
            if not errors(found):
                return await self._polished(draft, found, history, ladder)
            history.note(found)
            try:
                draft = await self._mended(draft, found, ladder)
            except AuthorError as error:
                return GivenUp(draft.index, "body", error.why, history.told(found))

    async def _polished(
        self, draft: SectionDraft, found: Sequence[Finding], history: History, ladder: Ladder
    ) -> SectionDraft:
        """`draft`, which holds, after one repair of its warnings, unless it has had a repair; that a repair of warnings
        does no harm is seen to."""
        if found and not ladder.repairs:
            ladder.again((), AuthorUnusable("invalid_answer"))
            try:
                other = await self._repaired(draft, found, ladder)
                other, after = await self._judging.text(other, history)
            except AuthorError:
                after = tuple(found)
            else:
                if not errors(after) and len(after) < len(found):
                    history.note(found)
                    draft, found = other, after
        return replace(draft, findings=history.told(found))

    async def _mended(self, draft: SectionDraft, found: Sequence[Finding], ladder: Ladder) -> SectionDraft:
        """Another version of `draft`. Raises `AuthorError` when nobody is left to ask."""
        ladder.again((), AuthorUnusable("invalid_answer"))
        while True:
            try:
                if draft.made is not None and draft.made.author == ladder.provider.name:
                    return await self._repaired(draft, found, ladder)
                return await self._anew(draft.index, found, ladder)
            except AuthorError as error:
                ladder.after(error)

    async def _repaired(self, draft: SectionDraft, found: Sequence[Finding], ladder: Ladder) -> SectionDraft:
        """One call for the parts that `found` names."""
        ask = self._bench.asks.repair(self._job, draft, drafts.parts_of(draft.body), found, ladder)
        answer = parsed(await self._bench.whole(ask, self._job.order.payer, ladder), WritingShape)
        claims = [claim for section in answer.sections for claim in section.citations]
        if claims and self._job.passages is not None:
            draft = drafts.cited_anew(draft, claims, self._job.passages)
            if not answer.patches:
                return draft
        return drafts.patched(draft, answer.patches)

    async def _anew(self, index: int, found: Sequence[Finding], ladder: Ladder) -> SectionDraft:
        """One call to another provider for the whole text."""
        ask = self._bench.asks.bodies(self._job, (index,), found, ladder)
        answer = parsed(await self._bench.whole(ask, self._job.order.payer, ladder), WritingShape)
        for section in answer.sections:
            if section.number == index + 1:
                return self._draft(section, ladder)
        raise BadAnswer([f"Section {index + 1} did not come."])

    def _draft(self, answer: SectionShape, ladder: Ladder) -> SectionDraft:
        planned = self._job.contract.sections[answer.number - 1]
        return drafts.section_of(answer, planned, self._job.passages, self._bench.made(ladder))
