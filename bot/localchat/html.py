"""Telegram's HTML, read as strictly as Telegram reads it (TDLib, `MessageEntity.cpp`, `parse_html`).

Offsets in the error texts count bytes of UTF-8; offsets of entities count UTF-16 code units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.localchat.limits import ApiError, bad_request

Entity = dict[str, Any]

_SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_TAGS = frozenset(_SIMPLE) | {"a", "pre", "code", "blockquote", "tg-emoji"}
_SPACE = " \t\r\n\0\v"
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-zA-Z]+));?")


@dataclass(slots=True)
class _Open:
    """A start tag that waits for its end: where its text begins, in UTF-16 units and in characters of the result."""

    tag: str
    argument: str
    offset: int
    start: int


def utf16(text: str) -> int:
    """The length of `text` in UTF-16 code units, which is how Telegram counts offsets."""
    return len(text) + sum(1 for char in text if char > "\uffff")


def parse(source: str) -> tuple[str, list[Entity]]:
    """Text and entities of `source`; raises a 400 ("can't parse entities: …") for anything Telegram refuses."""
    return _Parser(source).run()


class _Parser:
    """One pass over the source; a NUL after its end stands for the end, as in the original."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.out: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def run(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            char = self.source[self.at]
            if char == "<":
                self._tag()
            else:
                self._put(self._reference() or self._take())
        if self.open:
            raise self._error(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        for entity in self.entities:
            entity.pop("_language", None)
        return "".join(self.out), self.entities

    def _peek(self) -> str:
        return self.source[self.at] if self.at < len(self.source) else ""

    def _take(self) -> str:
        self.at += 1
        return self.source[self.at - 1]

    def _put(self, text: str) -> None:
        self.out.append(text)
        self.length += utf16(text)

    def _reference(self) -> str:
        """The character that an entity reference here stands for, consumed; or nothing."""
        match = _REFERENCE.match(self.source, self.at) if self._peek() == "&" else None
        if match is None:
            return ""
        code = int(match[1], 16) if match[1] else int(match[2]) if match[2] else 0
        char = _NAMED.get(match[3], "") if match[3] else chr(code) if 0 < code < 0x110000 else ""
        if not char or "\ud800" <= char <= "\udfff":
            return ""
        self.at = match.end()
        return char

    def _byte(self, position: int) -> int:
        return len(self.source[:position].encode("utf-8", "surrogatepass"))

    def _error(self, message: str) -> ApiError:
        return bad_request(f"can't parse entities: {message}")

    def _tag(self) -> None:
        begin = self.at
        self.at += 1
        if self._peek() == "/":
            self._end_tag(begin)
        else:
            self._start_tag(begin)

    def _word(self, stops: str) -> str:
        start = self.at
        while self._peek() and self._peek() not in stops:
            self.at += 1
        return self.source[start : self.at]

    def _skip_space(self) -> None:
        while self._peek() and self._peek() in _SPACE:
            self.at += 1

    def _start_tag(self, begin: int) -> None:
        where = self._byte(begin)
        tag = self._word(_SPACE + ">").lower()
        if not self._peek():
            raise self._error(f"Unclosed start tag at byte offset {where}")
        if tag not in _TAGS:
            raise self._error(f'Unsupported start tag "{tag}" at byte offset {where}')
        argument = ""
        while self._peek() != ">":
            self._skip_space()
            if self._peek() == ">":
                break
            argument = self._attribute(tag, argument, where)
        self.at += 1
        if tag == "span" and argument != "spoiler":
            raise self._error(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
        if tag == "tg-emoji" and not (argument.isdigit() and 0 < int(argument) < 2**63):
            raise self._error("Invalid custom emoji identifier specified")
        self.open.append(_Open(tag, argument, self.length, len(self.out)))

    def _attribute(self, tag: str, argument: str, where: int) -> str:
        name = self._word(_SPACE + "=>/\"'").lower()
        if not name:
            raise self._error(f'Empty attribute name in the tag "{tag}" at byte offset {where}')
        self._skip_space()
        if self._peek() != "=":
            if not self._peek():
                raise self._error(f'Unclosed start tag "{tag}" at byte offset {where}')
            return "1" if (tag, name) == ("blockquote", "expandable") else argument
        self.at += 1
        self._skip_space()
        if not self._peek():
            raise self._error(f'Unclosed start tag "{tag}" at byte offset {where}')
        value = self._value()
        if not self._peek():
            raise self._error(f"Unclosed start tag at byte offset {where}")
        if (tag, name) in {("a", "href"), ("tg-emoji", "emoji-id")}:
            return value
        if (tag, name) == ("code", "class") and value.startswith("language-"):
            return value.removeprefix("language-")
        if (tag, name) == ("span", "class") and value.startswith("tg-"):
            return value.removeprefix("tg-")
        return "1" if (tag, name) == ("blockquote", "expandable") else argument

    def _value(self) -> str:
        if self._peek() not in "\"'":
            start = self.at
            while self._peek() and (self._peek() in ".-" or (self._peek().isascii() and self._peek().isalnum())):
                self.at += 1
            if not self._peek() or self._peek() not in _SPACE + ">":
                raise self._error(f"Unexpected end of name token at byte offset {self._byte(start)}")
            return self.source[start : self.at].lower()
        quote = self._take()
        value: list[str] = []
        while self._peek() and self._peek() != quote:
            value.append(self._reference() or self._take())
        if self._peek() == quote:
            self.at += 1
        return "".join(value)

    def _end_tag(self, begin: int) -> None:
        where = self._byte(begin)
        if not self.open:
            raise self._error(f"Unexpected end tag at byte offset {where}")
        self.at += 1
        found = self._word(_SPACE + ">")
        self._skip_space()
        if self._peek() != ">":
            raise self._error(f"Unclosed end tag at byte offset {where}")
        self.at += 1
        last = self.open.pop()
        if found and found != last.tag:
            raise self._error(f'Unmatched end tag at byte offset {where}, expected "</{last.tag}>", found "</{found}>"')
        if self.length > last.offset:
            self._entity(last)

    def _entity(self, last: _Open) -> None:
        entity: Entity = {"type": _SIMPLE.get(last.tag, last.tag), "offset": last.offset}
        entity["length"] = self.length - last.offset
        if last.tag == "a":
            url = checked_link(last.argument or "".join(self.out[last.start :]))
            if not url:
                return
            entity |= {"type": "text_link", "url": url}
        elif last.tag == "blockquote" and last.argument:
            entity["type"] = "expandable_blockquote"
        elif last.tag == "tg-emoji":
            entity |= {"type": "custom_emoji", "custom_emoji_id": last.argument}
        elif last.tag in {"pre", "code"} and self._joined(entity, last):
            return
        self.entities.append(entity)

    def _joined(self, entity: Entity, last: _Open) -> bool:
        """`<pre><code class="language-x">` is one entity; a language without `pre` around it is forgotten."""
        before = self.entities[-1] if self.entities else {}
        same = before.get("offset") == entity["offset"] and before.get("length") == entity["length"]
        if last.tag == "pre" and same and before.get("type") == "code" and before.get("_language"):
            before |= {"type": "pre", "language": before["_language"]}
            return True
        if last.tag == "code" and same and before.get("type") == "pre" and last.argument:
            before["language"] = last.argument
            return True
        if last.tag == "code" and last.argument:
            entity["_language"] = last.argument
        return False


def checked_link(url: str) -> str:
    """`url` as Telegram keeps it (http, https, tg, ton, tonsite, mailto and tel; a bare host gets http), or nothing."""
    url = url.strip()
    scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", url)
    if scheme and not re.match(r"[^/]+:\d+(/|$)", url):
        name = scheme[1].lower()
        rest = url[scheme.end() :].lstrip("/")
        if name in {"tg", "ton", "tonsite"}:
            return url if rest else ""
        if name not in {"http", "https"}:
            return ""
        host = re.split(r"[/?#:]", rest, maxsplit=1)[0]
        return _with_path(url) if _is_host(host) else ""
    host = re.split(r"[/?#:]", url, maxsplit=1)[0]
    return _with_path(f"http://{url}") if _is_host(host) else ""


def _is_host(host: str) -> bool:
    return "." in host.strip(".") and not re.search(r"[\s<>\"'\\]", host)


def _with_path(url: str) -> str:
    rest = url.split("://", 1)[1]
    return url if re.search(r"[/?#]", rest) else f"{url}/"
