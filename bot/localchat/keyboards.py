"""Inline keyboards, checked as Telegram checks them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bot.localchat import limits
from bot.localchat.limits import bad_request
from bot.localchat.params import Params

_ACTIONS = [
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
]
_LOOKS = ("icon_custom_emoji_id", "style")


def read(params: Params) -> dict[str, Any] | None:
    """The `reply_markup` of a call as it is kept in the message: an inline keyboard, or None.

    Other kinds of markup (reply keyboards, forced replies) are accepted and, as in Telegram, not part of a message.
    Raises a 400 for what Telegram refuses.
    """
    markup = params.data("reply_markup", "reply keyboard markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("can't parse reply keyboard markup JSON object: Object expected")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('can\'t parse inline keyboard: Field "inline_keyboard" must be of type Array')
    if sum(len(row) for row in rows) > limits.BUTTONS or any(len(row) > limits.BUTTONS_IN_ROW for row in rows):
        raise bad_request("reply markup is too long")
    kept = [[_button(button) for button in row] for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def _button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    text = button["text"].strip()
    if not text:
        raise bad_request("inline keyboard button text must be non-empty")
    given = [action for action in _ACTIONS if button.get(action) is not None]
    if not given:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    action = given[0]
    if action == "callback_data":
        data = button["callback_data"]
        if not isinstance(data, str) or not 1 <= len(data.encode("utf-8", "replace")) <= limits.CALLBACK_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    if action == "copy_text" and not 1 <= len(str(button["copy_text"].get("text", ""))) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if action == "url":
        _check_url(str(button["url"]))
    return {"text": text} | {key: button[key] for key in (action, *_LOOKS) if button.get(key) is not None}


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
    except ValueError:
        parts = urlsplit("")
    known = parts.scheme in {"http", "https"} and "." in (parts.hostname or "")
    if not known and not (parts.scheme == "tg" and parts.netloc):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
