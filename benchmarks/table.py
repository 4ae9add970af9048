"""The table that a run of the benchmarks prints: what was measured, its limit, and what it was measured beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class NotMeasured(Exception):
    """Why a part cannot be measured on this machine, in one sentence."""


@dataclass(frozen=True)
class Line:
    """One promise. `found` and `limit` are ratios, or in `unit`; without a limit it is only told. It may
    be no more than the limit, or with `at_least` no less."""

    what: str
    found: float
    limit: float | None
    beside: str
    unit: str = "×"
    at_least: bool = False

    @property
    def kept(self) -> bool:
        """Whether the promise is kept."""
        if self.limit is None:
            return True
        return self.found >= self.limit if self.at_least else self.found <= self.limit

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """The line as text."""
        limit = "" if self.limit is None else f"{'≥' if self.at_least else '≤'} {self.limit:.2f} {self.unit}"
        word = "" if self.limit is None else "ok" if self.kept else "MISSED"
        return self.what, f"{self.found:.2f} {self.unit}", limit, word, self.beside


def render(lines: Sequence[Line]) -> str:
    """All lines, in columns."""
    rows = [("", "found", "limit", "", "beside"), *(line.cells for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(
            [row[0].ljust(widths[0]), *(row[at].rjust(widths[at]) for at in (1, 2)), row[3].ljust(widths[3]), row[4]]
        )
        for row in rows
    )
