"""The same pace in Redis, shared by all workers, in one round trip; while Redis is away each process paces itself.

Import this only where there is a Redis: its client takes a second and 20 MB."""

from __future__ import annotations

from collections.abc import Awaitable
from math import ceil
from typing import Any, cast

from pyrate_limiter import Rate
from pyrate_limiter.abstracts.algorithm import GCRA
from redis.exceptions import NoScriptError

from storage.pacing import MOST_KEYS, Pace, Pacing, Wait, paused_until
from storage.redis_link import GONE, RedisLink

_PREFIX = "lectern:pace:"
_ALL = _PREFIX + "all"
# The later of two pauses counts. pyrate-limiter keeps a bucket's state, in microseconds, in the field tat1.
_PAUSE = """
local known = tonumber(redis.call('HGET', KEYS[1], 'tat1') or '0')
if tonumber(ARGV[1]) > known then redis.call('HSET', KEYS[1], 'tat1', ARGV[1]) end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""


class RedisPace:
    """Buckets in Redis; `alone` paces while Redis is away."""

    def __init__(self, link: RedisLink, pacing: Pacing, *, alone: Pace) -> None:
        self._link = link
        self._pacing = pacing
        self._alone = alone
        self._gcra = GCRA()
        self._source = self._gcra.redis_script() or ""
        self._script: str | None = None
        self._room = MOST_KEYS
        # Who has no place of an urgency before which millisecond, as far as we were told.
        self._full: dict[tuple[int | str, int], int] = {}

    async def take(self, key: int | str, urgency: int) -> Wait:
        """A place for the one and a place over all, asked for together: one after the other would be two round trips
        for everybody. That over all is lost if there was none for the one, so who is known to have none is not asked
        about."""
        left = self._full.get((key, urgency), 0) - self._link.moment()
        if left > 0:
            return Wait(left, 0)
        one, overall = self._pacing.of(key, urgency), self._pacing.overall[urgency]
        found = await self._ask((f"{_PREFIX}{key}", one), (_ALL, overall))
        if found is None:
            return await self._alone.take(key, urgency)
        if found[0]:
            self._note((key, urgency), found[0])
        return Wait(*found)

    async def take_overall(self, urgency: int) -> int:
        """A place over all; in how many milliseconds to ask again, 0 if there was one."""
        found = await self._ask((_ALL, self._pacing.overall[urgency]))
        return await self._alone.take_overall(urgency) if found is None else found[0]

    async def pause(self, key: int | str | None, milliseconds: int) -> None:
        """Nothing more to the one, or to anybody, for so long, from any worker."""
        await self._alone.pause(key, milliseconds)
        if not self._link.worth_asking():
            return
        rate = self._pacing.overall[0] if key is None else self._pacing.of(key)
        try:
            until = paused_until(rate, await self._link.now(), milliseconds)
            name = _ALL if key is None else f"{_PREFIX}{key}"
            lasts = milliseconds + _lasts(rate)
            await self._link.redis.eval(_PAUSE, 1, name, str(until), str(lasts))
        except GONE as error:
            self._link.failed(error)
        else:
            self._link.answered()

    def _note(self, key: tuple[int | str, int], wait: int) -> None:
        moment = self._link.moment()
        if len(self._full) >= self._room:
            self._full = {one: until for one, until in self._full.items() if until > moment}
            self._room = max(MOST_KEYS, 2 * len(self._full))
        self._full[key] = moment + wait

    async def _ask(self, *buckets: tuple[str, Rate]) -> list[int] | None:
        """How long to wait for each; None while Redis is away."""
        if not self._link.worth_asking():
            return None
        try:
            try:
                found = await self._run(buckets, await self._known_script())
            except NoScriptError:  # Redis was started anew
                found = await self._run(buckets, await self._known_script(again=True))
        except GONE as error:
            self._link.failed(error)
            return None
        self._link.answered()
        return found

    async def _run(self, buckets: tuple[tuple[str, Rate], ...], script: str) -> list[int]:
        now = await self._link.now()
        async with self._link.redis.pipeline(transaction=False) as together:
            for name, rate in buckets:
                # What pyrate-limiter's own store hands to its script, which takes one bucket a round trip.
                together.evalsha(script, 1, name, *map(str, (now, 1, _lasts(rate), 1, *self._gcra.redis_args([rate]))))
            replies = await together.execute()
        return [0 if int(index) < 0 else max(1, int(wait)) for index, wait in replies]

    async def _known_script(self, *, again: bool = False) -> str:
        if self._script is None or again:
            self._script = str(await cast("Awaitable[Any]", self._link.redis.script_load(self._source)))
        return self._script


def _lasts(rate: Rate) -> int:
    """Milliseconds after which an untouched bucket is empty for sure."""
    return ceil(2 * rate.burst * rate.interval / rate.limit) + 1000
