"""What went wrong, as a sentence: the one place where the codes of `services.errors` become words."""

from __future__ import annotations

import logging
import re
from html import unescape
from typing import Any

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import ExtBot

from handlers.chat import reply
from handlers.chat.context import Desk, LecternContext
from handlers.chat.screen import Screen
from handlers.chat.screens.asking import window
from handlers.chat.screens.words import time_of_day
from handlers.texts import DEFAULT, plain, say, texts
from services.errors import (
    AuthorError,
    Conflict,
    DocumentRefused,
    Fault,
    Forbidden,
    Invalid,
    LecternError,
    LimitReached,
    NotFound,
)

log = logging.getLogger(__name__)
ALERT_FROM = 90  # characters: a longer toast is gone before it is read, so it waits for a tap
_TAG = re.compile(r"<[^>]+>")
_INDEXED = re.compile(r"(\w+)\[(\d+)\]")
_MEGABYTE = 1024 * 1024


def first_key(*keys: str) -> str:
    """The first of these text keys that exists; the last one must."""
    return next((key for key in keys[:-1] if key in texts(DEFAULT)), keys[-1])


def author_key(error: AuthorError) -> str:
    """The text key for why the author did not deliver."""
    return first_key(f"author.{error.why}", f"author.{error.code}", "author")


def document_key(error: DocumentRefused) -> str:
    """The text key for why a document cannot be used."""
    return first_key(f"document.{error.why}", "document")


def document_values(error: DocumentRefused) -> dict[str, str]:
    """What the sentence about a document says besides: a size in MB, a count, a file's kind."""
    detail = error.detail
    if detail.isdigit():
        number = int(detail)
        detail = str(number // _MEGABYTE) if error.why == "too_large" else f"{number:,}".replace(",", " ")
    return {"detail": detail or "?"}


def operator(language: str, desk: Desk) -> str:
    """Who is named when help is needed."""
    return desk.operator_name or plain(language, "words.operator")


def fault_sentence(fault: Fault, language: str) -> str:
    """One broken rule (Telegram HTML): which field, what was found, what is allowed."""
    indexed = _INDEXED.fullmatch(fault.field)
    if indexed:
        field = plain(language, f"field.{indexed[1]}.one", n=int(indexed[2]) + 1)
    else:
        field = plain(language, first_key(f"field.{fault.field}", "field"))
    key = first_key(f"fault.{fault.field}.{fault.rule}", f"fault.{fault.rule}", "fault")
    return say(language, key, field=field, found=fault.found, allowed=fault.allowed)


def sentence(error: LecternError, language: str, desk: Desk, time_zone: str = "UTC") -> Screen:
    """The screen that says what went wrong and what can be done; times are in `time_zone`."""
    if isinstance(error, Invalid):
        return Screen("\n".join(fault_sentence(fault, language) for fault in error.faults))
    key, values = _key_and_values(error, language, time_zone)
    return Screen(say(language, key, operator=operator(language, desk), **values))


def _key_and_values(error: LecternError, language: str, time_zone: str) -> tuple[str, dict[str, Any]]:
    match error:
        case NotFound():
            return first_key(f"error.not_found.{error.what}", "error.not_found"), {}
        case Forbidden():
            return first_key(f"error.forbidden.{error.why}", "error.forbidden"), {}
        case Conflict():
            time = time_of_day(error.at, time_zone) if error.at else ""
            return first_key(f"error.conflict.{error.why}", "error.conflict"), {"time": time}
        case LimitReached():
            values = {"n": error.allowed, "window": window(language, error.window_seconds)}
            values["time"] = time_of_day(error.retry_at, time_zone)
            return first_key(f"limit.{error.limit}", "limit"), values
        case DocumentRefused():
            return document_key(error), document_values(error)
        case AuthorError():
            return author_key(error), {}
    return "error", {}


def toast(screen: Screen) -> str:
    """What a screen says, as plain words for a toast."""
    return unescape(_TAG.sub("", screen.text))


async def answer_error(update: Update, context: LecternContext, error: LecternError) -> None:
    """Say what went wrong where the person is looking: as a toast for a tap, else as a message."""
    said = sentence(error, context.learner.language, context.desk, context.learner.time_zone)
    query, chat = update.callback_query, update.effective_chat
    if query is not None:
        words = toast(said)
        await reply.answer(context.bot, query.id, words, alert=len(words) >= ALERT_FROM)
    elif chat is not None:
        await reply.send(context.bot, chat.id, said)


async def trying_again(bot: ExtBot[None], chat_id: int, language: str) -> None:
    """Our fault, and not the last try: say so."""
    await reply.send(bot, chat_id, Screen(say(language, "fault_of_ours")))


async def alert(bot: ExtBot[None], desk: Desk, what: str, error: str) -> None:
    """Tell the admins that work was set aside: what it was and what kind of error, nothing that a person wrote."""
    for admin_id in desk.admin_ids:
        try:
            await reply.send(bot, admin_id, Screen(say(DEFAULT, "alert.aside", what=what, error=error)))
        except TelegramError as unreachable:  # an admin who never wrote to the bot, or blocked it
            log.warning("admin %d could not be alerted: %s", admin_id, unreachable)


async def gave_up(bot: ExtBot[None], chat_id: int, language: str, desk: Desk) -> None:
    """Our fault, and the last try failed: say whose ears it has reached."""
    key = "gave_up.operator" if desk.operator_name else "gave_up"
    await reply.send(bot, chat_id, Screen(say(language, key, operator=desk.operator_name or "")))
