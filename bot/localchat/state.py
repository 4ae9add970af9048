"""What the methods of the local Bot API work on, and what all of them need to do with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.localchat.blobs import Blobs
from bot.localchat.changes import Changes
from bot.localchat.flood import Flood
from bot.localchat.limits import NOT_MODIFIED, bad_request, blocked
from bot.localchat.params import Params
from bot.localchat.people import GROUP, GROUP_ID, Person
from bot.localchat.store import Json, Store
from bot.localchat.updates import Updates
from services.clock import Clock


@dataclass(frozen=True, slots=True)
class Toast:
    """What the bot answered to a button press: nothing, a toast, or an alert to be dismissed."""

    text: str = ""
    alert: bool = False
    url: str = ""


@dataclass(slots=True)
class State:
    """Everything that is known and kept; `new_id` makes unguessable names for files, presses and polls."""

    store: Store
    blobs: Blobs
    clock: Clock
    updates: Updates
    changes: Changes
    flood: Flood
    people: dict[int, Person]
    bot: Json
    new_id: Callable[[], str]
    answers: dict[str, asyncio.Future[Toast]] = field(default_factory=dict)

    def now(self) -> int:
        """Whole seconds since 1970, as messages carry them."""
        return int(self.clock.now().timestamp())

    def chat(self, chat_id: int) -> Json:
        """The chat with that id as Telegram's `Chat`; 400 if there is none."""
        if chat_id == GROUP_ID:
            return GROUP
        if chat_id in self.people:
            return self.people[chat_id].chat()
        raise bad_request("chat not found")

    def has_blocked(self, person_id: int) -> bool:
        """Whether that person has blocked the bot."""
        return bool(self.store.setting(f"blocked:{person_id}", False))

    def open_chat(self, params: Params) -> Json:
        """The chat of a call, if the bot may write there (400 chat not found, 403 blocked)."""
        if not params.has("chat_id") or not params.text("chat_id").strip():
            raise bad_request("chat_id is empty")
        chat = self.chat(params.integer("chat_id"))
        if self.has_blocked(chat["id"]):
            raise blocked()
        return chat

    def message(self, chat: Json, message_id: int) -> Json | None:
        """A message of that chat."""
        message = self.store.message(message_id)
        return message if message is not None and message["chat"]["id"] == chat["id"] else None

    def own_message(self, params: Params) -> Json:
        """The message that a call wants to edit: there (else 400) and the bot's own (else 400)."""
        if params.has("inline_message_id"):
            raise bad_request("MESSAGE_ID_INVALID")
        chat = self.open_chat(params)
        if not params.has("message_id"):
            raise bad_request("message identifier is not specified")
        message = self.message(chat, params.integer("message_id"))
        if message is None:
            raise bad_request("message to edit not found")
        if message["from"]["id"] != self.bot["id"]:
            raise bad_request("message can't be edited")
        return message

    def reply_to(self, params: Params, chat: Json) -> Json:
        """The part of a new message that says what it answers; empty if nothing."""
        wanted = params.data("reply_parameters", "reply parameters") or {}
        message_id = wanted.get("message_id") or params.integer("reply_to_message_id")
        if not message_id:
            return {}
        message = self.message(chat, int(message_id))
        if message is not None:
            return {"reply_to_message": {k: v for k, v in message.items() if k != "reply_to_message"}}
        if wanted.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")

    def send(self, params: Params, chat: Json, content: Json, markup: Json | None) -> Json:
        """Post a message of the bot's and tell the pages; 429 when the chat is flooded."""
        head = {"from": self.bot, "chat": chat, "date": self.now()} | self.reply_to(params, chat)
        self.flood.charge(chat["id"], self.clock.monotonic())
        message = self.store.add_message(chat["id"], head | content | ({"reply_markup": markup} if markup else {}))
        self.changes.publish("message", chat["id"], body=message)
        return message

    def edit(self, message: Json, content: Json, drop: tuple[str, ...], markup: Json | None) -> Json:
        """Replace `content` (keys `drop` go first) and keyboard of a message; 400 if that changes nothing, or 429."""
        kept = {k: v for k, v in message.items() if k not in (*drop, "reply_markup", "edit_date")}
        edited = kept | content | ({"reply_markup": markup} if markup else {})
        if edited == {k: v for k, v in message.items() if k != "edit_date"}:
            raise bad_request(NOT_MODIFIED)
        self.flood.charge(message["chat"]["id"], self.clock.monotonic())
        edited["edit_date"] = self.now()
        self.store.replace_message(edited)
        self.changes.publish("edited", message["chat"]["id"], body=edited)
        return edited
