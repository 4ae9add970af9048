"""A person's end of the chats: what somebody with a Telegram client can do. The chat page and the tests use it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from bot.localchat import files, limits, polls, profile
from bot.localchat.changes import Change
from bot.localchat.limits import ApiError
from bot.localchat.params import UploadedFile
from bot.localchat.people import GROUP_ID, Person
from bot.localchat.state import State, Toast
from bot.localchat.store import Json
from bot.localchat.text import settled, tidy

_WAITING_PRESSES = 10_000


class NotPossible(Exception):
    """A client would not let a person do that; the text says why, for the person."""


@dataclass(frozen=True, slots=True)
class Press:
    """A tap on a button: the id of its callback query, and the bot's answer when it comes."""

    query_id: str
    answer: asyncio.Future[Toast]

    async def toast(self, timeout: float = 5.0) -> Toast:
        """What the bot answered; TimeoutError if it does not within `timeout` seconds."""
        async with asyncio.timeout(timeout):
            return await asyncio.shield(self.answer)


class Seat:
    """What `person` sees and does. `chat` is a chat id; without one, the private chat with the bot is meant."""

    def __init__(self, state: State, person: Person) -> None:
        self._state = state
        self.person = person

    async def send_text(self, text: str, *, chat: int | None = None, reply_to: int | None = None) -> Json:
        """Send a text, as a client does: too long ones in several messages. Returns the (last) message."""
        clean, _ = tidy(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), ())
        if not clean:
            raise NotPossible("Type something first.")
        message: Json = {}
        for start in range(0, len(clean), limits.TEXT_CODE_POINTS):
            part, _ = tidy(clean[start : start + limits.TEXT_CODE_POINTS], ())
            if part:
                message = self._post(self._text(part), chat, reply_to)
        return message

    async def edit_text(self, message_id: int, text: str) -> Json:
        """Correct one of one's own messages of text."""
        message = self._state.store.message(message_id)
        clean, _ = tidy(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), ())
        if message is None or message["from"]["id"] != self.person.id or "text" not in message:
            raise NotPossible("That message cannot be edited.")
        if not 1 <= len(clean) <= limits.TEXT_CODE_POINTS:
            raise NotPossible("The text is empty or too long.")
        content = self._text(clean)
        if clean == message["text"]:
            return message
        edited = {k: v for k, v in message.items() if k != "entities"} | content | {"edit_date": self._state.now()}
        with self._state.store.together():
            self._state.store.replace_message(edited)
            self._tell("edited_message", edited)
        self._state.changes.publish("edited", message["chat"]["id"], body=edited)
        return edited

    async def press(self, message_id: int, callback_data: str) -> Press:
        """Tap a button. Neither message nor data are checked: a modified client can send anything."""
        state = self._state
        gone: Json = {"chat": self.person.chat(), "message_id": message_id, "date": 0}
        message: Json = state.store.message(message_id) or gone
        query_id = str(int(state.new_id(), 16) % 2**62)
        query: Json = {"id": query_id, "from": self.person.user(), "message": message, "data": callback_data}
        query["chat_instance"] = str(message["chat"]["id"] * 31 % 2**62)
        while len(state.answers) >= _WAITING_PRESSES:
            state.answers.pop(next(iter(state.answers)))
        answer: asyncio.Future[Toast] = asyncio.get_running_loop().create_future()
        state.answers[query_id] = answer
        with state.store.together():
            state.store.add_press(query_id, self.person.id, state.clock.now().timestamp())
            state.updates.put("callback_query", query)
        return Press(query_id, answer)

    async def send_document(
        self,
        name: str,
        body: bytes,
        mime: str = "application/octet-stream",
        *,
        caption: str = "",
        chat: int | None = None,
    ) -> Json:
        """Send a file of up to 50 MB; an empty one is let through, so that the bot has to deal with it."""
        return await self._send_file("document", UploadedFile(name, body, mime), caption, chat)

    async def send_photo(
        self, body: bytes, *, caption: str = "", name: str = "photo.jpg", chat: int | None = None
    ) -> Json:
        """Send a picture (PNG, JPEG, GIF or WebP)."""
        return await self._send_file("photo", UploadedFile(name, body, "image/jpeg"), caption, chat)

    async def send_voice(self, body: bytes = b"OggS", *, seconds: int = 3, chat: int | None = None) -> Json:
        """Send a voice message of that length."""
        about = {"duration": seconds, "mime_type": "audio/ogg"}
        return await self._send_file("voice", UploadedFile("voice.oga", body, "audio/ogg"), "", chat, about)

    async def send_sticker(self, emoji: str = "👍", *, chat: int | None = None) -> Json:
        """Send a sticker that stands for `emoji`."""
        about = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        file = UploadedFile("sticker.webp", b"RIFF\0\0\0\0WEBP", "image/webp")
        return await self._send_file("sticker", file, "", chat, about | {"emoji": emoji})

    async def send_location(self, latitude: float, longitude: float, *, chat: int | None = None) -> Json:
        """Send a place, in degrees."""
        return self._post({"location": {"latitude": latitude, "longitude": longitude}}, chat, None)

    async def answer_poll(self, poll_id: str, options: list[int]) -> None:
        """Vote in a poll by the indexes of its options."""
        try:
            polls.answer(self._state, self.person, poll_id, options)
        except ValueError as error:
            raise NotPossible(f"This vote does not count: {error}.") from error

    async def block(self) -> None:
        """Block the bot: it is told, and may not write here until it is unblocked."""
        self._set_blocked(True)

    async def unblock(self) -> None:
        """Let the bot write here again."""
        self._set_blocked(False)

    @property
    def has_blocked(self) -> bool:
        """Whether this person has blocked the bot."""
        return self._state.has_blocked(self.person.id)

    def messages(self, chat: int | None = None, *, limit: int = 100, before: int | None = None) -> list[Json]:
        """The last messages of a chat (older than `before`), oldest first, as this person sees them."""
        return [self.view(message) for message in self._state.store.messages(self._chat(chat)["id"], limit, before)]

    def message(self, message_id: int) -> Json | None:
        """One message as this person sees it, if it is there and in one of their chats."""
        message = self._state.store.message(message_id)
        seen = message is not None and message["chat"]["id"] in {self.person.id, GROUP_ID}
        return self.view(message) if message is not None and seen else None

    def commands(self, chat: int | None = None) -> list[Json]:
        """The commands that this person is offered there."""
        group = self._chat(chat)["id"] == GROUP_ID
        return profile.commands_for(self._state, self.person.id, self.person.language_code, group=group)

    def sees(self, change: Change) -> bool:
        """Whether a change is in one of this person's chats and for them."""
        return change.chat in {0, self.person.id, GROUP_ID} and change.person in {0, self.person.id}

    def view(self, message: Json) -> Json:
        """A message as this person sees it: a quiz keeps its key to itself until they have answered."""
        if "poll" not in message:
            return message
        vote = self._state.store.vote(message["poll"]["id"], self.person.id)
        return message | {"poll": polls.seen(message["poll"], vote)}

    def _chat(self, chat: int | None) -> Json:
        if chat not in {None, self.person.id, GROUP_ID}:
            raise NotPossible("You are not in that chat.")
        return self._state.chat(chat or self.person.id)

    def _text(self, clean: str) -> Json:
        found = settled(clean, ())
        return {"text": clean} | ({"entities": found} if found else {})

    async def _send_file(
        self, kind: str, file: UploadedFile, caption: str, chat: int | None, about: Json | None = None
    ) -> Json:
        try:
            body = await files.keep(self._state, kind, file, about, person=True)
        except ApiError as error:
            raise NotPossible(f"That file cannot be sent ({error.description}).") from error
        clean, _ = tidy(caption[: limits.CAPTION_CODE_POINTS], ())
        return self._post(files.content(kind, body) | ({"caption": clean} if clean else {}), chat, None)

    def _post(self, content: Json, chat_id: int | None, reply_to: int | None) -> Json:
        state, chat = self._state, self._chat(chat_id)
        if chat["id"] == self.person.id and self.has_blocked:
            raise NotPossible("You have blocked this bot. Unblock it to write to it.")
        head: Json = {"from": self.person.user(), "chat": chat, "date": state.now()}
        answered = state.message(chat, reply_to) if reply_to else None
        if answered is not None:
            head["reply_to_message"] = {k: v for k, v in answered.items() if k != "reply_to_message"}
        with state.store.together():
            message = state.store.add_message(chat["id"], head | content)
            self._tell("message", message)
        state.changes.publish("message", chat["id"], body=message)
        return message

    def _tell(self, kind: str, message: Json) -> None:
        """Queue the update, unless the bot's privacy in groups keeps it from seeing the message."""
        if message["chat"]["id"] != GROUP_ID or _is_for_bot(message, self._state.bot):
            self._state.updates.put(kind, message)

    def _set_blocked(self, value: bool) -> None:
        state = self._state
        if value == self.has_blocked:
            return
        words = ("member", "kicked") if value else ("kicked", "member")
        old, new = ({"user": state.bot, "status": w} | ({"until_date": 0} if w == "kicked" else {}) for w in words)
        change: Json = {"chat": self.person.chat(), "from": self.person.user(), "date": state.now()}
        with state.store.together():
            state.store.set(f"blocked:{self.person.id}", value or None)
            state.updates.put("my_chat_member", change | {"old_chat_member": old, "new_chat_member": new})
        state.changes.publish("person", self.person.id, self.person.id, {"blocked": value})


def _is_for_bot(message: Json, bot: dict[str, Any]) -> bool:
    """Privacy mode, as bots have it unless they switch it off: commands, mentions, and answers to the bot."""
    text = str(message.get("text") or message.get("caption") or "")
    name = f"@{bot['username']}".lower()
    first = text.split(maxsplit=1)[0].lower() if text.strip() else ""
    command = first.startswith("/") and ("@" not in first or first.endswith(name))
    replied = message.get("reply_to_message", {}).get("from", {}).get("id") == bot["id"]
    return bool(command or name in text.lower() or replied)
