"""How fast something goes out: over all, and to each of many. Leaky buckets (GCRA), each a single number.

What is more urgent may borrow further ahead from the same bucket: so while there is more to send than may be sent, the
urgent goes first, whichever process it is in, and nobody has to know of the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from pyrate_limiter import Rate
from pyrate_limiter.abstracts.algorithm import GCRA, State

MOST_KEYS = 10_000  # buckets in memory; beyond that, those that are empty are forgotten


@dataclass(frozen=True, slots=True)
class Pacing:
    """One rate for each urgency, the most urgent first; they differ in their burst only. `overall`, for the chat of
    `one` person, and for one of `many`."""

    overall: Sequence[Rate]
    one: Sequence[Rate]
    many: Sequence[Rate]

    def of(self, key: int | str, urgency: int = 0) -> Rate:
        """What holds for one chat: Telegram's ids of groups and channels are negative, their names begin with @."""
        return (self.many if str(key).startswith(("-", "@")) else self.one)[urgency]

    def share(self, urgency: int, sharers: int) -> Rate:
        """What holds over all for each of so many who do not count together: their bursts may come together."""
        whole = self.overall[urgency]
        steady = max(1, whole.limit - (sharers - 1) * self.overall[0].burst)
        return Rate(steady, whole.interval * sharers, burst=whole.burst)


@dataclass(frozen=True, slots=True)
class Wait:
    """In how many milliseconds to ask again, for the one and for all; 0: it may go. What may go was taken. `held`: the
    place over all is taken already, for when that time has passed, and need not be asked for again."""

    one: int
    overall: int
    held: bool = False


class Pace(Protocol):
    """Asked before something goes out."""

    async def take(self, key: int | str, urgency: int) -> Wait:
        """A place for the one and, if there was one, a place over all."""
        ...

    async def take_overall(self, urgency: int) -> Wait:
        """A place over all, for what has one for the one."""
        ...

    async def pause(self, key: int | str | None, milliseconds: int) -> None:
        """Nothing more to the one, or to anybody (None), for so long."""
        ...


class MemoryPace:
    """In this process's memory; `now` gives milliseconds that never go back, `sharers` how many processes there are
    that do the same: what goes out over all is divided between them."""

    def __init__(
        self,
        pacing: Pacing,
        now: Callable[[], int],
        *,
        sharers: Callable[[], int] = lambda: 1,
        most_keys: int = MOST_KEYS,
    ) -> None:
        self._pacing = pacing
        self._sharers = sharers
        self._now = now
        self._room = self._most_keys = most_keys
        self._gcra = GCRA()
        self._overall: State = (0,)
        self._ones: dict[int | str, State] = {}

    def __len__(self) -> int:
        return len(self._ones)

    async def take(self, key: int | str, urgency: int) -> Wait:
        """A place for the one and, if there was one, a place over all."""
        rates = [self._pacing.of(key, urgency)]
        state, decision = self._gcra.step(rates, self._ones.get(key, (0,)), self._now(), 1)
        if not decision.allowed:
            return Wait(decision.retry_after_ms or 1, 0)
        self._keep(key, state)
        return await self.take_overall(urgency)

    async def take_overall(self, urgency: int) -> Wait:
        """A place over all."""
        self._overall, decision = self._gcra.step([self._share(urgency)], self._overall, self._now(), 1)
        return Wait(0, 0 if decision.allowed else decision.retry_after_ms or 1)

    async def pause(self, key: int | str | None, milliseconds: int) -> None:
        """Nothing more to the one, or to anybody, for so long."""
        if key is None:
            self._overall = (max(self._overall[0], paused_until(self._share(0), self._now(), milliseconds)),)
        else:
            until = paused_until(self._pacing.of(key), self._now(), milliseconds)
            self._keep(key, (max(self._ones.get(key, (0,))[0], until),))

    def _share(self, urgency: int) -> Rate:
        return self._pacing.share(urgency, max(1, self._sharers()))

    def _keep(self, key: int | str, state: State) -> None:
        if len(self._ones) >= self._room and key not in self._ones:
            now = self._now() * 1000
            self._ones = {one: kept for one, kept in self._ones.items() if kept[0] > now}
            self._room = max(self._most_keys, 2 * len(self._ones))
        self._ones[key] = state


def paused_until(rate: Rate, now: int, milliseconds: int) -> int:
    """The state (µs) of a bucket that has its next place in so many milliseconds, and none to spare then."""
    emission = -(-rate.interval * 1000 // rate.limit)
    return (now + milliseconds) * 1000 + (rate.burst - 1) * emission
