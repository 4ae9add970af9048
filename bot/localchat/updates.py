"""The queue of updates for the bot, and `getUpdates` on it: one reader, long polls, an offset that confirms."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.localchat import limits
from bot.localchat.limits import conflict
from bot.localchat.store import Json, Store
from services.clock import Clock

_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class Updates:
    """What waits for the bot. Updates are in the store before anybody is told of them."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._poll = 0
        self._bell = asyncio.Event()

    def put(self, kind: str, body: Json) -> None:
        """Queue an update of that `kind` (``message``, ``callback_query``…), if the bot wants such updates."""
        wanted = self._store.setting("allowed_updates") or []
        if kind in wanted or (not wanted and kind not in _NOT_BY_DEFAULT):
            life = limits.PRESS_SECONDS if kind == "callback_query" else limits.MESSAGE_UPDATE_SECONDS
            self._store.add_update(kind, body, self._clock.now().timestamp() + life)
            self._bell.set()

    def want(self, kinds: list[Any] | None) -> None:
        """From now on only updates of these kinds; an empty list brings the usual ones back, None changes nothing."""
        if kinds is not None:
            self._store.set("allowed_updates", [str(kind) for kind in kinds] or None)

    @property
    def webhook(self) -> str:
        """Where updates should go instead; empty if they are asked for."""
        return str(self._store.setting("webhook", ""))

    def set_webhook(self, url: str) -> None:
        """Remember an address, or forget it; whoever waits for updates is sent away."""
        self._store.set("webhook", url or None)
        self._poll += 1
        self._bell.set()

    async def get(self, offset: int, limit: int, timeout: float, allowed: list[Any] | None) -> list[Json]:
        """`getUpdates`: waits up to `timeout` seconds for the first update. A later call ends an earlier one (409)."""
        if self.webhook:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        self.want(allowed)
        self._poll += 1
        mine = self._poll
        self._bell.set()
        self._store.expire(self._clock.now().timestamp())
        if offset < 0:
            offset = self._store.newest_updates(-offset)
        if offset > 0:
            self._store.confirm(offset)
        try:
            async with asyncio.timeout(min(max(timeout, 0.0), limits.LONG_POLL_SECONDS)):
                return await self._first(mine, offset, limit)
        except TimeoutError:
            return []

    async def _first(self, mine: int, offset: int, limit: int) -> list[Json]:
        while True:
            if mine != self._poll:
                raise conflict(
                    "terminated by other getUpdates request; make sure that only one bot instance is running"
                )
            waiting = self._store.updates(offset, limit, self._clock.now().timestamp())
            if waiting:
                return waiting
            self._bell = asyncio.Event() if self._bell.is_set() else self._bell
            await self._bell.wait()

    def drop(self) -> None:
        """Forget everything that waits."""
        self._store.confirm(2**62)
