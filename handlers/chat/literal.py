"""Markdown in which nothing disappears: HTML tags and spoiler bars become text that stands for itself.

The converter drops tags, so ``vector<int>`` would lose its type; ``a || b || c`` would hide its middle. Where tags
are is asked of the parser that the converter itself uses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_BARS = re.compile(rb"\|{2,}")
_TAG = re.compile(rb"<(?!https?:)")
_MAX_PASSES = 20  # a tag may uncover another; whoever nests deeper gets every "<" escaped at once

Event = tuple[Any, dict[str, int]]


def literal(body: str) -> str:
    """The same Markdown with HTML tags and ``||`` outside code escaped."""
    source = body.encode()
    if b"<" in source:
        source = _without_tags(source)
    if b"||" in source:
        bars = (place for run in _BARS.finditer(source) for place in range(*run.span()))
        source = _escaped(source, _outside(_code(_parsed(source)), bars))
    return source.decode()


def _without_tags(source: bytes) -> bytes:
    for _ in range(_MAX_PASSES):
        found = _tags(source, _parsed(source))
        if not found:
            return source
        source = _escaped(source, found)
    return _escaped(source, _outside(_code(_parsed(source)), (tag.start() for tag in _TAG.finditer(source))))


def _parsed(source: bytes) -> tuple[Event, ...]:
    from pyromark import events_with_range
    from telegramify_markdown.converter import STANDARD_OPTIONS

    return tuple(events_with_range(source.decode(), options=STANDARD_OPTIONS))  # type: ignore[arg-type]  # its own union


def _tags(source: bytes, events: tuple[Event, ...]) -> list[int]:
    """Where inline tags and blocks of HTML begin."""
    starts = [
        place["start"]
        for what, place in events
        if isinstance(what, dict) and ("InlineHtml" in what or what.get("Start") == "HtmlBlock")
    ]
    return [source.index(b"<", start) for start in starts]


def _code(events: tuple[Event, ...]) -> list[tuple[int, int]]:
    """Where code is, in order; nothing in it may be escaped."""
    return [
        (place["start"], place["end"])
        for what, place in events
        if isinstance(what, dict)
        and ("Code" in what or (isinstance(what.get("Start"), dict) and "CodeBlock" in what["Start"]))
    ]


def _outside(regions: list[tuple[int, int]], offsets: Iterable[int]) -> list[int]:
    left = iter(regions)
    start, end = next(left, (-1, -1))
    kept: list[int] = []
    for offset in offsets:
        while end != -1 and offset >= end:
            start, end = next(left, (-1, -1))
        if end == -1 or offset < start:
            kept.append(offset)
    return kept


def _escaped(source: bytes, offsets: list[int]) -> bytes:
    """A backslash before each offset that has none yet."""
    parts: list[bytes] = []
    last = 0
    for offset in offsets:
        before = source[last:offset]
        escaped = (len(before) - len(before.rstrip(b"\\"))) % 2
        parts.append(before if escaped else before + b"\\")
        last = offset
    return b"".join((*parts, source[last:]))
