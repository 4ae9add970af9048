"""What an OpenAI-compatible endpoint has refused and we can do without, so that it is left out from then on. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_FORMATS = ("json_schema", "json_object", "none")  # each asks less of the endpoint than the one before
_OF_FORMATS = ("response_format", "json_schema", "json_object", "schema", "grammar", "structured output")
_LENGTHS = ("max_completion_tokens", "max_tokens")  # the newer name, the older one, then neither
_TOO_LONG = ("too large", "at most", "maximum", "exceed")
_DISPENSABLE = {"stream_options": ("stream_options", "include_usage"), "reasoning_effort": ("reasoning", "thinking")}
_AS_JSON = "Answer with nothing but one JSON object that fits this JSON schema:"
_REMINDER = "Answer with nothing but one JSON object that fits the JSON schema above."


class Concessions:
    """Learns from refusals. Formats are remembered for each schema, since it may be that one only which is refused."""

    def __init__(self) -> None:
        self._formats: dict[str, int] = {}
        self._length = 0
        self._dropped: set[str] = set()

    def applied(self, wished: Mapping[str, Any]) -> dict[str, Any]:
        """The request to make instead of the one `wished` for, which has everything in it."""
        request = {name: value for name, value in wished.items() if name not in self._dropped}
        if self._length:
            room = request.pop(_LENGTHS[0])
            request |= dict.fromkeys(_LENGTHS[self._length :], room)
        asked = _FORMATS[self._formats.get(_schema(wished), 0)]
        if asked != "json_schema":
            del request["response_format"]
            request["messages"] = _with_schema(wished)
        if asked == "json_object":
            request["response_format"] = {"type": "json_object"}
        return request

    def made_for(self, refusal: str, request: Mapping[str, Any], wished: Mapping[str, Any]) -> bool:
        """Whether `refusal` (what the endpoint said to `request`) is about something that is left out from now on, so
        that another request may be made at once. Each thing is given up once, so this cannot go on for long."""
        words = refusal.lower()
        return self._shorter(words, request) or self._plainer(words, request, wished) or self._without(words, request)

    def _shorter(self, words: str, request: Mapping[str, Any]) -> bool:
        tried = next((index for index, name in enumerate(_LENGTHS) if name in request), None)
        if tried is None or not any(name in words for name in _LENGTHS):
            return False
        given_up = len(_LENGTHS) if any(each in words for each in _TOO_LONG) else tried + 1
        self._length = max(self._length, given_up)
        return True

    def _plainer(self, words: str, request: Mapping[str, Any], wished: Mapping[str, Any]) -> bool:
        tried = _FORMATS.index(request.get("response_format", {}).get("type", "none"))
        if tried == len(_FORMATS) - 1 or not any(each in words for each in _OF_FORMATS):
            return False
        schema = _schema(wished)
        self._formats[schema] = max(self._formats.get(schema, 0), tried + 1)
        return True

    def _without(self, words: str, request: Mapping[str, Any]) -> bool:
        refused = {
            name for name, signs in _DISPENSABLE.items() if name in request and any(sign in words for sign in signs)
        }
        self._dropped |= refused
        return bool(refused)


def _schema(wished: Mapping[str, Any]) -> str:
    return json.dumps(wished["response_format"]["json_schema"]["schema"], ensure_ascii=False)


def _with_schema(wished: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The messages with the schema in words: what is not enforced must be asked for. It stands before everything else,
    where it is part of what calls have in common and is kept with that; the end only reminds of it."""
    first, *between, last = wished["messages"]
    told = {**first, "content": f"{_AS_JSON}\n{_schema(wished)}\n\n{first['content']}"}
    return [told, *between, {**last, "content": f"{last['content']}\n\n{_REMINDER}"}]
