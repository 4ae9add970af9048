"""Who writes next where only one can at a time: the writer that groups, and transactions."""

from __future__ import annotations

import asyncio
from collections import deque

LINGER = 0.003  # seconds after a group: a tap is stored in one, and what it does is written in the next
PATIENCE = 0.3  # seconds that a transaction waits while groups come; from then on they take turns


class Turns:
    """A lock with two queues: ``async with turns.group:`` and ``async with turns.transaction:``.

    A group, in which everybody's taps are, goes before all transactions that wait, and for `linger` seconds after it so
    does the next one: a tap waits for the transaction that is under way when it comes, and for no other. A transaction
    that has waited for `patience` seconds goes after the next group all the same, so that taps do not keep it out."""

    def __init__(self, *, linger: float = LINGER, patience: float = PATIENCE) -> None:
        self._linger = linger
        self._most = patience
        self.group = Queue(self)
        self.transaction = Queue(self)
        self._taken: Queue | None = None  # the queue of whoever has the turn
        self._lingering: asyncio.TimerHandle | None = None  # until it is over, only a group takes the free turn

    async def take(self, queue: Queue) -> None:
        """Return when it is the turn of the first in `queue`, which is then taken until `give_back`."""
        if self._taken is None and (self._lingering is None or queue is self.group):
            self._let_in(queue)
            return
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        place = (turn, loop.time())
        queue.waiting.append(place)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                queue.waiting.remove(place)
            else:
                self.give_back()
            raise

    def give_back(self) -> None:
        """Let the next one in."""
        after_group, self._taken = self._taken is self.group, None
        if after_group and (left := self._patience()) > 0:
            if not self._next(self.group):
                self._lingering = asyncio.get_running_loop().call_later(min(self._linger, left), self._linger_no_more)
            return
        first, second = (self.transaction, self.group) if after_group else (self.group, self.transaction)
        _ = self._next(first) or self._next(second)

    def _patience(self) -> float:
        """Seconds that the longest waiting transaction has left; 0 where none waits."""
        since = next((since for turn, since in self.transaction.waiting if not turn.done()), None)
        return 0.0 if since is None else since + self._most - asyncio.get_running_loop().time()

    def _linger_no_more(self) -> None:
        self._lingering = None
        self._next(self.transaction)

    def _next(self, queue: Queue) -> bool:
        """Let the longest waiting of a queue in, if anybody waits there."""
        place = next((place for place in queue.waiting if not place[0].done()), None)
        if place is None:
            return False
        queue.waiting.remove(place)
        self._let_in(queue)
        place[0].set_result(None)
        return True

    def _let_in(self, queue: Queue) -> None:
        self._taken = queue
        if self._lingering is not None:
            self._lingering.cancel()
            self._lingering = None


class Queue:
    """Those who wait for a turn of one kind and since when, in the order in which they came; a context manager."""

    def __init__(self, turns: Turns) -> None:
        self.waiting: deque[tuple[asyncio.Future[None], float]] = deque()
        self._turns = turns

    async def __aenter__(self) -> None:
        await self._turns.take(self)

    async def __aexit__(self, *_: object) -> None:
        self._turns.give_back()
