"""Who writes next where only one can at a time: the writer that groups, and transactions."""

from __future__ import annotations

import asyncio
from collections import deque


class Turns:
    """A lock with two queues: ``async with turns.group:`` and ``async with turns.transaction:``.

    A group, in which everybody's taps are, goes before all transactions that wait: it never waits for more than the one
    that is under way. After a group the longest waiting transaction goes first, so that taps do not keep it out."""

    def __init__(self) -> None:
        self.group = Queue(self)
        self.transaction = Queue(self)
        self._taken: Queue | None = None  # the queue of whoever has the turn

    async def take(self, queue: Queue) -> None:
        """Return when it is the turn of the first in `queue`, which is then taken until `give_back`."""
        if self._taken is None:
            self._taken = queue
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                queue.waiting.remove(turn)
            else:
                self.give_back()
            raise

    def give_back(self) -> None:
        """Let the next one in."""
        after_group = self._taken is self.group
        self._taken = None
        for queue in (self.transaction, self.group) if after_group else (self.group, self.transaction):
            turn = next((each for each in queue.waiting if not each.done()), None)
            if turn is not None:
                queue.waiting.remove(turn)
                self._taken = queue
                turn.set_result(None)
                return


class Queue:
    """Those who wait for a turn of one kind, in the order in which they came; a context manager."""

    def __init__(self, turns: Turns) -> None:
        self.waiting: deque[asyncio.Future[None]] = deque()
        self._turns = turns

    async def __aenter__(self) -> None:
        await self._turns.take(self)

    async def __aexit__(self, *_: object) -> None:
        self._turns.give_back()
