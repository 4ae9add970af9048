"""Finished objects out of JSON that is still being written."""

from __future__ import annotations

import json
import re


class ObjectStream:
    """Gives back each object of the array under `key` as soon as its last brace has arrived.

    Text before the array (a fence, other keys) is passed over. An object that is not JSON stops the stream: nothing
    after it can be told apart from it. Line breaks inside strings are accepted as they are, as models write them.
    """

    def __init__(self, key: str) -> None:
        self._start = re.compile(rf'"{re.escape(key)}"\s*:\s*\[')
        self._decoder = json.JSONDecoder(strict=False)
        self._text = ""
        self._at: int | None = None

    def feed(self, piece: str) -> list[object]:
        """The objects that `piece` completed, in order."""
        self._text += piece
        if self._at is None and (found := self._start.search(self._text)):
            self._at = found.end()
        # Decoding is tried only when a brace closes: a lesson comes in thousands of pieces and has few of them.
        if self._at is None or "}" not in piece:
            return []
        done: list[object] = []
        while (value := self._next()) is not None:
            done.append(value)
        return done

    def _next(self) -> object | None:
        """The next complete object, or None while there is none."""
        at = self._at or 0
        while at < len(self._text) and self._text[at] in " \t\r\n,":
            at += 1
        if self._text[at : at + 1] != "{":
            return None
        try:
            value, end = self._decoder.raw_decode(self._text, at)
        except (ValueError, RecursionError):
            return None
        self._at = end
        return dict(value)
