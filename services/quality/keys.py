"""Check 7: where the right option is shown. The order is drawn in code from a stored seed, never left to an author."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from services.quality.finding import Finding

ENOUGH_QUESTIONS = 10
MOST_SHARE = 0.4


def key_position(slots: Sequence[int]) -> Iterator[Finding]:
    """A slot that holds the right option in more than 40 % of at least ten questions. `slots` as they are shown."""
    if len(slots) < ENOUGH_QUESTIONS:
        return
    for times in sorted(Counter(slots).values(), reverse=True):
        if times > MOST_SHARE * len(slots):
            found = f"one place holds {round(100 * times / len(slots))} % of {len(slots)} right options"
            yield Finding("questions", "key_position", found, "at most 40 % in one place")
