"""A job that is kept in hand: Telegram does not answer one of its calls until it is let go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from benchmarks.rig.ledger import Call
from benchmarks.rig.telegram import Telegram


@dataclass
class Hold:
    """The first answer to the tap `query` is held; `call` is it, once it has come."""

    query: str
    call: Call | None = None
    again: Call | None = None
    released: asyncio.Event = field(default_factory=asyncio.Event)
    _bell: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def meet(self, call: Call) -> web.StreamResponse | None:
        """What Telegram does with a call meanwhile."""
        if call.query != self.query:
            return None
        first = self.call is None
        if first:
            self.call = call
        elif self.again is None:
            self.again = call
        async with self._bell:
            self._bell.notify_all()
        if first:
            await self.released.wait()
        return None

    async def in_hand(self, timeout: float = 60.0) -> str:
        """Wait until a worker has the job in hand; returns the worker's name."""
        async with asyncio.timeout(timeout), self._bell:
            await self._bell.wait_for(lambda: self.call is not None)
        assert self.call is not None
        return self.call.worker

    async def taken_over(self, timeout: float = 60.0) -> Call:
        """Wait until the job is done once more, by whoever; returns that call."""
        async with asyncio.timeout(timeout), self._bell:
            await self._bell.wait_for(lambda: self.again is not None)
        assert self.again is not None
        return self.again


@asynccontextmanager
async def holding(telegram: Telegram, query: str) -> AsyncIterator[Hold]:
    """Hold the answer to that tap for as long as the block lasts."""
    hold = Hold(query)
    before, telegram.fault = telegram.fault, hold.meet
    try:
        yield hold
    finally:
        telegram.fault = before
        hold.released.set()
