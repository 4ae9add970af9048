"""How fast we may talk to Telegram (Bot FAQ, "My bot is hitting limits"): about 30 messages a second over all, one a
second in a private chat after a short burst, 20 a minute in a group. Edits count as messages do.

In no second does more go out than allowed over all: what a burst may be, the steady rate is lower by."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING

from pyrate_limiter import Rate

from services.clock import Clock
from services.turns import FairTurns
from storage.pacing import MemoryPace, Pace, Pacing, Wait

if TYPE_CHECKING:
    from storage.redis_link import RedisLink

BURSTS = (3, 2, 1)  # messages in a private chat at once, by urgency: a status that is renewed leaves room for answers
GROUP, GROUP_BURSTS = 15, (5, 3, 1)  # messages a minute in a group, and at once: never more than 20 in a minute
PATIENCE = (10.0, 5.0, 1.5)  # seconds that something waits for its place, by urgency; then whoever sends it is told
PATIENCE_WITH_ONE = 3.0  # seconds that something waits because of its own chat


class Urgency(IntEnum):
    """What gives way to what: an answer to somebody who waits, a word that we begin with, a status that is renewed."""

    ANSWER = 0
    WORD = 1
    STATUS = 2


class TooSoon(Exception):
    """It does not go out now; in `seconds` it may."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Pacer:
    """Has whoever sends wait for their turn (see `services.turns`). One of each urgency asks at a time, so many who
    wait cost no more."""

    def __init__(self, pace: Pace, clock: Clock) -> None:
        self._pace = pace
        self._clock = clock
        self._queues = {urgency: FairTurns(1) for urgency in Urgency}

    async def turn(self, chat: int | str, urgency: Urgency) -> None:
        """Returns when a message may go to that chat. Raises TooSoon rather than wait for long."""
        begun, rested = self._clock.monotonic(), 0.0
        while True:
            async with self._queues[urgency].place():
                if urgency is Urgency.ANSWER:
                    begun = self._clock.monotonic()  # that others went first is no reason to begin anew behind them
                wait = await self._pace.take(chat, urgency)
                if not wait.one:
                    await self._overall(wait, begun, urgency)
                    return
            # This chat has had enough for now; others go on meanwhile.
            seconds = wait.one / 1000
            rested += seconds
            if rested > PATIENCE_WITH_ONE:
                raise TooSoon(seconds)
            await self._clock.sleep(seconds)

    async def pause(self, chat: int | str | None, seconds: float) -> None:
        """Telegram wants a pause of us, in a chat or (None) over all: from every worker."""
        await self._pace.pause(chat, round(seconds * 1000))

    async def _overall(self, wait: Wait, begun: float, urgency: Urgency) -> None:
        while wait.overall:
            seconds = wait.overall / 1000
            if not wait.held and self._clock.monotonic() - begun + seconds > PATIENCE[urgency]:
                raise TooSoon(seconds)
            await self._clock.sleep(seconds)
            if wait.held:
                return
            wait = await self._pace.take_overall(urgency)


def make_pacer(
    clock: Clock, per_second: int, *, link: RedisLink | None = None, workers: Callable[[], int] = lambda: 1
) -> Pacer:
    """For so many messages a second over all, over a `link` together with all workers. Without one, or while it is
    away, each of the `workers` that live keeps to its share."""

    def now() -> int:
        return round(clock.monotonic() * 1000)

    pacing = rules(per_second)
    alone = MemoryPace(pacing, now, sharers=workers)
    if link is None:
        return Pacer(alone, clock)
    from storage.redis_pacing import RedisPace

    return Pacer(RedisPace(link, pacing, alone=alone), clock)


def rules(per_second: int) -> Pacing:
    """The rates. Each urgency may borrow from the bucket over all a third less far than the one before it."""
    third = max(1, per_second // 30)
    steady = max(1, per_second - 3 * third)
    overall = [Rate(steady, 1000, burst=third * (3 - urgency)) for urgency in Urgency]
    one = [Rate(1, 1000, burst=burst) for burst in BURSTS]
    return Pacing(overall, one, [Rate(GROUP, 60_000, burst=burst) for burst in GROUP_BURSTS])
