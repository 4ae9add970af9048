"""Our own getUpdates loop: raw updates, stored first, acknowledged after (the next poll's offset does that).

One worker polls. Others on the same database stand by until its lease ends; others elsewhere with the same token make
Telegram answer 409, and whoever gets that stands by, too."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from telegram.error import Conflict, EndPointNotFound, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from handlers.chat.held_up import HeldUp
from handlers.chat.intake import seconds_of
from handlers.chat.reply import call
from services.clock import Clock
from services.errors import Unavailable
from services.intake import ALLOWED_UPDATES, IntakeService
from services.jobs import Jobs

HOLD = 25  # seconds Telegram holds a poll open
BATCH = 100
PACE = 0.01  # seconds between polls under load, so that updates come in groups; an isolated tap does not wait
BUSY = 6 * PACE  # seconds between batches below which there is load
FULL = 5_000  # updates held in memory; beyond, Telegram keeps them until we have caught up
BACK_OFF = (1.0, 2.0, 5.0, 15.0)
PATIENCE = 4.0  # seconds that storing may take before people are told that it is held up
STILL_AWAY = 0.5  # the same while it did not work the last time
AWAY_AGAIN = 2.0  # seconds at most until it is tried again
LEASE = "poller"
LOOK_EVERY = 2.0  # seconds between two looks whether the worker that polls has gone
AFTER_CONFLICT = 15.0  # seconds until we try again while somebody else polls with our token
FORGOTTEN_AFTER = 60.0  # seconds without a conflict after which the next one is worth a word again
OTHER_WORKER = "another worker fetches the updates"
OTHER_PROGRAM = "another program fetches this bot's updates"
OTHER_WEBHOOK = "another program has set a webhook for this bot"
REFUSED = 5  # refusals in a row after which it is the token, not a proxy's whim
log = logging.getLogger(__name__)


class Polling:
    """`run` until cancelled. `last_seen` is when Telegram last answered, on the monotonic clock; None before.
    `standing_by` says why this worker does not fetch updates; None while it does."""

    silent_after = HOLD + 20.0  # seconds without an answer of Telegram's to our open poll
    trouble: str | None = None

    def __init__(self, bot: ExtBot[None], intake: IntakeService, jobs: Jobs, clock: Clock) -> None:
        self._bot = bot
        self._intake = intake
        self._jobs = jobs
        self._held_up = HeldUp(bot)
        self._clock = clock
        self._offset = 0
        self._last_batch = self._next_batch = 0.0  # when one came and the next may be asked for, on the monotonic clock
        self._polls_as: str | None = None  # the name under which this worker has the lease
        self._unhooked = False
        self._conflict_at = float("-inf")
        self._away = False  # whether updates could not be stored the last time
        self.last_seen: float | None = None
        self.standing_by: str | None = None

    async def run(self) -> None:
        """Fetch, store, acknowledge, again. Raises InvalidToken once Telegram keeps refusing the token; every other
        fault is waited out."""
        failures = refused = 0
        while True:
            try:
                if await self._is_ours():
                    await self._pace()
                    await self._poll()
                failures = refused = 0
            except Conflict as error:
                await self._give_way(str(error))
            except Exception as error:  # the top of the loop; nothing was acknowledged
                failures += 1
                refused = refused + 1 if isinstance(error, EndPointNotFound | InvalidToken) else 0
                if refused == REFUSED:
                    raise InvalidToken(str(error)) from error
                await self._wait_out(error, failures)

    async def _is_ours(self) -> bool:
        """Whether this worker is the one that polls; waits a moment if it is not. The lease ends with a worker's name,
        so whoever has it need not ask again under the same one."""
        heart = self._jobs.heart
        if heart.alone or self._polls_as == heart.name:
            return True
        name = heart.name
        if await heart.hold(LEASE):
            self._polls_as = name
            self._offset = 0
            if self.standing_by is not None:
                log.info("the worker that fetched the updates has gone: this one does it now")
            self.standing_by = None
            return True
        if self.standing_by is None:
            log.info("%s: this one stands by", OTHER_WORKER)
        self.standing_by = OTHER_WORKER
        await self._clock.sleep(LOOK_EVERY)
        return False

    async def _give_way(self, words: str) -> None:
        """Telegram says that somebody else takes our updates. A webhook from before is taken away, once."""
        hooked = "webhook" in words.lower()
        if hooked and not self._unhooked:
            self._unhooked = True
            try:
                await call(self._bot, "deleteWebhook", {"drop_pending_updates": False})
                log.info("a webhook was set for this bot: it is taken away, as updates are fetched from now on")
            except TelegramError as error:
                self._unhooked = False
                await self._wait_out(error, 1)
            return
        now = self._clock.monotonic()
        self.standing_by = OTHER_WEBHOOK if hooked else OTHER_PROGRAM
        if now - self._conflict_at > FORGOTTEN_AFTER:
            log.warning("%s: this one stands by and tries again every %.0f s", self.standing_by, AFTER_CONFLICT)
        self._conflict_at = now
        await self._clock.sleep(AFTER_CONFLICT)

    async def _pace(self) -> None:
        early = self._next_batch - self._clock.monotonic()
        if early > 0:
            await self._clock.sleep(early)
        while self._jobs.waiting > FULL:
            await self._clock.sleep(PACE)

    async def _poll(self) -> None:
        # The first answer comes at once and says: Telegram is there, and nobody else is.
        hold = HOLD if self.last_seen is not None and self.standing_by is None else 0
        updates = await self._fetch(hold)
        self.last_seen = self._clock.monotonic()
        self.standing_by = None
        if updates:
            under_load = self.last_seen - self._last_batch < BUSY
            self._next_batch = self.last_seen + PACE if under_load else 0.0
            self._last_batch = self.last_seen
            if len(updates) == BATCH:
                self._jobs.storing_first()
            await self._accept(updates)
        # After an empty answer everything is acknowledged, and no number is asked for: after a quiet week Telegram goes
        # on from any number, perhaps a lower one, which an old offset would acknowledge unseen.
        self._offset = updates[-1]["update_id"] + 1 if updates else 0

    async def _fetch(self, hold: float) -> list[dict[str, Any]]:
        """What Telegram has from our offset on; it waits for `hold` seconds for something to come."""
        found: list[dict[str, Any]] = await call(
            self._bot,
            "getUpdates",
            {"offset": self._offset, "timeout": hold, "limit": BATCH, "allowed_updates": ALLOWED_UPDATES},
            read_timeout=HOLD + 10,
        )
        return found

    async def _accept(self, updates: list[dict[str, Any]]) -> None:
        """Store updates. While that takes long, whoever waits is told, and who taps meanwhile is looked for as well."""
        storing = asyncio.create_task(self._intake.accept(updates), name="storing updates")
        patience = STILL_AWAY if self._away else PATIENCE
        try:
            while not (await asyncio.wait({storing}, timeout=patience))[0]:
                self._away = True
                await self._held_up.tell(updates)
                patience = AWAY_AGAIN
                updates = await self._fetch(0)  # the same ones and more: none is acknowledged
            if storing.exception() is not None:
                self._away = True
                await self._held_up.tell(updates)
            await storing
        finally:
            storing.cancel()
        self._away = False
        self._held_up.over()

    async def _wait_out(self, error: Exception, failures: int) -> None:
        seconds = BACK_OFF[min(failures, len(BACK_OFF)) - 1]
        if isinstance(error, RetryAfter):
            seconds = seconds_of(error)
        elif isinstance(error, Unavailable):
            seconds = min(seconds, AWAY_AGAIN)  # whoever taps meanwhile is to hear of it
        expected = isinstance(error, TelegramError | Unavailable)
        log.warning("polling failed (%s); again in %.0f s", error, seconds, exc_info=None if expected else error)
        await self._clock.sleep(seconds)
