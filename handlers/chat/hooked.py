"""Webhook mode, the chat's side of it: Telegram is told where to post updates, and asked now and then how that goes.

The updates themselves come in at the door of the sidecar. One worker sets the webhook, all look."""

from __future__ import annotations

import logging
from typing import Any, Protocol

from telegram.error import InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from handlers.chat.intake import seconds_of
from handlers.chat.reply import call
from services.clock import Clock
from services.heart import Heart
from services.intake import ALLOWED_UPDATES

LEASE = "webhook"
LOOK_EVERY = 30.0  # seconds
CONNECTIONS = 100  # at most, of Telegram's to us
BACK_OFF = (1.0, 2.0, 5.0, 15.0)
log = logging.getLogger(__name__)


class Arrival(Protocol):
    """How updates come: fetched, or posted to us. `last_seen` is when Telegram last answered, on the monotonic clock;
    `silent_after` so many seconds without that it counts as away. `standing_by` says why this worker takes no updates,
    `trouble` what Telegram says is wrong; None while all is well."""

    last_seen: float | None
    silent_after: float
    standing_by: str | None
    trouble: str | None

    async def run(self) -> None:
        """Until cancelled. Raises InvalidToken."""
        ...


class Hooked:
    """`run` until cancelled. `url` is where updates are to be posted, `secret` what Telegram has to show there."""

    silent_after = 3 * LOOK_EVERY
    standing_by: str | None = None

    def __init__(self, bot: ExtBot[None], heart: Heart, clock: Clock, *, url: str, secret: str) -> None:
        self._bot = bot
        self._heart = heart
        self._clock = clock
        self._url = url
        self._secret = secret
        self._is_set = False
        self._set_as: str | None = None  # the name under which this worker has the lease
        self.last_seen: float | None = None
        self.trouble: str | None = None

    async def run(self) -> None:
        """Set the webhook, and again if it is gone. Raises InvalidToken; every other fault is waited out."""
        failures = 0
        while True:
            try:
                await self._look()
                failures = 0
                await self._clock.sleep(LOOK_EVERY)
            except InvalidToken:
                raise
            except Exception as error:  # the top of the loop
                failures += 1
                seconds = BACK_OFF[min(failures, len(BACK_OFF)) - 1]
                if isinstance(error, RetryAfter):
                    seconds = seconds_of(error)
                expected = isinstance(error, TelegramError)
                log.warning("the webhook could not be looked after (%s); again in %.0f s", error, seconds)
                log.debug("because of", exc_info=None if expected else error)
                await self._clock.sleep(seconds)

    async def _look(self) -> None:
        info: dict[str, Any] = await call(self._bot, "getWebhookInfo", {})
        self.last_seen = self._clock.monotonic()
        self._note(info)
        name = self._heart.name
        if self._set_as != name and await self._heart.hold(LEASE):
            # What secret Telegram has, it does not say: whoever takes over tells it anew.
            self._set_as, self._is_set = name, False
        if self._set_as == name and not (self._is_set and _same(info, self._url)):
            await self._set()

    async def _set(self) -> None:
        fields = {
            "url": self._url,
            "secret_token": self._secret,
            "allowed_updates": ALLOWED_UPDATES,
            "max_connections": CONNECTIONS,
            "drop_pending_updates": False,
        }
        await call(self._bot, "setWebhook", fields)
        self._is_set = True
        log.info("Telegram posts updates to %s", self._url)

    def _note(self, info: dict[str, Any]) -> None:
        """What Telegram could not deliver lately, said once."""
        at, words = info.get("last_error_date", 0), str(info.get("last_error_message", ""))
        recent = self._clock.now().timestamp() - at < 2 * LOOK_EVERY
        trouble = f"{words[:150]}; {info.get('pending_update_count', 0)} updates wait" if words and recent else None
        if trouble is not None and self.trouble is None:
            log.warning("Telegram cannot post updates to us: %s", trouble)
        self.trouble = trouble


def _same(info: dict[str, Any], url: str) -> bool:
    """Whether the webhook is as we set it (kinds of updates are listed unless they are Telegram's own choice)."""
    kinds = info.get("allowed_updates")
    return info.get("url") == url and (kinds is None or sorted(kinds) == sorted(ALLOWED_UPDATES))
