"""Anthropic's Messages API on the wire, as its SDK expects it."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from tests.kit.model_cache import Account, PromptCache, claude_prefixes, tokens
from tests.kit.model_dialect import Dialect, Events, Reply, retry_headers, schema_complaint
from tests.kit.model_faults import CLAUDE_REFUSALS, Fault

_SCHEMA_WORDS = {"type", "properties", "required", "additionalProperties", "items", "enum", "description"}
_STOPPED = {"complete": "end_turn", "truncated": "max_tokens", "refusal": "refusal", "filtered": "refusal"}
_MOST_MARKS = 4


def error(status: int, kind: str, code: str | None, words: str, headers: dict[str, str] | None = None) -> web.Response:
    """An error in the service's own form."""
    return web.json_response(
        error_body(kind, code, words), status=status, headers={"request-id": "req_1", **(headers or {})}
    )


def error_body(kind: str, code: str | None, words: str) -> dict[str, object]:
    details = {"details": {"error_code": code}} if code else {}
    return {"type": "error", "error": {"type": kind, "message": words, **details}, "request_id": "req_1"}


def complaint(body: dict[str, Any]) -> str:
    """Why the real service would refuse this request; empty if it would not."""
    if not isinstance(body.get("max_tokens"), int) or body["max_tokens"] < 1:
        return "max_tokens: must be at least 1"
    if not body.get("messages") or not body.get("model"):
        return "messages and model are required"
    if any(message["role"] not in {"user", "assistant"} for message in body["messages"]):
        return "messages: role must be user or assistant"
    if {"temperature", "top_p", "top_k"} & set(body):
        return "sampling parameters are not supported by this model"
    system = body.get("system") or []
    if not isinstance(system, str):
        if not all(block.get("text") for block in system):
            return "system: text content blocks must be non-empty"
        if sum(1 for block in system if block.get("cache_control")) > _MOST_MARKS:
            return "A maximum of 4 blocks with cache_control may be provided."
    schema = body.get("output_config", {}).get("format", {}).get("schema")
    if schema is not None and len(json.dumps(schema)) > 2_500:
        return "The compiled grammar is too large."
    return schema_complaint(schema, _SCHEMA_WORDS) if schema is not None else ""


def model_info(model: str, *, retired: bool = False) -> dict[str, object]:
    return {
        "id": model,
        "type": "model",
        "display_name": model,
        "created_at": "2026-06-01T00:00:00Z",
        "lifecycle": "retired" if retired else "active",
    }


class ClaudeEvents(Events):
    """A message, event by event."""

    async def begin(self) -> None:
        message = _message(self._reply, None)
        await self.send({"type": "message_start", "message": message}, "message_start")
        await self._event("content_block_start", index=0, content_block={"type": "text", "text": ""})
        await self._event("ping")

    async def piece(self, text: str) -> None:
        await self._event("content_block_delta", index=0, delta={"type": "text_delta", "text": text})

    async def oddity(self) -> None:
        await self._event("content_block_delta", index=0)
        await self._event("something_new", number=1)

    async def error(self, name: str) -> None:
        spent = name == "spent_stream"
        kind, words = ("billing_error", "Your credit is used up.") if spent else ("overloaded_error", "Overloaded")
        await self._event("error", error=error_body(kind, None, words)["error"])

    async def end(self, reason: str, output: int) -> None:
        details = {"type": "refusal", "category": "general_harms", "explanation": None}
        stopped = _STOPPED[reason]
        await self._event("content_block_stop", index=0)
        await self._event(
            "message_delta",
            delta={
                "stop_reason": stopped,
                "stop_sequence": None,
                "stop_details": details if stopped == "refusal" else None,
            },
            usage={"output_tokens": output},
        )
        await self._event("message_stop")

    async def _event(self, kind: str, **fields: object) -> None:
        await self.send({"type": kind, **fields}, kind)


class Claude(Dialect):
    """Anthropic's service."""

    name = "claude"
    events = ClaudeEvents

    def __init__(self, cache: PromptCache) -> None:
        self._cache = cache

    def understood(self, body: dict[str, Any]) -> dict[str, Any]:
        return body

    def complaint(self, body: dict[str, Any]) -> str:
        return complaint(body)

    def account(self, body: dict[str, Any]) -> Account:
        system = body.get("system") or []
        texts = [system] if isinstance(system, str) else [block["text"] for block in system]
        whole = sum(map(tokens, [*texts, *(str(message["content"]) for message in body["messages"])]))
        return self._cache.account(body, claude_prefixes(body), whole=whole, writes=True)

    def refused(self, fault: Fault, words: str = "") -> web.Response:
        status, kind, code, said = CLAUDE_REFUSALS[fault.name]
        return error(status, kind, code, words or said, retry_headers(fault))

    def whole(self, reply: Reply) -> dict[str, object]:
        return _message(reply, reply.text)


def _message(reply: Reply, text: str | None) -> dict[str, object]:
    """A message: whole with its text, or, without, as it stands when a stream begins."""
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": reply.model,
        "content": [] if text is None else [{"type": "text", "text": text}],
        "stop_reason": None if text is None else "end_turn",
        "stop_sequence": None,
        "usage": {
            "input_tokens": reply.account.fresh,
            "cache_read_input_tokens": reply.account.cached,
            "cache_creation_input_tokens": reply.account.written,
            "output_tokens": 1 if text is None else len(text) // 4,
        },
    }
