"""Methods that send, edit and delete messages of text."""

from __future__ import annotations

from bot.localchat import keyboards
from bot.localchat.limits import bad_request
from bot.localchat.params import Params
from bot.localchat.people import GROUP_ID
from bot.localchat.state import State
from bot.localchat.store import Json
from bot.localchat.text import formatted, need_text

MEDIA = ("photo", "document", "voice", "sticker")
_CAPTION = ("caption", "caption_entities")
_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


def text_content(params: Params) -> Json:
    """Text and entities of a call, as a message carries them."""
    raw = params.text("text")
    text, entities = formatted(raw, params.text("parse_mode"), params.items("entities", "MessageEntities"))
    need_text(raw, text)
    return {"text": text} | ({"entities": entities} if entities else {})


def caption_content(raw: str, mode: str, given: list[Json] | None) -> Json:
    """Caption and entities, as a message carries them; nothing for an empty one."""
    text, entities = formatted(raw, mode, given, caption=True)
    return ({"caption": text} if text else {}) | ({"caption_entities": entities} if entities else {})


async def send_message(state: State, params: Params) -> Json:
    """`sendMessage`."""
    chat = state.open_chat(params)
    content = text_content(params)
    return state.send(params, chat, content, keyboards.read(params))


async def edit_text(state: State, params: Params) -> Json:
    """`editMessageText`; without a keyboard in the call, the message loses its keyboard."""
    content = text_content(params)
    markup = keyboards.read(params)
    message = state.own_message(params)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return state.edit(message, content, ("text", "entities"), markup)


async def edit_caption(state: State, params: Params) -> Json:
    """`editMessageCaption`."""
    given = params.items("caption_entities", "MessageEntities")
    content = caption_content(params.text("caption"), params.text("parse_mode"), given)
    markup = keyboards.read(params)
    message = state.own_message(params)
    if not any(kind in message for kind in ("photo", "document", "voice")):
        raise bad_request("there is no caption in the message to edit")
    return state.edit(message, content, _CAPTION, markup)


async def edit_markup(state: State, params: Params) -> Json:
    """`editMessageReplyMarkup`."""
    markup = keyboards.read(params)
    return state.edit(state.own_message(params), {}, (), markup)


async def delete(state: State, params: Params) -> bool:
    """`deleteMessage`."""
    chat = state.open_chat(params)
    message = state.message(chat, params.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if chat["id"] == GROUP_ID and message["from"]["id"] != state.bot["id"]:
        raise bad_request("message can't be deleted")
    _forget(state, [message])
    return True


async def delete_several(state: State, params: Params) -> bool:
    """`deleteMessages`: those that cannot be found or deleted are skipped."""
    chat = state.open_chat(params)
    found = [state.message(chat, int(wanted)) for wanted in params.items("message_ids") or []]
    ours = chat["id"] != GROUP_ID
    _forget(state, [m for m in found if m is not None and (ours or m["from"]["id"] == state.bot["id"])])
    return True


def _forget(state: State, messages: list[Json]) -> None:
    for message in messages:
        state.store.delete_message(message["message_id"])
        state.changes.publish("deleted", message["chat"]["id"], body={"message_id": message["message_id"]})


async def chat_action(state: State, params: Params) -> bool:
    """`sendChatAction`: shown for five seconds, or until a message comes."""
    chat = state.open_chat(params)
    action = params.text("action")
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    state.changes.publish("typing", chat["id"], body={"action": action})
    return True


async def draft(state: State, params: Params) -> bool:
    """`sendMessageDraft`: a preview of a message that is being written; private chats only, kept nowhere."""
    chat = state.open_chat(params)
    if chat["type"] != "private":
        raise bad_request("method is available only for private chats")
    if params.integer("draft_id") == 0:
        raise bad_request("RANDOM_ID_INVALID")
    given = params.items("entities", "MessageEntities")
    text, entities = formatted(params.text("text"), params.text("parse_mode"), given)
    body = {"draft_id": params.integer("draft_id"), "text": text, "entities": entities}
    state.changes.publish("draft", chat["id"], body=body)
    return True
