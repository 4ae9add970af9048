"""A screen: what a message says and the buttons under it, before it is sent or edited into place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from handlers.chat.buttons import Button, encode


@dataclass(frozen=True, slots=True)
class Key:
    """One key of an inline keyboard: a label, and either a button of ours or an address to open."""

    label: str
    button: Button | None = None
    url: str | None = None

    def to_api(self) -> dict[str, Any]:
        """As the Bot API takes it."""
        if self.button is not None:
            return {"text": self.label, "callback_data": encode(self.button)}
        return {"text": self.label, "url": self.url}


Row = tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """`text` is Telegram HTML, or plain text with `entities` (as the Bot API takes them) where these are given.

    `rows` is the inline keyboard; none means that there is (or remains) no keyboard."""

    text: str
    rows: tuple[Row, ...] = ()
    entities: tuple[dict[str, Any], ...] | None = field(default=None)

    def keyboard(self) -> dict[str, Any]:
        """The inline keyboard as the Bot API takes it; an empty one removes what is there."""
        return keyboard(self.rows)

    def to_api(self, text_field: str = "text") -> dict[str, Any]:
        """Text, formatting and keyboard as parameters of sendMessage/editMessageText (or of a caption)."""
        formatting: dict[str, Any] = {"parse_mode": "HTML"}
        if self.entities is not None:
            formatting = {"entities" if text_field == "text" else "caption_entities": list(self.entities)}
        return {text_field: self.text, **formatting, "reply_markup": self.keyboard()}


def keyboard(rows: tuple[Row, ...]) -> dict[str, Any]:
    """Rows of keys as the Bot API takes an inline keyboard."""
    return {"inline_keyboard": [[key.to_api() for key in row] for row in rows if row]}
