"""Telegram's flood limit for one chat: a short burst passes, then about one message or edit a second."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bot.localchat.limits import too_many


@dataclass(frozen=True, slots=True)
class Pace:
    """`burst` sends or edits at once, then `per_second`."""

    burst: int = 20
    per_second: float = 1.0


HUMAN_PACE = Pace()


class Flood:
    """A bucket of tokens for each chat; sends and edits take from the same one."""

    def __init__(self, pace: Pace | None) -> None:
        self._pace = pace
        self._buckets: dict[int, tuple[float, float]] = {}

    def charge(self, chat: int, now: float) -> None:
        """Take a token at monotonic time `now`, or raise a 429 with the whole seconds to wait."""
        if self._pace is None:
            return
        tokens, at = self._buckets.get(chat, (float(self._pace.burst), now))
        tokens = min(float(self._pace.burst), tokens + (now - at) * self._pace.per_second)
        if tokens < 1:
            self._buckets[chat] = (tokens, now)
            raise too_many(max(1, math.ceil((1 - tokens) / self._pace.per_second)))
        self._buckets[chat] = (tokens - 1, now)
