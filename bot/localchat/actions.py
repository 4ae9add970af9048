"""What the page can ask for on behalf of a person: the JSON of a POST, checked, and the answer's JSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import BodyPartReader, MultipartReader

from bot.localchat import limits
from bot.localchat.seats import Seat
from bot.localchat.store import Json

_FIELD_BYTES = 16 * 1024


class BadInput(Exception):
    """The request is not as the page makes it; the text says what is wrong."""


Action = Callable[[Seat, Json], Awaitable[Json]]


def _number(body: Json, name: str) -> int:
    found = _maybe(body, name)
    if found is None:
        raise BadInput(f"{name} is missing.")
    return found


def _maybe(body: Json, name: str) -> int | None:
    found = body.get(name)
    if found is not None and (not isinstance(found, int) or isinstance(found, bool) or abs(found) >= 2**62):
        raise BadInput(f"{name} must be a whole number.")
    return found


def _text(body: Json, name: str) -> str:
    found = body.get(name)
    if not isinstance(found, str):
        raise BadInput(f"{name} must be a text.")
    return found


async def _send(seat: Seat, body: Json) -> Json:
    chat, reply = _maybe(body, "chat"), _maybe(body, "reply_to")
    return await seat.send_text(_text(body, "text"), chat=chat, reply_to=reply)


async def _edit(seat: Seat, body: Json) -> Json:
    return await seat.edit_text(_number(body, "message_id"), _text(body, "text"))


async def _press(seat: Seat, body: Json) -> Json:
    press = await seat.press(_number(body, "message_id"), _text(body, "data"))
    return {"query_id": press.query_id}


async def _vote(seat: Seat, body: Json) -> Json:
    options = body.get("options")
    if not isinstance(options, list) or not all(isinstance(option, int) for option in options):
        raise BadInput("options must be a list of whole numbers.")
    await seat.answer_poll(_text(body, "poll_id"), options)
    return {}


async def _sticker(seat: Seat, body: Json) -> Json:
    return await seat.send_sticker(_text(body, "emoji"), chat=_maybe(body, "chat"))


async def _voice(seat: Seat, body: Json) -> Json:
    return await seat.send_voice(seconds=_number(body, "seconds"), chat=_maybe(body, "chat"))


async def _location(seat: Seat, body: Json) -> Json:
    places: list[Any] = [body.get("latitude"), body.get("longitude")]
    if not all(isinstance(place, (int, float)) and abs(place) <= 180 for place in places):
        raise BadInput("latitude and longitude must be degrees.")
    return await seat.send_location(places[0], places[1], chat=_maybe(body, "chat"))


async def _block(seat: Seat, body: Json) -> Json:
    await seat.block()
    return {}


async def _unblock(seat: Seat, body: Json) -> Json:
    await seat.unblock()
    return {}


ACTIONS: dict[str, Action] = {
    "send": _send,
    "edit": _edit,
    "press": _press,
    "vote": _vote,
    "sticker": _sticker,
    "voice": _voice,
    "location": _location,
    "block": _block,
    "unblock": _unblock,
}


async def upload(seat: Seat, form: MultipartReader) -> Json:
    """Take a file up: parts `kind` (document or photo), `chat`, `caption`, and last `file`, of up to 50 MB."""
    fields: dict[str, str] = {}
    async for part in form:
        if not isinstance(part, BodyPartReader):
            raise BadInput("Send plain parts.")
        if part.name != "file":
            fields[str(part.name)] = (await _bounded(part, _FIELD_BYTES)).decode("utf-8", "replace")
            continue
        body = await _bounded(part, limits.UPLOAD_BYTES)
        chat = int(fields["chat"]) if fields.get("chat", "").lstrip("-").isdigit() else None
        caption = fields.get("caption", "")
        name = part.filename or "file"
        if fields.get("kind") == "photo":
            return await seat.send_photo(body, caption=caption, name=name, chat=chat)
        mime = part.headers.get("Content-Type", "application/octet-stream")
        return await seat.send_document(name, body, mime, caption=caption, chat=chat)
    raise BadInput("There is no file.")


async def _bounded(part: BodyPartReader, most: int) -> bytes:
    body = bytearray()
    while chunk := await part.read_chunk(262_144):
        body += chunk
        if len(body) > most:
            raise BadInput(f"A file can have up to {limits.UPLOAD_BYTES // 2**20} MB.")
    return bytes(body)
