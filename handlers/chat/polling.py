"""Our own getUpdates loop: raw updates, stored first, acknowledged after (the next poll's offset does that)."""

from __future__ import annotations

import logging
from typing import Any

from telegram.error import EndPointNotFound, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from handlers.chat.held_up import HeldUp
from handlers.chat.intake import seconds_of
from handlers.chat.reply import call
from services.clock import Clock
from services.intake import ALLOWED_UPDATES, IntakeService
from services.jobs import Jobs

HOLD = 25  # seconds Telegram holds a poll open
BATCH = 100
PACE = 0.01  # seconds between polls under load, so that updates come in groups; an isolated tap does not wait
BUSY = 6 * PACE  # seconds between batches below which there is load
FULL = 5_000  # updates held in memory; beyond, Telegram keeps them until we have caught up
BACK_OFF = (1.0, 2.0, 5.0, 15.0)
REFUSED = 5  # refusals in a row after which it is the token, not a proxy's whim
log = logging.getLogger(__name__)


class Polling:
    """`run` until cancelled. `last_seen` is when Telegram last answered, on the monotonic clock; None before."""

    def __init__(self, bot: ExtBot[None], intake: IntakeService, jobs: Jobs, clock: Clock) -> None:
        self._bot = bot
        self._intake = intake
        self._jobs = jobs
        self._held_up = HeldUp(bot)
        self._clock = clock
        self._offset = 0
        self._last_batch = self._next_batch = 0.0  # when one came and the next may be asked for, on the monotonic clock
        self.last_seen: float | None = None

    async def run(self) -> None:
        """Fetch, store, acknowledge, again. Raises InvalidToken once Telegram keeps refusing the token; every other
        fault is waited out."""
        failures = refused = 0
        while True:
            try:
                await self._pace()
                await self._poll()
                failures = refused = 0
            except Exception as error:  # the top of the loop; nothing was acknowledged
                failures += 1
                refused = refused + 1 if isinstance(error, EndPointNotFound | InvalidToken) else 0
                if refused == REFUSED:
                    raise InvalidToken(str(error)) from error
                await self._wait_out(error, failures)

    async def _pace(self) -> None:
        early = self._next_batch - self._clock.monotonic()
        if early > 0:
            await self._clock.sleep(early)
        while self._jobs.waiting > FULL:
            await self._clock.sleep(PACE)

    async def _poll(self) -> None:
        hold = HOLD if self.last_seen is not None else 0  # the first answer comes at once and says: Telegram is there
        updates: list[dict[str, Any]] = await call(
            self._bot,
            "getUpdates",
            {"offset": self._offset, "timeout": hold, "limit": BATCH, "allowed_updates": ALLOWED_UPDATES},
            read_timeout=HOLD + 10,
        )
        self.last_seen = self._clock.monotonic()
        if updates:
            under_load = self.last_seen - self._last_batch < BUSY
            self._next_batch = self.last_seen + PACE if under_load else 0.0
            self._last_batch = self.last_seen
            await self._accept(updates)
        # After an empty answer everything is acknowledged, and no number is asked for: after a quiet week Telegram goes
        # on from any number, perhaps a lower one, which an old offset would acknowledge unseen.
        self._offset = updates[-1]["update_id"] + 1 if updates else 0

    async def _accept(self, updates: list[dict[str, Any]]) -> None:
        try:
            await self._intake.accept(updates)
        except Exception:
            await self._held_up.tell(updates)
            raise
        self._held_up.over()

    async def _wait_out(self, error: Exception, failures: int) -> None:
        seconds = BACK_OFF[min(failures, len(BACK_OFF)) - 1]
        if isinstance(error, RetryAfter):
            seconds = seconds_of(error)
        expected = isinstance(error, TelegramError)
        log.warning("polling failed (%s); again in %.0f s", error, seconds, exc_info=None if expected else error)
        await self._clock.sleep(seconds)
