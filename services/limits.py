"""How often somebody may do something: requests and progress items, exact over any window of their length.

Generations cost money, so their limit is kept in the database by `services.courses`."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from services.clock import Clock
from services.errors import LimitReached
from storage.limits import MemoryWindow, Window

if TYPE_CHECKING:
    from storage.redis_link import RedisLink

Kind = Literal["requests", "progress"]


@dataclass(frozen=True, slots=True)
class Rule:
    """`allowed` in any `window_seconds`."""

    allowed: int
    window_seconds: int


DEFAULTS: Mapping[Kind, Rule] = {"requests": Rule(1000, 900), "progress": Rule(100, 60)}


class Left(NamedTuple):
    """What is left of a limit after something was taken. In `reset_seconds` (rounded up) the oldest that counts is
    over; 0 if nothing counts."""

    kind: Kind
    allowed: int
    window_seconds: int
    left: int
    reset_seconds: int


class LimitService:
    """Counts by kind and key (a learner's id, an address); the chat and REST share the keys."""

    def __init__(
        self,
        *,
        clock: Clock,
        rules: Mapping[Kind, Rule],
        windows: Mapping[Kind, Window],
        close: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._clock = clock
        self._rules = rules
        self._windows = windows
        self._close = close

    async def aclose(self) -> None:
        """Let go of Redis, where there is one."""
        if self._close is not None:
            await self._close()

    async def take(self, kind: Kind, key: str, cost: int = 1) -> Left:
        """Take `cost` (≥ 1) at once. Raises LimitReached(kind) and takes nothing if it does not fit; its `retry_at` is
        the first millisecond at which it will (if it can ever: else when everything is free)."""
        if cost < 1:
            raise ValueError("something that costs nothing is not taken")
        rule, taken = self._rules[kind], await self._windows[kind].take(key, cost)
        if not taken.granted:
            retry_at = self._clock.now() + timedelta(milliseconds=taken.wait_ms)
            raise LimitReached(kind, rule.allowed, rule.window_seconds, retry_at, left=taken.left)
        reset = math.ceil(taken.reset_ms / 1000)
        return Left(kind, rule.allowed, rule.window_seconds, taken.left, reset)


def make_limits(clock: Clock, rules: Mapping[Kind, Rule], *, link: RedisLink | None = None) -> LimitService:
    """Limits counted in this process's memory, or over a `link` to Redis (closed with them) with other processes."""
    if link is None:
        return LimitService(clock=clock, rules=rules, windows=in_memory(clock, rules))
    return LimitService(clock=clock, rules=rules, windows=in_redis(link, clock, rules), close=link.aclose)


def in_memory(clock: Clock, rules: Mapping[Kind, Rule]) -> dict[Kind, Window]:
    """Windows for each rule in this process's memory."""

    def now() -> int:
        return round(clock.monotonic() * 1000)

    return {kind: MemoryWindow(rule.allowed, rule.window_seconds, now) for kind, rule in rules.items()}


def in_redis(link: RedisLink, clock: Clock, rules: Mapping[Kind, Rule]) -> dict[Kind, Window]:
    """Windows for each rule in Redis, and in memory while it is away."""
    from storage.redis_limits import RedisWindow

    alone = in_memory(clock, rules)
    return {
        kind: RedisWindow(link, kind, rule.allowed, rule.window_seconds, alone=alone[kind])
        for kind, rule in rules.items()
    }
