"""So many places for which many wait: who comes to have one is what this decides.

Whoever has had least lately goes first, and among equals who came last: so somebody who comes fresh is not kept waiting
by what others have left waiting, and those who have much waiting take turns. Every fourth place goes to whoever has
stood in line longest, so that all come to have one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

LONGEST_WAITING = 4  # of so many places one goes to whoever has waited longest
LATELY = 10.0  # seconds without any work after which somebody comes fresh again
_STALE, _MANY = 64, 1_000


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """Who it is that waits: `had` pieces of their work were done lately, before this one, `number` grows with
    the time at which it came in."""

    had: int = 0
    number: int = 0


_CLAIM: ContextVar[Claim | None] = ContextVar("claim", default=None)


@contextmanager
def claiming(claim: Claim) -> Iterator[None]:
    """What is waited for inside is waited for with that claim."""
    before = _CLAIM.set(claim)
    try:
        yield
    finally:
        _CLAIM.reset(before)


@dataclass(eq=False, slots=True)
class _Waiting:
    bell: asyncio.Future[None]
    has_place: bool = False


class Lately:
    """How much each had had when it was last heard of, for `LATELY` seconds."""

    def __init__(self) -> None:
        self._had: dict[str, tuple[int, float]] = {}
        self._room = _MANY

    def note(self, name: str, had: int, at: float) -> None:
        """It leaves at that time (monotonic seconds), having had so much."""
        if len(self._had) >= self._room:
            self._had = {one: kept for one, kept in self._had.items() if at - kept[1] < LATELY}
            self._room = max(_MANY, 2 * len(self._had))
        self._had[name] = had, at

    def recall(self, name: str, at: float) -> int:
        """It comes again: how much it has had."""
        had, left = self._had.pop(name, (0, at))
        return had if at - left < LATELY else 0


class FairTurns:
    """`places` at once; `all` is how many there are."""

    def __init__(self, places: int) -> None:
        self.all = self._free = places
        self._given = 0
        self._numbers = count()
        self._by_claim: list[tuple[int, int, int, _Waiting]] = []  # with some who are not in the line any more
        self._line: dict[_Waiting, None] = {}

    def __len__(self) -> int:
        return len(self._line)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a place by the claim that holds here, and have it for as long as the block lasts."""
        if self._free > 0:  # then nobody waits
            self._free -= 1
        else:
            await self._wait()
        try:
            yield
        finally:
            self._free += 1
            self._give()

    async def _wait(self) -> None:
        claim, mine = _CLAIM.get() or Claim(), _Waiting(asyncio.get_running_loop().create_future())
        self._line[mine] = None
        heappush(self._by_claim, (claim.had, -claim.number, next(self._numbers), mine))
        try:
            await mine.bell
        except asyncio.CancelledError:
            self._line.pop(mine, None)
            if mine.has_place:
                self._free += 1
                self._give()
            raise

    def _give(self) -> None:
        while self._free > 0 and self._line:
            chosen = self._next()
            del self._line[chosen]
            if chosen.bell.done():  # cancelled just now
                continue
            self._given += 1
            self._free -= 1
            chosen.has_place = True
            chosen.bell.set_result(None)
        if len(self._by_claim) > 2 * len(self._line) + _STALE:
            self._by_claim = sorted(one for one in self._by_claim if one[3] in self._line)

    def _next(self) -> _Waiting:
        if self._given % LONGEST_WAITING == LONGEST_WAITING - 1:
            return next(iter(self._line))
        while (first := heappop(self._by_claim)[3]) not in self._line:
            pass
        return first
