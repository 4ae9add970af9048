"""Pieces of work whose workers died repeatedly: they wait for their turn, one at a time.

Each is marked before it begins, so that the next death tells whether it kills. What is beyond suspicion goes first, and
of the suspects the one that was in hand at the fewest deaths: what does kill comes last, and what was only unlucky is
not the first again in the next life, when a worker that has just started takes longest for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from heapq import heapify, heappush

FIRST_OTHERS = 2.0  # seconds


class Suspects:
    """The line of one kind's suspects, and how many pieces beyond suspicion are in hand; for these they wait so many
    seconds at most."""

    def __init__(self, patience: float = FIRST_OTHERS) -> None:
        self._patience = patience
        self._others = 0
        self._line: list[tuple[int, int]] = []
        self._busy = False
        self._bell = asyncio.Event()

    @contextmanager
    def beside(self) -> Iterator[None]:
        """A piece beyond suspicion is in hand for as long as the block lasts."""
        self._others += 1
        try:
            yield
        finally:
            self._others -= 1
            self._ring()

    @asynccontextmanager
    async def turn(self, crashes: int, row_id: int) -> AsyncIterator[None]:
        """Wait for the turn of that suspect, and have it for as long as the block lasts."""
        place = (crashes, row_id)
        heappush(self._line, place)
        has_turn = False
        try:
            await asyncio.sleep(0)  # those that were taken with it stand in the line as well
            await self._until_first(place)
            has_turn = self._busy = True
            yield
        finally:
            self._line.remove(place)
            heapify(self._line)
            self._busy = self._busy and not has_turn
            self._ring()

    async def _until_first(self, place: tuple[int, int]) -> None:
        loop = asyncio.get_running_loop()
        patient_until = loop.time() + self._patience
        while True:
            left = patient_until - loop.time() if self._others else 0.0
            if not self._busy and self._line[0] == place and left <= 0:
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(left if left > 0 else None):
                    await self._bell.wait()

    def _ring(self) -> None:
        self._bell.set()
        self._bell = asyncio.Event()
