"""A clock that goes as fast as it is moved: a day in minutes."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from datetime import UTC, datetime, timedelta

MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)


class DayClock:
    """Everybody's time. Who sleeps on it wakes when it has been moved past their hour, in the order of their hours."""

    def __init__(self) -> None:
        self._at = 0.0
        self._numbers = itertools.count()
        self._sleeping: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """The time of the day."""
        return MIDNIGHT + timedelta(seconds=self._at)

    def monotonic(self) -> float:
        """Seconds since midnight."""
        return self._at

    async def sleep(self, seconds: float) -> None:
        """Until it has been moved that far."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleeping, (self._at + seconds, next(self._numbers), future))
        await future

    def move(self, to: float) -> None:
        """Move on, never back."""
        self._at = max(self._at, to)
        while self._sleeping and self._sleeping[0][0] <= self._at:
            future = heapq.heappop(self._sleeping)[2]
            if not future.done():
                future.set_result(None)

    def next_wakes(self, within: float) -> None:
        """Move on to when the next one wakes, if that is within so many seconds: everybody else waits for it."""
        while self._sleeping and self._sleeping[0][2].done():
            heapq.heappop(self._sleeping)
        if self._sleeping and self._sleeping[0][0] <= self._at + within:
            self.move(self._sleeping[0][0])
