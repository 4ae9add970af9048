"""What a check returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
Outcome = Literal["open", "mended", "repaired"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found. `path` says where (``lessons.2.sections.0.body``, 0-based), `rule` is the check's
    name, `found` and `expected` are short facts written by code: never the key of a question, and of a text no more
    than what is needed to find the place. An `error` blocks; a `warning` is repaired once and then only logged."""

    path: str
    rule: str
    found: str
    expected: str
    severity: Severity = "error"
    outcome: Outcome = "open"
