"""Check 12 while a course is being written: no lesson says again what another says."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from services.authors.protocol import SectionDraft
from services.quality.finding import Finding
from services.quality.repetition import Repetition


class Repeating:
    """The texts of one course as they arrive. A text that passes is remembered at once, so that of two lessons that say
    the same at the same time only one passes."""

    def __init__(self, texts: Mapping[tuple[int, int], str]) -> None:
        self._stored = dict(texts)
        self._known = Repetition()
        self._turn = asyncio.Lock()

    async def findings(self, lesson: int, draft: SectionDraft) -> Sequence[Finding]:
        """What a new text repeats of other lessons."""
        async with self._turn:
            return await asyncio.to_thread(self._look, lesson, draft)

    async def forget(self, lesson: int, section: int) -> None:
        """The text for that place was given up."""
        async with self._turn:
            await asyncio.to_thread(self._known.add, lesson, section, "")

    def _look(self, lesson: int, draft: SectionDraft) -> Sequence[Finding]:
        for place, body in self._stored.items():
            self._known.add(*place, body)
        self._stored.clear()
        found = self._known.findings(lesson, draft.index, draft.body)
        if not any(finding.severity == "error" for finding in found):
            self._known.add(lesson, draft.index, draft.body)
        return found
