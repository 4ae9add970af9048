"""The same cache in Redis, shared by several processes; while Redis is away each process keeps its own.

Import this only where there is a Redis: its client takes a second and 20 MB."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

from storage.cache import Cache
from storage.redis_link import GONE, RedisLink

T = TypeVar("T")


class RedisCache:
    """Keys begin with `prefix`, which names what the values are written by: another version of the program may write
    them differently. `alone` is used while Redis is away."""

    def __init__(self, link: RedisLink, prefix: str, *, alone: Cache) -> None:
        self._link = link
        self._prefix = f"lectern:cache:{prefix}:"
        self._alone = alone

    async def get(self, key: str) -> bytes | None:
        """What any of the processes put there, if it is still there."""
        there, found = await self._ask(
            lambda: cast("Awaitable[bytes | None]", self._link.redis.get(self._prefix + key))
        )
        return found if there else await self._alone.get(key)

    async def put(self, key: str, value: bytes, seconds: float) -> None:
        """Keep it for so long at most."""
        milliseconds = max(1, round(seconds * 1000))
        there, _ = await self._ask(lambda: self._link.redis.set(self._prefix + key, value, px=milliseconds))
        if not there:
            await self._alone.put(key, value, seconds)

    async def _ask(self, ask: Callable[[], Awaitable[T]]) -> tuple[bool, T | None]:
        """Whether Redis is there, and its answer."""
        if not self._link.worth_asking():
            return False, None
        try:
            found = await ask()
        except GONE as error:
            self._link.failed(error)
            return False, None
        self._link.answered()
        return True, found
