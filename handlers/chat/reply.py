"""The few ways in which the bot speaks: send, edit in place, answer a tap. Raw API calls: nothing is parsed back.

Raises telegram.error.* where the caller can do something about it; swallows what is success in other words."""

from __future__ import annotations

from typing import Any

from telegram.error import BadRequest
from telegram.ext import ExtBot

from handlers.chat.plain_fields import plain_fields
from handlers.chat.screen import Row, Screen, keyboard

TOAST_LIMIT = 200  # characters, Telegram's limit of answerCallbackQuery


async def call(bot: ExtBot[None], method: str, fields: dict[str, Any], **more: Any) -> Any:
    """One method of the Bot API; returns its raw result. `more` goes to python-telegram-bot (timeouts).

    With files or media among the fields it goes through python-telegram-bot's Bot. Names of methods are
    case-insensitive (Bot API, "Making requests"); in small letters they are not mistaken for the Bot's own methods,
    each of which it would recommend with a warning."""
    try:
        plain = plain_fields(fields)
    except TypeError:
        return await bot.do_api_request(method.lower(), api_kwargs=fields, **more)
    url, limiter = f"{bot.base_url}/{method}", bot.rate_limiter
    if limiter is None or method == "getUpdates":
        return await bot.request.post(url, plain, **more)
    return await limiter.process_request(bot.request.post, (url, plain), more, method, fields, None)


async def send(bot: ExtBot[None], chat_id: int, screen: Screen, **more: Any) -> int:
    """Send a screen as a new message; returns its message id. `more` is passed on (disable_notification…)."""
    sent: dict[str, Any] = await call(
        bot, "sendMessage", {"chat_id": chat_id, **screen.to_api(), "link_preview_options": _NO_PREVIEW, **more}
    )
    return int(sent["message_id"])


async def edit(bot: ExtBot[None], chat_id: int, message_id: int, screen: Screen) -> None:
    """Put a screen in the place of what a message says. "Not modified" is success.

    Raises BadRequest where the message is gone or cannot be edited."""
    await _unless_same(
        bot,
        "editMessageText",
        {"chat_id": chat_id, "message_id": message_id, **screen.to_api(), "link_preview_options": _NO_PREVIEW},
    )


async def edit_keyboard(bot: ExtBot[None], chat_id: int, message_id: int, rows: tuple[Row, ...]) -> None:
    """Change only the keyboard of a message. "Not modified" is success."""
    await _unless_same(
        bot,
        "editMessageReplyMarkup",
        {"chat_id": chat_id, "message_id": message_id, "reply_markup": keyboard(rows)},
    )


async def show(bot: ExtBot[None], chat_id: int, message_id: int | None, screen: Screen) -> int:
    """Edit the screen into a message if there is one that can be edited, else send it; returns where it is now."""
    if message_id is not None:
        try:
            await edit(bot, chat_id, message_id, screen)
        except BadRequest as gone:
            if not is_gone(gone):
                raise
        else:
            return message_id
    return await send(bot, chat_id, screen)


async def answer(bot: ExtBot[None], query_id: str, toast: str = "", *, alert: bool = False) -> None:
    """Answer a tap, with a toast if there is something to say. A tap that is too old to answer is let go."""
    try:
        await call(
            bot,
            "answerCallbackQuery",
            {"callback_query_id": query_id, "text": toast[:TOAST_LIMIT], "show_alert": alert},
        )
    except BadRequest as late:
        if "query is too old" not in late.message.lower():
            raise


def is_gone(error: BadRequest) -> bool:
    """Whether the message cannot be edited any more (deleted, too old, or of another kind)."""
    words = error.message.lower()
    signs = ("message to edit not found", "can't be edited", "no text in the message", "message_id_invalid")
    return any(sign in words for sign in signs)


_NO_PREVIEW = {"is_disabled": True}


async def _unless_same(bot: ExtBot[None], method: str, fields: dict[str, Any]) -> None:
    try:
        await call(bot, method, fields)
    except BadRequest as same:
        if "message is not modified" not in same.message.lower():
            raise
