"""Check 12: whether lessons say the same again. Containment of 5-word shingles, code removed."""

from __future__ import annotations

from collections.abc import Mapping

from services.quality.finding import Finding


class Shingles:
    """The texts of a course so far, each under its path, as shingles; add each section as it arrives."""

    def __init__(self) -> None:
        self._known: dict[str, frozenset[int]] = {}

    def add(self, path: str, body: str, *, quoted: str = "") -> None:
        """Remember the text at `path` (in place of what was there)."""


def repetition_between(new: str, others: Mapping[str, str], *, path: str) -> tuple[Finding, ...]:
    """What the text `new` at `path` repeats of `others` (texts by path, those of other lessons)."""
    return ()
