"""The line to Redis: its connections, its clock, and whether it is worth asking just now.

Import this only where there is a Redis: its client takes a second and 20 MB."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

PATIENCE = 0.5  # seconds for an answer: longer than that, going on alone is better than making people wait
CONNECTIONS = 16
TRY_AGAIN = 2.0  # seconds
AGREE_EVERY = 60.0  # seconds between looks at Redis's clock
GONE = (RedisError, OSError, TimeoutError)  # what the client raises while Redis is away
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
        self._away_until: float | None = None

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self.redis.aclose()

    async def ping(self) -> None:
        """Ask Redis whether it is there. Raises what its client raises if it is not."""
        try:
            await self.redis.ping()
        except GONE as error:
            self.failed(error)
            raise
        self.answered()

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

    def moment(self) -> int:
        """Milliseconds of this process's own clock, for what it remembers by itself."""
        return self._given_now() if self._given_now is not None else round(self._monotonic() * 1000)

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
            log.info("Redis is back: limits are counted together again, and what is ready is shared")

    def failed(self, error: Exception) -> None:
        """Redis is not there."""
        if self._away_until is None:
            log.warning(
                "Redis does not answer (%s): limits are counted by this process alone, and it shares nothing", error
            )
        self._away_until = self._monotonic() + self._try_again
        self._agreed_at = None
