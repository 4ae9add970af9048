"""The same windows in Redis, shared by several processes; while Redis is away each process counts for itself.

Import this only where there is a Redis: its client takes a second and 20 MB."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, cast

from pyrate_limiter import Rate, RateItem, RedisBucket
from pyrate_limiter.buckets.redis_bucket import LuaScript
from redis.exceptions import NoScriptError

from storage.limits import Taken, Window, reset_ms, wait_ms
from storage.redis_link import GONE, RedisLink


class RedisWindow:
    """`allowed` in any `window_seconds` for each key, counted in Redis; in `alone` while Redis is away."""

    def __init__(self, link: RedisLink, name: str, allowed: int, window_seconds: int, *, alone: Window) -> None:
        self._link = link
        self._prefix = f"lectern:limit:{name}:"
        self._rate = Rate(allowed, window_seconds * 1000)
        self._alone = alone
        self._script: str | None = None

    async def take(self, key: str, cost: int) -> Taken:
        """Take `cost` at once or nothing."""
        if self._link.worth_asking():
            try:
                taken = await self._take(key, cost)
            except GONE as error:
                self._link.failed(error)
            else:
                self._link.answered()
                return taken
        return await self._alone.take(key, cost)

    async def _take(self, key: str, cost: int) -> Taken:
        item = RateItem(key, await self._link.now(), cost)
        try:
            granted, wait = await self._put(item, await self._known_script())
        except NoScriptError:
            granted, wait = await self._put(item, await self._known_script(again=True))
        name, first = self._prefix + key, item.timestamp - self._rate.interval
        async with self._link.redis.pipeline(transaction=False) as together:
            # pyrate-limiter's own leak() would take the last millisecond of the window away as well.
            together.zremrangebyscore(name, "-inf", f"({first}")
            together.zcard(name)
            together.zrange(name, 0, 0, withscores=True)
            together.pexpire(name, self._rate.interval + 1000)
            _, count, oldest, _ = await together.execute()
        begun = int(oldest[0][1]) if oldest else None
        return Taken(granted, self._rate.limit - int(count), wait, reset_ms(begun, self._rate, item.timestamp))

    async def _known_script(self, *, again: bool = False) -> str:
        """The hash of pyrate-limiter's script, as Redis knows it. `again`: Redis has forgotten it (a restart)."""
        if self._script is None or again:
            self._script = str(await cast("Awaitable[Any]", self._link.redis.script_load(LuaScript.PUT_ITEM)))
        return self._script

    async def _put(self, item: RateItem, script: str) -> tuple[bool, int]:
        # A bucket of its own for each call: it remembers its last verdict, which calls side by side would mix up.
        bucket = RedisBucket([self._rate], self._link.redis, self._prefix + item.name, script)
        granted = await cast("Awaitable[bool]", bucket.put(item))
        return granted, 0 if granted else wait_ms(await _waiting(bucket, item), self._rate)


async def _waiting(bucket: RedisBucket, item: RateItem) -> int:
    waiting = bucket.waiting(item)
    return waiting if isinstance(waiting, int) else await waiting
