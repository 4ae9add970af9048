"""Markdown of a course → plain text with marks, safe to show: links are http(s), nothing hidden, nothing lost."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from handlers.chat.literal import literal

if TYPE_CHECKING:
    from telegramify_markdown import RenderConfig

# What a course may look like; whatever else the converter knows (spoilers, custom emoji, mentions) is shown as text.
KINDS = frozenset(
    {"bold", "italic", "strikethrough", "code", "pre", "blockquote", "expandable_blockquote", "text_link"}
)

# Control characters but tab and line feed, overrides of the writing direction, and halves of characters.
_UNWANTED = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_HTTP = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mark:
    """Formatting of `text[start:end]` (code points). `kind` as in the Bot API; `more` is its url or language."""

    kind: str
    start: int
    end: int
    more: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """Plain text and what is marked in it."""

    text: str
    marks: tuple[Mark, ...] = ()

    def cut(self, start: int, end: int) -> Marked:
        """The part from `start` to `end`, without blanks around it; marks that reach out of it are clipped."""
        piece = self.text[start:end]
        start += len(piece) - len(piece.lstrip("\n"))
        piece = piece.strip("\n").rstrip()
        end = start + len(piece)
        clipped = (
            replace(mark, start=max(mark.start, start) - start, end=min(mark.end, end) - start) for mark in self.marks
        )
        return Marked(piece, tuple(mark for mark in clipped if mark.start < mark.end))

    def __add__(self, other: Marked) -> Marked:
        shift = len(self.text)
        moved = (replace(mark, start=mark.start + shift, end=mark.end + shift) for mark in other.marks)
        return Marked(self.text + other.text, (*self.marks, *moved))


def units(text: str) -> int:
    """Length in UTF-16 code units: never less than in code points, so the stricter of Telegram's two readings."""
    return len(text) + sum(character > "\uffff" for character in text)


def clean(text: str) -> str:
    """Text without what could hide or turn around other text (NUL, controls, bidirectional overrides)."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def convert(body: str) -> Marked:
    """A Markdown `body` as marked text. HTML in it is shown as it stands, never interpreted or dropped."""
    from telegramify_markdown import convert as to_entities

    text, entities = to_entities(literal(clean(body)), config=_signs())
    place = _code_points(text)
    marks = (_mark(entity, place) for entity in entities if entity.type in KINDS)
    wanted = (mark for mark in marks if mark.kind != "text_link" or _HTTP.match(mark.more))
    whole = Marked(text, tuple(sorted(wanted, key=lambda mark: (mark.start, -mark.end))))
    return whole.cut(0, len(text))


def to_api(marked: Marked) -> tuple[dict[str, Any], ...]:
    """The marks as the Bot API takes entities: offsets and lengths in UTF-16 code units."""
    offsets = [0]
    for character in marked.text:
        offsets.append(offsets[-1] + (2 if character > "\uffff" else 1))
    return tuple(_entity(mark, offsets) for mark in marked.marks)


def _entity(mark: Mark, offsets: list[int]) -> dict[str, Any]:
    offset = offsets[mark.start]
    entity: dict[str, Any] = {"type": mark.kind, "offset": offset, "length": offsets[mark.end] - offset}
    if mark.more:
        entity["url" if mark.kind == "text_link" else "language"] = mark.more
    return entity


def _mark(entity: Any, place: dict[int, int]) -> Mark:
    more = entity.url if entity.type == "text_link" else entity.language
    return Mark(entity.type, place[entity.offset], place[entity.offset + entity.length], more or "")


def _code_points(text: str) -> dict[int, int]:
    """From an offset in UTF-16 code units to the one in code points."""
    place: dict[int, int] = {}
    offset = 0
    for index, character in enumerate(text):
        place[offset] = index
        offset += 2 if character > "\uffff" else 1
    place[offset] = len(text)
    return place


@lru_cache
def _signs() -> RenderConfig:
    """The converter's signs as a book would have them: headings are bold, without an emoji in front."""
    from telegramify_markdown import RenderConfig

    config = RenderConfig.isolated()
    signs = config.markdown_symbol
    signs.heading_level_1 = signs.heading_level_2 = signs.heading_level_3 = signs.heading_level_4 = ""
    signs.image = ""
    signs.link = ""
    signs.unordered_list_item = "•"
    signs.horizontal_rule = "· · ·"
    return config
