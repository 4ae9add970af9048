"""Work that comes piece by piece is stored in groups while much of it comes: a commit for each would cost more than a
few milliseconds of waiting. A piece that comes alone does not wait."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from services.clock import Clock
from services.jobs import NewWork

PACE = 0.004  # seconds that the first of a group waits for company under load
BUSY = 0.05  # seconds between two groups below which there is load
_Waiting = tuple[NewWork, asyncio.Future[None]]


class Gathering:
    """`store` takes any number of pieces and returns when they are safe."""

    def __init__(self, store: Callable[..., Awaitable[object]], clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._waiting: list[_Waiting] = []
        self._last = float("-inf")  # when a group was last stored, on the monotonic clock
        self._stored: asyncio.Task[None] | None = None

    async def add(self, item: NewWork) -> None:
        """Store a piece with those that come along. Raises what `store` raises."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._stored is None:
            self._stored = asyncio.create_task(self._go_on(), name="gathering")
        await future

    async def _go_on(self) -> None:
        try:
            while self._waiting:
                if self._clock.monotonic() - self._last < BUSY:
                    await self._clock.sleep(PACE)
                group, self._waiting = self._waiting, []
                self._last = self._clock.monotonic()
                await self._together(group)
        finally:
            self._stored = None
            for _, future in self._waiting:  # only if we were cancelled
                future.cancel()

    async def _together(self, group: list[_Waiting]) -> None:
        """A group; each is told how it went."""
        (outcome,) = await asyncio.gather(self._store(*(item for item, _ in group)), return_exceptions=True)
        for _, future in group:
            if future.done():  # whoever waited has gone
                continue
            if isinstance(outcome, BaseException):
                future.set_exception(outcome)
            else:
                future.set_result(None)
