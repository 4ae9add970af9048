"""The two bots that Lectern is measured beside: they answer a tap and edit its keyboard, and keep nothing.

``python -m benchmarks.noop_bot stock URL`` is python-telegram-bot as it comes; ``… backend URL`` is the same handler
on Lectern's HTTP backend, one update at a time per person, answer and edit side by side.
"""

from __future__ import annotations

import asyncio
import sys
from collections import defaultdict
from collections.abc import Awaitable
from typing import Any

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import ApplicationBuilder, BaseUpdateProcessor, CallbackQueryHandler, ContextTypes

from handlers.chat.transport import AiohttpRequest

TOKEN = "1234567:benchmark"
AT_ONCE = 128
_DONE = (("✅ Done 14:05 · Undo", "1u.4k"), ("▶ Next: Feeding", "1s.4l.0"))


class PerPerson(BaseUpdateProcessor):
    """Different people side by side, each person's updates in order."""

    def __init__(self) -> None:
        super().__init__(AT_ONCE)
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        person = update.effective_user.id if isinstance(update, Update) and update.effective_user else 0
        async with self._turns[person]:
            await coroutine

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""


def _pressed(update: Update) -> tuple[CallbackQuery, InlineKeyboardMarkup]:
    assert update.callback_query is not None
    return update.callback_query, InlineKeyboardMarkup(
        [[InlineKeyboardButton(text, callback_data=data)] for text, data in _DONE]
    )


async def one_after_the_other(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    query, keys = _pressed(update)
    await query.answer("Done · 8 % of the course")
    await query.edit_message_reply_markup(keys)


async def side_by_side(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    query, keys = _pressed(update)
    await asyncio.gather(query.answer("Done · 8 % of the course"), query.edit_message_reply_markup(keys))


def main(kind: str, url: str) -> None:
    builder = ApplicationBuilder().token(TOKEN).base_url(f"{url}/bot")
    if kind == "stock":
        application = builder.build()
        application.add_handler(CallbackQueryHandler(one_after_the_other))
    else:
        request = AiohttpRequest()
        builder = builder.request(request).get_updates_request(AiohttpRequest()).concurrent_updates(PerPerson())
        application = builder.build()
        application.add_handler(CallbackQueryHandler(side_by_side))
    application.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:])
