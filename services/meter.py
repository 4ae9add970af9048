"""What is counted while the bot works: plain numbers in this process, cheap enough for every tap."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from services.clock import Clock

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)  # seconds, upper ends
BEAT = 0.5  # seconds between two looks at how late the loop is


@dataclass(slots=True)
class Times:
    """How long something took: how many by bucket of `BUCKETS` (the last: longer than all), and all seconds."""

    buckets: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    seconds: float = 0.0


@dataclass(slots=True)
class Meter:
    """Counted since the start: requests by (operation, status), their times by operation, updates by kind, calls that
    Telegram refused for their number; what models cost (millionths of a dollar) and their tokens by (model, kind); and
    how many seconds late the event loop was, at the worst of late."""

    requests: Counter[tuple[str, int]] = field(default_factory=Counter)
    times: dict[str, Times] = field(default_factory=dict)
    updates: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    spent: Counter[str] = field(default_factory=Counter)
    tokens: Counter[tuple[str, str]] = field(default_factory=Counter)
    lag: float = 0.0

    def request(self, operation: str, status: int, seconds: float | None) -> None:
        """Count a request; None for `seconds` where the length says nothing (a stream)."""
        self.requests[operation, status] += 1
        if seconds is not None:
            times = self.times.get(operation)
            if times is None:
                times = self.times[operation] = Times()
            times.buckets[bisect_left(BUCKETS, seconds)] += 1
            times.seconds += seconds

    def paid(self, model: str, amount: int, tokens: Mapping[str, int]) -> None:
        """Count a call to a model: what it cost, and its tokens by kind."""
        self.spent[model] += amount
        for kind, count in tokens.items():
            self.tokens[model, kind] += count

    async def watch_loop(self, clock: Clock) -> None:
        """Measure for ever how late the event loop is; what was worst fades by half in some five seconds."""
        while True:
            asleep = clock.monotonic()
            await clock.sleep(BEAT)
            late = clock.monotonic() - asleep - BEAT
            self.lag = max(0.0, late, self.lag * 0.93)
