"""While updates cannot be stored (the database is locked, the disk full): whoever waits is told, once, that nothing is
lost. Nothing of it is known to the storage, so it is said in the default language."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from telegram.error import TelegramError
from telegram.ext import ExtBot

from handlers.chat import reply
from handlers.chat.screen import Screen
from handlers.chat.transport import unguarded
from handlers.texts import DEFAULT, plain, say

MOST = 20  # chats told in one go: more would keep the updates themselves waiting


class HeldUp:
    """Remembers who was told, until it is over."""

    def __init__(self, bot: ExtBot[None]) -> None:
        self._bot = bot
        self._told: set[int] = set()

    async def tell(self, updates: Sequence[dict[str, Any]]) -> None:
        """Tell the people who wrote or tapped in private and were not told yet: a tap by a toast, else a message."""
        left = MOST
        for update in updates:
            query, message = update.get("callback_query"), update.get("message")
            chat = ((query or {}).get("message") or message or {}).get("chat", {})
            if left == 0 or chat.get("type") != "private" or chat["id"] in self._told:
                continue
            left -= 1
            self._told.add(chat["id"])
            with suppress(TelegramError), unguarded():
                if query is not None:
                    await reply.answer(self._bot, query["id"], plain(DEFAULT, "held_up"), alert=True)
                else:
                    await reply.send(self._bot, chat["id"], Screen(say(DEFAULT, "held_up")))

    def over(self) -> None:
        """Updates are stored again."""
        self._told.clear()
