from __future__ import annotations

from typing import Any

from telegram import InaccessibleMessage
from telegram.ext import ExtBot

from handlers.chat.present import chat_of, message_of
from handlers.chat.updates import parsed

BOT: ExtBot[None] = ExtBot("1:test")
ME = {
    "id": 7_000_000_001,
    "is_bot": False,
    "first_name": "Ada",
    "last_name": "L",
    "username": "ada",
    "language_code": "de",
}
HERE = {"id": 7_000_000_001, "type": "private", "first_name": "Ada"}
TAP: dict[str, Any] = {"id": "42", "from": ME, "chat_instance": "-3", "data": "1d.4k"}


def test_a_tap_says_who_where_and_what() -> None:
    update = parsed(
        {"update_id": 9, "callback_query": {**TAP, "message": {"message_id": 5, "date": 0, "chat": HERE}}}, BOT
    )
    query, user = update.callback_query, update.effective_user
    assert query is not None
    assert user is not None
    assert (update.update_id, query.id, query.data) == (9, "42", "1d.4k")
    assert (user.id, user.full_name, user.username, user.language_code) == (7_000_000_001, "Ada L", "ada", "de")
    assert isinstance(query.message, InaccessibleMessage)
    assert (chat_of(update), message_of(update)) == (7_000_000_001, 5)


def test_a_tap_without_data_or_names_is_still_a_tap() -> None:
    bare = {"id": "42", "from": {"id": 3}, "message": {"message_id": 5, "chat": {"id": -100, "type": "supergroup"}}}
    update = parsed({"update_id": 9, "callback_query": bare}, BOT)
    assert update.callback_query is not None
    assert update.callback_query.data is None
    assert update.effective_chat is not None
    assert (update.effective_chat.id, update.effective_chat.type) == (-100, "supergroup")


def test_everything_else_is_parsed_as_ever() -> None:
    message = {"message_id": 5, "date": 1, "chat": HERE, "from": ME, "text": "hi"}
    assert message_of(parsed({"update_id": 9, "message": message}, BOT)) == 5
    inline = parsed({"update_id": 9, "callback_query": {**TAP, "inline_message_id": "x"}}, BOT)
    assert inline.callback_query is not None
    assert inline.callback_query.inline_message_id == "x"
