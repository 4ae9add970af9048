"""The same windows in Redis, shared by several processes; while Redis is away each process counts for itself.

Import this only where there is a Redis: its client takes a second and 20 MB."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, cast

from pyrate_limiter import Rate, RateItem, RedisBucket
from pyrate_limiter.buckets.redis_bucket import LuaScript
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError

from storage.limits import Taken, Window, reset_ms, wait_ms

PATIENCE = 0.5  # seconds for an answer: longer than that, counting alone is better than making people wait
CONNECTIONS = 16
TRY_AGAIN = 2.0  # seconds
AGREE_EVERY = 60.0  # seconds between looks at Redis's clock
_GONE = (RedisError, OSError, TimeoutError)
log = logging.getLogger(__name__)


class RedisLink:
    """The connections, the clock that all processes share, and whether it is worth asking.

    `now`: milliseconds, for tests; else this machine's clock, set right by Redis's, so that workers whose clocks differ
    count in the same window."""

    def __init__(
        self,
        url: str,
        *,
        now: Callable[[], int] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        try_again: float = TRY_AGAIN,
    ) -> None:
        # Whoever finds all connections busy waits for one, where the plain pool would call that a failure.
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=PATIENCE,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 1),
        )
        self.redis = Redis.from_pool(pool)
        self._given_now = now
        self._monotonic = monotonic
        self._try_again = try_again
        self._ahead = 0  # milliseconds that Redis's clock is ahead of ours
        self._agreed_at: float | None = None
        self._script: str | None = None
        self._away_until: float | None = None

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self.redis.aclose()

    async def now(self) -> int:
        """Milliseconds by the clock that all share."""
        if self._given_now is not None:
            return self._given_now()
        moment = self._monotonic()
        if self._agreed_at is None or moment - self._agreed_at >= AGREE_EVERY:
            self._agreed_at = moment
            seconds, microseconds = await self.redis.time()
            self._ahead = seconds * 1000 + microseconds // 1000 - time.time_ns() // 1_000_000
        return time.time_ns() // 1_000_000 + self._ahead

    async def script(self, *, again: bool = False) -> str:
        """The hash of pyrate-limiter's script, as Redis knows it. `again`: Redis has forgotten it (a restart)."""
        if self._script is None or again:
            self._script = str(await cast("Awaitable[Any]", self.redis.script_load(LuaScript.PUT_ITEM)))
        return self._script

    def worth_asking(self) -> bool:
        """False while Redis is away; every few seconds one caller gets True and finds out."""
        moment = self._monotonic()
        if self._away_until is None:
            return True
        if moment < self._away_until:
            return False
        self._away_until = moment + self._try_again
        return True

    def answered(self) -> None:
        """Redis is there."""
        if self._away_until is not None:
            self._away_until = None
            log.info("Redis is back: limits are counted together again")

    def failed(self, error: Exception) -> None:
        """Redis is not there."""
        if self._away_until is None:
            log.warning("Redis does not answer (%s): limits are counted by this process alone", error)
        self._away_until = self._monotonic() + self._try_again
        self._agreed_at = None


class RedisWindow:
    """`allowed` in any `window_seconds` for each key, counted in Redis; in `alone` while Redis is away."""

    def __init__(self, link: RedisLink, name: str, allowed: int, window_seconds: int, *, alone: Window) -> None:
        self._link = link
        self._prefix = f"lectern:limit:{name}:"
        self._rate = Rate(allowed, window_seconds * 1000)
        self._alone = alone

    async def take(self, key: str, cost: int) -> Taken:
        """Take `cost` at once or nothing."""
        if self._link.worth_asking():
            try:
                taken = await self._take(key, cost)
            except _GONE as error:
                self._link.failed(error)
            else:
                self._link.answered()
                return taken
        return await self._alone.take(key, cost)

    async def _take(self, key: str, cost: int) -> Taken:
        item = RateItem(key, await self._link.now(), cost)
        try:
            granted, wait = await self._put(item, await self._link.script())
        except NoScriptError:
            granted, wait = await self._put(item, await self._link.script(again=True))
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

    async def _put(self, item: RateItem, script: str) -> tuple[bool, int]:
        # A bucket of its own for each call: it remembers its last verdict, which calls side by side would mix up.
        bucket = RedisBucket([self._rate], self._link.redis, self._prefix + item.name, script)
        granted = await cast("Awaitable[bool]", bucket.put(item))
        return granted, 0 if granted else wait_ms(await _waiting(bucket, item), self._rate)


async def _waiting(bucket: RedisBucket, item: RateItem) -> int:
    waiting = bucket.waiting(item)
    return waiting if isinstance(waiting, int) else await waiting
