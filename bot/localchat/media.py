"""Methods that send photos and documents, or put one in the place of another."""

from __future__ import annotations

from bot.localchat import files, keyboards
from bot.localchat.limits import bad_request
from bot.localchat.messages import caption_content
from bot.localchat.params import Params
from bot.localchat.state import State
from bot.localchat.store import Json

_CONTENT = ("text", "entities", "caption", "caption_entities", "photo", "document")


async def send_photo(state: State, params: Params) -> Json:
    """`sendPhoto`, by upload or `file_id`."""
    return await _send(state, params, "photo")


async def send_document(state: State, params: Params) -> Json:
    """`sendDocument`, by upload or `file_id`."""
    return await _send(state, params, "document")


async def edit_media(state: State, params: Params) -> Json:
    """`editMessageMedia`: another photo or document, also in place of text."""
    media = params.data("media", "input media")
    if not isinstance(media, dict):
        raise bad_request("there is no media in the request")
    kind = media.get("type")
    if kind not in {"photo", "document"}:
        raise bad_request(f'type "{kind}" is unsupported in the local chat')
    caption = _caption(media)
    markup = keyboards.read(params)
    message = state.own_message(params)
    if "poll" in message:
        raise bad_request("message can't be edited")
    body = await files.taken(state, params, kind, str(media.get("media") or ""), "media")
    return state.edit(message, files.content(kind, body) | caption, _CONTENT, markup)


async def _send(state: State, params: Params, kind: str) -> Json:
    chat = state.open_chat(params)
    given = params.items("caption_entities", "MessageEntities")
    caption = caption_content(params.text("caption"), params.text("parse_mode"), given)
    markup = keyboards.read(params)
    body = await files.taken(state, params, kind, params.text(kind), kind)
    return state.send(params, chat, files.content(kind, body) | caption, markup)


def _caption(media: Json) -> Json:
    mode = str(media.get("parse_mode") or "")
    return caption_content(str(media.get("caption") or ""), mode, media.get("caption_entities"))
