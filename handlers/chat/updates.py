"""A stored update as python-telegram-bot's object. A tap is put together from the few fields that are left of it:
asking for each of the hundred that a message may have costs more than dispatching it."""

from __future__ import annotations

from typing import Any

from telegram import CallbackQuery, Chat, InaccessibleMessage, Update, User
from telegram.ext import ExtBot


def parsed(stored: dict[str, Any], bot: ExtBot[None]) -> Update:
    """The update. The message under a tap says only where it is, whatever Telegram had told of it."""
    tap = stored.get("callback_query")
    if tap is None or "message" not in tap:
        return Update.de_json(stored, bot)
    who, where = tap["from"], tap["message"]
    user = User(
        who["id"],
        who.get("first_name", ""),
        who.get("is_bot", False),
        last_name=who.get("last_name"),
        username=who.get("username"),
        language_code=who.get("language_code"),
    )
    chat = Chat(where["chat"]["id"], where["chat"]["type"])
    message = InaccessibleMessage(chat, where["message_id"])
    query = CallbackQuery(tap["id"], user, tap.get("chat_instance", ""), message=message, data=tap.get("data"))
    return Update(stored["update_id"], callback_query=query)
