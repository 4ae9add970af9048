"""The 21 rules by number and name, in the order in which a report shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Weight = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its number, its `name` (stable: stored and served), whether breaking it blocks, and whether it can only
    be checked by a second model or by moderation."""

    number: int
    name: str
    weight: Weight
    judged: bool = False


RULES: tuple[Rule, ...] = (
    Rule(1, "structure", "error"),
    Rule(2, "coverage", "error"),
    Rule(3, "bloom", "warning"),
    Rule(4, "length_tells", "error"),
    Rule(5, "distinct_options", "error"),
    Rule(6, "one_key", "error"),
    Rule(7, "key_position", "error"),
    Rule(8, "explanations", "error"),
    Rule(9, "readability", "warning"),
    Rule(10, "reading_time", "error"),
    Rule(11, "shape", "error"),
    Rule(12, "repetition", "error"),
    Rule(13, "language", "error"),
    Rule(14, "leftovers", "error"),
    Rule(15, "code", "error"),
    Rule(16, "citations", "error"),
    Rule(17, "grounding", "warning", judged=True),
    Rule(18, "answerable", "warning", judged=True),
    Rule(19, "guessable", "warning", judged=True),
    Rule(20, "safety", "error", judged=True),
    Rule(21, "accessible", "error"),
)

BY_NAME = {rule.name: rule for rule in RULES}
