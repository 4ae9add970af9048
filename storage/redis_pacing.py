"""The same pace in Redis, shared by all workers, in one round trip; while Redis is away each process paces itself.

Import this only where there is a Redis: its client takes a second and 20 MB."""

from __future__ import annotations

from collections.abc import Awaitable
from itertools import chain
from math import ceil
from typing import Any, cast

from pyrate_limiter import Rate
from pyrate_limiter.abstracts.algorithm import GCRA
from redis.exceptions import NoScriptError

from storage.pacing import MOST_KEYS, Pace, Pacing, Wait, paused_until
from storage.redis_link import GONE, RedisLink

_PREFIX = "lectern:pace:"
_ALL = _PREFIX + "all"
AHEAD = 16  # places over all that may be taken before their time: each worker asks for one answer at a time
# pyrate-limiter's script for one bucket, for several in one go: who has no place in the first takes none in the second.
# Who has one later takes it now and waits: were all to ask again at that moment, the quickest would have them all.
_SEVERAL = """
local function step(KEYS, ARGV) {source} end
local answers = {{}}
for place, key in ipairs(KEYS) do
    local first = 7 * place - 6
    local args = {{unpack(ARGV, first, first + 5)}}
    local emission, burst, ahead = tonumber(args[5]), tonumber(args[6]), tonumber(ARGV[first + 6])
    args[6] = burst + ahead
    local answer = step({{key}}, args)
    if answer[1] >= 0 then
        answers[place] = {{math.max(1, answer[2] + math.floor(ahead * emission / 1000)), 0}}
        break
    end
    local due = tonumber(redis.call('HGET', key, 'tat1')) - burst * emission
    answers[place] = {{math.max(0, math.ceil(due / 1000) - tonumber(args[1])), 1}}
end
return answers
"""
# The later of two pauses counts. pyrate-limiter keeps a bucket's state, in microseconds, in the field tat1.
_PAUSE = """
local known = tonumber(redis.call('HGET', KEYS[1], 'tat1') or '0')
if tonumber(ARGV[1]) > known then redis.call('HSET', KEYS[1], 'tat1', ARGV[1]) end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""
_Bucket = tuple[str, Rate, int]  # its name, its rate, and how many places may be taken before their time


class RedisPace:
    """Buckets in Redis; `alone` paces while Redis is away."""

    def __init__(self, link: RedisLink, pacing: Pacing, *, alone: Pace) -> None:
        self._link = link
        self._pacing = pacing
        self._alone = alone
        self._gcra = GCRA()
        self._source = _SEVERAL.format(source=self._gcra.redis_script())
        self._script: str | None = None
        self._room = MOST_KEYS
        # Who has no place of an urgency before which millisecond, as far as we were told.
        self._full: dict[tuple[int | str, int], int] = {}

    async def take(self, key: int | str, urgency: int) -> Wait:
        """A place for the one and, if there was one, a place over all, in one round trip. Who is known to have none is
        not asked about."""
        left = self._full.get((key, urgency), 0) - self._link.moment()
        if left > 0:
            return Wait(left, 0)
        one, overall = self._pacing.of(key, urgency), self._pacing.overall[urgency]
        found = await self._ask((f"{_PREFIX}{key}", one, 0), (_ALL, overall, _ahead(urgency)))
        if found is None:
            return await self._alone.take(key, urgency)
        if found[0][0]:
            self._note((key, urgency), found[0][0])
            return Wait(found[0][0], 0)
        return _overall(found[1])

    async def take_overall(self, urgency: int) -> Wait:
        """A place over all."""
        found = await self._ask((_ALL, self._pacing.overall[urgency], _ahead(urgency)))
        return await self._alone.take_overall(urgency) if found is None else _overall(found[0])

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

    async def _ask(self, *buckets: _Bucket) -> list[list[int]] | None:
        """For each, as far as the first that has no place, how long to wait, and whether it was taken; None while Redis
        is away."""
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

    async def _run(self, buckets: tuple[_Bucket, ...], script: str) -> list[list[int]]:
        now = await self._link.now()
        # What pyrate-limiter's own store hands to its script, and how far ahead.
        args = [(now, 1, _lasts(rate), 1, *self._gcra.redis_args([rate]), ahead) for _, rate, ahead in buckets]
        names = [name for name, _, _ in buckets]
        asked = self._link.redis.evalsha(script, len(names), *names, *map(str, chain(*args)))
        return [[int(wait), int(taken)] for wait, taken in await cast("Awaitable[list[Any]]", asked)]

    async def _known_script(self, *, again: bool = False) -> str:
        if self._script is None or again:
            self._script = str(await cast("Awaitable[Any]", self._link.redis.script_load(self._source)))
        return self._script


def _ahead(urgency: int) -> int:
    """Only what is most urgent has its place before its time: what gives way asks again and again."""
    return AHEAD if urgency == 0 else 0


def _overall(found: list[int]) -> Wait:
    return Wait(0, found[0], held=bool(found[0] and found[1]))


def _lasts(rate: Rate) -> int:
    """Milliseconds after which an untouched bucket is empty for sure."""
    return ceil(2 * rate.burst * rate.interval / rate.limit) + 1000
