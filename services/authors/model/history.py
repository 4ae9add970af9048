"""What was found on the way to a piece that is accepted, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.quality.finding import Finding


class History:
    """Collects the findings of every version of a piece."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], Finding] = {}
        self._mended: dict[Finding, None] = {}

    def mended(self, findings: Sequence[Finding]) -> None:
        """Remember what code has mended."""
        self._mended.update(dict.fromkeys(findings))

    def note(self, findings: Sequence[Finding]) -> None:
        """Remember what was found in a version."""
        self._seen.update({(each.path, each.rule): each for each in findings})

    def told(self, last: Sequence[Finding]) -> tuple[Finding, ...]:
        """All that was found: what the `last` version still has is open, the rest was repaired, or mended by code."""
        still = {(each.path, each.rule) for each in last}
        gone = [replace(each, outcome="repaired") for place, each in self._seen.items() if place not in still]
        return (*last, *gone, *self._mended)
