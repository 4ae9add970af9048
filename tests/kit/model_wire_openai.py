"""Chat completions on the wire, as OpenAI's SDK expects them, of a service that is as strict as OpenAI's own."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from tests.kit.model_cache import Account, PromptCache, openai_prefixes, tokens
from tests.kit.model_dialect import Dialect, Events, Reply, retry_headers, schema_complaint
from tests.kit.model_faults import OPENAI_REFUSALS, Fault

_KNOWN = {
    "model",
    "messages",
    "max_completion_tokens",
    "max_tokens",
    "reasoning_effort",
    "response_format",
    "stream",
    "stream_options",
}
_SCHEMA_WORDS = {"type", "properties", "required", "additionalProperties", "items", "enum", "description"}
_STOPPED = {"complete": "stop", "truncated": "length", "refusal": "stop", "filtered": "content_filter"}
_IN_STREAM = {
    "overloaded_stream": {"message": "The server is overloaded.", "type": "server_error", "code": None},
    "spent_stream": {"message": "Quota exceeded.", "type": "insufficient_quota", "code": "insufficient_quota"},
}


class OpenAIEvents(Events):
    """A completion, chunk by chunk."""

    async def begin(self) -> None:
        await self._chunk({"role": "assistant", "content": "", "refusal": None})

    async def piece(self, text: str) -> None:
        await self._chunk({"content": text})

    async def oddity(self) -> None:
        await self.send({"id": "x", "object": "something.new", "choices": None})
        await self.send({"object": "chat.completion.chunk", "choices": [{"index": 0}]})

    async def error(self, name: str) -> None:
        await self.send({"error": _IN_STREAM[name]})

    async def end(self, reason: str, output: int) -> None:
        if reason == "refusal":
            await self._chunk({"refusal": "I'm sorry, but I can't help with that."})
        await self._chunk({}, _STOPPED[reason])
        if self._reply.tells_usage:
            await self.send(_completion(self._reply, [], usage=_usage(self._reply.account, output)))
        await self.send("[DONE]")

    async def _chunk(self, delta: dict[str, object], finished: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finished}
        await self.send(_completion(self._reply, [choice]))


class OpenAI(Dialect):
    """A service that speaks chat completions. What it `lacks` (``response_format``, ``json_schema``, ``json_object``,
    ``reasoning_effort``, ``stream_options``, ``max_completion_tokens``) it refuses; it writes at most `longest` tokens.
    """

    name = "openai"
    events = OpenAIEvents

    def __init__(self, cache: PromptCache) -> None:
        self._cache = cache
        self.lacks: set[str] = set()
        self.longest = 100_000

    def understood(self, body: dict[str, Any]) -> dict[str, Any]:
        said = [message["content"] for message in body["messages"] if message["role"] == "system"]
        asked = [message for message in body["messages"] if message["role"] != "system"]
        return {
            **body,
            "system": [{"type": "text", "text": text} for text in said],
            "messages": asked,
            "output_config": {"format": {"schema": _schema(body)}},
        }

    def complaint(self, body: dict[str, Any]) -> str:
        if unknown := set(body) - _KNOWN:
            return f"Unrecognized request arguments supplied: {sorted(unknown)}"
        kind = body.get("response_format", {}).get("type")
        if lacking := self.lacks & {*body, str(kind)}:
            return f"Unsupported parameter: '{min(lacking)}' is not supported with this model."
        room = body.get("max_completion_tokens", body.get("max_tokens", 1))
        if room > self.longest:
            return f"max_tokens is too large: {room}. This model supports at most {self.longest} completion tokens."
        if kind == "json_object" and "json" not in str(body["messages"]).lower():
            return "'messages' must contain the word 'json' to use 'response_format' of type 'json_object'."
        schema = body.get("response_format", {}).get("json_schema", {}).get("schema")
        return schema_complaint(schema, _SCHEMA_WORDS) if schema is not None else ""

    def account(self, body: dict[str, Any]) -> Account:
        whole = sum(tokens(str(message["content"])) for message in body["messages"])
        return self._cache.account(body, openai_prefixes(body), whole=whole, writes=False)

    def refused(self, fault: Fault, words: str = "") -> web.Response:
        status, kind, code, said = OPENAI_REFUSALS[fault.name]
        body = {"error": {"message": words or said, "type": kind, "param": None, "code": code}}
        return web.json_response(body, status=status, headers={"x-request-id": "req_1", **retry_headers(fault)})

    def whole(self, reply: Reply) -> dict[str, object]:
        message = {"role": "assistant", "content": reply.text, "refusal": None}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        usage = _usage(reply.account, len(reply.text) // 4)
        return {**_completion(reply, [choice], usage=usage), "object": "chat.completion"}


def _schema(body: dict[str, Any]) -> dict[str, Any]:
    """The schema of the answer: enforced, or, where that is not to be had, said in a line near the beginning."""
    enforced = body.get("response_format", {}).get("json_schema", {}).get("schema")
    if enforced is not None:
        return dict(enforced)
    lines = str(body["messages"][0]["content"]).split("\n", 2)
    return dict(json.loads(lines[1])) if len(lines) > 1 and lines[1].startswith('{"') else {}


def _completion(reply: Reply, choices: list[dict[str, object]], **more: object) -> dict[str, object]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1_780_000_000,
        "model": reply.model,
        "choices": choices,
        **more,
    }


def _usage(account: Account, output: int) -> dict[str, object]:
    return {
        "prompt_tokens": account.all,
        "completion_tokens": output,
        "total_tokens": account.all + output,
        "prompt_tokens_details": {"cached_tokens": account.cached, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0},
    }
