"""Text as Telegram keeps it: parsed, cleaned, trimmed, counted, and with the entities that Telegram finds by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.localchat import html, limits
from bot.localchat.html import Entity, utf16
from bot.localchat.limits import bad_request

_KINDS = frozenset(
    [
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
        "date_time",
    ]
)
_FOUND = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"]*[^\s<>\".,;:!?'()\[\]{}*_]/?)"
    r"|(?P<email>(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,})"
    r"|(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/]))"
    r"|(?P<mention>(?<![\w@])@[A-Za-z0-9_]{2,32}\b)"
    r"|(?P<hashtag>(?<![\w#])#\w*[^\W\d]\w*)"
)
_OPAQUE = frozenset({"code", "pre", "text_link", "text_mention", "url"})


def formatted(
    raw: str, mode: str, given: Sequence[Entity] | None, *, caption: bool = False
) -> tuple[str, list[Entity]]:
    """Text and entities of `raw` under `parse_mode` `mode` (``""`` or ``HTML``) or with entities as `given`.

    Raises a 400 in Telegram's words when it is too long or cannot be parsed; an empty caption is fine, and so is an
    empty text (whoever needs one asks `need_text`).
    """
    name = "message caption" if caption else "message"
    if any("\ud800" <= char <= "\udfff" for char in raw):
        raise bad_request("strings must be encoded in UTF-8")
    if len(raw.encode()) > limits.RAW_TEXT_BYTES:
        raise bad_request(f"{name} is too long")
    if mode.lower() == "html":
        text, entities = html.parse(raw)
    elif mode in {"", "None", "none"}:
        text, entities = raw, _checked(raw, given or ())
    else:
        raise bad_request("unsupported parse_mode")
    text, entities = tidy(text, entities)
    if len(text) > (limits.CAPTION_CODE_POINTS if caption else limits.TEXT_CODE_POINTS):
        raise bad_request(f"{name} is too long")
    return text, settled(text, entities)


def need_text(raw: str, text: str) -> None:
    """Refuse a message without text: `raw` is what was sent, `text` what was left of it."""
    if not raw:
        raise bad_request("message text is empty")
    if not text:
        raise bad_request("text must be non-empty")


def tidy(text: str, entities: Sequence[Entity]) -> tuple[str, list[Entity]]:
    """Drop carriage returns and bidirectional overrides, blank control characters, trim; move entities along."""
    kept: list[str] = []
    new_offset: list[int] = []
    length = 0
    for char in text:
        put = "" if char == "\r" or "\u2028" <= char <= "\u202e" else " " if char < " " and char != "\n" else char
        new_offset += [length] * utf16(char)
        kept.append(put)
        length += utf16(put)
    new_offset.append(length)
    whole = "".join(kept)
    start, end = len(whole) - len(whole.lstrip()), len(whole.rstrip())
    left, right = utf16(whole[:start]), utf16(whole[:end])
    moved: list[Entity] = []
    for entity in entities:
        begin = max(new_offset[entity["offset"]], left)
        stop = min(new_offset[entity["offset"] + entity["length"]], right)
        if stop > begin:
            moved.append(entity | {"offset": begin - left, "length": stop - begin})
    return whole[start:end], moved


def settled(text: str, entities: Sequence[Entity]) -> list[Entity]:
    """All entities in Telegram's order: what stands in code is dropped, what Telegram finds is added; at most 100."""
    solid = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in {"code", "pre"}]
    kept = [e for e in entities if e["type"] in {"code", "pre"} or not _within(e, solid)]
    taken = [(e["offset"], e["offset"] + e["length"]) for e in kept if e["type"] in _OPAQUE]
    for found in _found(text):
        if not any(found["offset"] < stop and start < found["offset"] + found["length"] for start, stop in taken):
            kept.append(found)
    kept.sort(key=lambda e: (e["offset"], -e["length"]))
    return kept[: limits.ENTITIES]


def _within(entity: Entity, spans: Sequence[tuple[int, int]]) -> bool:
    if entity["type"].endswith("blockquote"):
        return False
    return any(start <= entity["offset"] and entity["offset"] + entity["length"] <= stop for start, stop in spans)


def _found(text: str) -> list[Entity]:
    if not any(sign in text for sign in "/@#"):
        return []
    return [
        {"type": str(match.lastgroup), "offset": utf16(text[: match.start()]), "length": utf16(match[0])}
        for match in _FOUND.finditer(text)
    ]


def _copy(entity: Any) -> Any:
    return dict(entity) if isinstance(entity, dict) else entity


def _checked(text: str, given: Sequence[Any]) -> list[Entity]:
    """Entities that came as such: known kinds, inside the text, not through the middle of a character."""
    length = utf16(text)
    edges: set[int] | None = None
    if length != len(text):
        edges, at = set(), 0
        for char in text:
            edges.add(at)
            at += utf16(char)
        edges.add(at)
    checked: list[Entity] = []
    for entity in map(_copy, given):
        if not isinstance(entity, dict) or not all(isinstance(entity.get(key), int) for key in ("offset", "length")):
            raise bad_request("can't parse MessageEntity: Object expected")
        begin, stop = entity["offset"], entity["offset"] + entity["length"]
        if entity.get("type") not in _KINDS:
            raise bad_request("can't parse MessageEntity: Unsupported type specified")
        if begin < 0 or entity["length"] < 0:
            raise bad_request("Receive an entity with incorrect offset")
        if stop > length:
            raise bad_request(
                f"Entity beginning at UTF-16 offset {begin} ends after the end of the text at UTF-16 offset {length}"
            )
        if edges is not None and begin not in edges:
            raise bad_request(f"Entity begins in a middle of a UTF-16 symbol at UTF-16 offset {begin}")
        if edges is not None and stop not in edges:
            raise bad_request(f"Entity beginning at UTF-16 offset {begin} ends in a middle of a UTF-16 symbol")
        if entity["type"] == "text_link":
            url = html.checked_link(str(entity.get("url", "")))
            if not url:
                continue
            entity["url"] = url
        if entity["length"]:
            checked.append(entity)
    return checked
