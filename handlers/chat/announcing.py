"""Announcements: work of kind ``announcement``, one piece a person, put by admins over REST.

They are never urgent: who wants quiet is told afterwards, and whoever taps meanwhile is served first."""

from __future__ import annotations

from collections.abc import Callable

from telegram.error import BadRequest, Forbidden, RetryAfter
from telegram.ext import ExtBot

from handlers.chat import reply
from handlers.chat.intake import seconds_of
from handlers.chat.screen import Screen
from services.admin import PACE_MS
from services.clock import Clock
from services.errors import NotFound
from services.jobs import Later, WorkItem
from services.learners import LearnerService
from services.people import PeopleService

KIND = "announcement"
AT_ONCE = 4  # sent side by side
GIVE_WAY, STEP = 1.0, 0.05  # seconds: waited at most while updates are in hand, and between two looks
SLOTS = 6000  # so many are spread, one pace apart, after a wait that ends for all of them at once


class Announcing:
    """Tells one person what everybody is told. `in_hand` says how many people's updates are being handled just now."""

    def __init__(
        self,
        learners: LearnerService,
        people: PeopleService,
        bot: ExtBot[None],
        clock: Clock,
        in_hand: Callable[[], int] = lambda: 0,
    ) -> None:
        self._learners = learners
        self._people = people
        self._bot = bot
        self._clock = clock
        self._in_hand = in_hand
        self._silent_until = 0.0  # by the monotonic clock: where nobody paces, one's pause is meant for all

    async def tell(self, item: WorkItem) -> None:
        """Send it, as plain text, to who can still be reached and is (still) let in. Raises Later while they want
        quiet, or Telegram does."""
        now = self._clock.now()
        try:
            learner = await self._learners.get(int(item.payload["learner_id"]))
            quiet_until = await self._people.quiet_until(learner.id, now)
        except NotFound:
            return
        if not (learner.reachable and learner.admitted):
            return
        if quiet_until is not None:
            raise _later((quiet_until - now).total_seconds(), item)
        pause = self._silent_until - self._clock.monotonic()
        if pause > 0:
            raise _later(pause, item)
        await self._give_way()
        try:
            await reply.send(self._bot, learner.telegram_id, Screen(str(item.payload["text"]), entities=()))
        except RetryAfter as asked:
            if self._bot.rate_limiter is None:  # else it knows whom the pause is for
                self._silent_until = self._clock.monotonic() + seconds_of(asked)
            raise _later(seconds_of(asked), item) from asked
        except (Forbidden, BadRequest):
            # Blocked, deleted, or a chat that never was: not to be reached, until they write.
            await self._learners.set_reachable(learner.telegram_id, False)

    async def _give_way(self) -> None:
        """Let what people sent be answered first, but not for ever."""
        waited = 0.0
        while waited < GIVE_WAY and self._in_hand() > 0:
            await self._clock.sleep(STEP)
            waited += STEP


def _later(seconds: float, item: WorkItem) -> Later:
    """In so many seconds, at the pace at which they were put (their ids follow one another)."""
    return Later(seconds + item.id % SLOTS * PACE_MS / 1000)
