"""What takes long to work out, kept in memory for a short while, or until somebody says that it has changed."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from services.clock import Clock

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Fresh(Generic[K, V]):
    """At most `most` values, each for `seconds`. However many ask, one value is worked out at a time; one that was
    being worked out when it changed is not kept."""

    def __init__(self, clock: Clock, *, seconds: float, most: int = 500) -> None:
        self._clock = clock
        self._seconds = seconds
        self._most = most
        self._kept: OrderedDict[K, tuple[float, V]] = OrderedDict()
        self._making: dict[K, asyncio.Task[V]] = {}

    async def get(self, key: K, make: Callable[[], Awaitable[V]]) -> V:
        """The value, from `make` unless it is known. Raises what `make` raises."""
        known = self._kept.get(key)
        if known is not None and self._clock.monotonic() < known[0]:
            self._kept.move_to_end(key)
            return known[1]
        task = self._making.get(key)
        if task is None:
            task = asyncio.ensure_future(self._make(make))
            self._making[key] = task
            task.add_done_callback(lambda done: self._made(key, done))
        return await asyncio.shield(task)

    def forget(self, key: K) -> None:
        """It has changed."""
        self._kept.pop(key, None)
        self._making.pop(key, None)

    async def _make(self, make: Callable[[], Awaitable[V]]) -> V:
        return await make()

    def _made(self, key: K, task: asyncio.Task[V]) -> None:
        current = self._making.get(key) is task
        if current:
            del self._making[key]
        if task.cancelled() or task.exception() is not None or not current:
            return
        self._kept[key] = (self._clock.monotonic() + self._seconds, task.result())
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
