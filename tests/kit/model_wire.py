"""The Messages API on the wire, as its SDK expects it: events, errors, and ways of breaking off."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

from tests.kit.model_faults import REFUSALS, Fault

TICK = 0.02  # seconds between two pieces of a paced answer
PIECES = 40  # pieces of an answer that is not paced
_SCHEMA_WORDS = {"type", "properties", "required", "additionalProperties", "items", "enum", "description"}


def error(status: int, kind: str, code: str | None, words: str, headers: dict[str, str] | None = None) -> web.Response:
    """An error in the service's own form."""
    return web.json_response(
        error_body(kind, code, words), status=status, headers={"request-id": "req_1", **(headers or {})}
    )


def error_body(kind: str, code: str | None, words: str) -> dict[str, object]:
    details = {"details": {"error_code": code}} if code else {}
    return {"type": "error", "error": {"type": kind, "message": words, **details}, "request_id": "req_1"}


def refused(fault: Fault) -> web.Response:
    """The error that `fault` names, with what it says about when to come back."""
    status, kind, code, words = REFUSALS[fault.name]
    headers = {} if fault.retry_after is None else {"retry-after": f"{fault.retry_after:g}"}
    return error(status, kind, code, words, headers)


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
    schema = body.get("output_config", {}).get("format", {}).get("schema")
    if schema is not None and len(json.dumps(schema)) > 2_500:
        return "The compiled grammar is too large."
    return _schema_complaint(schema) if schema is not None else ""


def _schema_complaint(node: dict[str, Any]) -> str:
    if unknown := set(node) - _SCHEMA_WORDS:
        return f"output_config.format.schema: unsupported keywords {sorted(unknown)}"
    if node.get("type") == "object":
        if node.get("additionalProperties") is not False or set(node["required"]) != set(node["properties"]):
            return "output_config.format.schema: objects must be closed and every property required"
        return next(filter(None, map(_schema_complaint, node["properties"].values())), "")
    return _schema_complaint(node["items"]) if node.get("type") == "array" else ""


def model_info(model: str) -> dict[str, object]:
    return {
        "id": model,
        "type": "model",
        "display_name": model,
        "created_at": "2026-06-01T00:00:00Z",
        "lifecycle": "active",
    }


def message(model: str, text: str | None) -> dict[str, object]:
    """A message: whole with its text, or, without, as it stands when a stream begins."""
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [] if text is None else [{"type": "text", "text": text}],
        "stop_reason": None if text is None else "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 1000, "output_tokens": 1 if text is None else len(text) // 4},
    }


class Events:
    """Writes server-sent events."""

    def __init__(self, response: web.StreamResponse) -> None:
        self._response = response

    async def send(self, kind: str, **fields: object) -> None:
        data = json.dumps({"type": kind, **fields}, ensure_ascii=False)
        await self._response.write(f"event: {kind}\ndata: {data}\n\n".encode())

    async def begin(self, model: str) -> None:
        await self.send("message_start", message=message(model, None))
        await self.send("content_block_start", index=0, content_block={"type": "text", "text": ""})
        await self.send("ping")

    async def text(self, text: str, seconds: float) -> None:
        """`text` in pieces, evenly over `seconds`; late pieces do not delay those after them."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        pieces = max(1, min(len(text), int(seconds / TICK))) if seconds else min(PIECES, len(text))
        for number in range(pieces):
            piece = text[number * len(text) // pieces : (number + 1) * len(text) // pieces]
            await self.send("content_block_delta", index=0, delta={"type": "text_delta", "text": piece})
            if seconds:
                await asyncio.sleep(max(0.0, started + (number + 1) * seconds / pieces - loop.time()))

    async def end(self, stop_reason: str, tokens: int) -> None:
        details = {"type": "refusal", "category": "general_harms", "explanation": None}
        await self.send("content_block_stop", index=0)
        await self.send(
            "message_delta",
            delta={
                "stop_reason": stop_reason,
                "stop_sequence": None,
                "stop_details": details if stop_reason == "refusal" else None,
            },
            usage={"output_tokens": tokens},
        )
        await self.send("message_stop")


async def _open(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"content-type": "text/event-stream; charset=utf-8", "request-id": "req_1"})
    await response.prepare(request)
    return response


async def streamed(
    request: web.Request, model: str, text: str, seconds: float, fault: Fault | None
) -> web.StreamResponse:
    """`text` as a stream over `seconds`, broken off as `fault` says."""
    response = await _open(request)
    events = Events(response)
    share = fault.share if fault else 1.0
    sent = text[: int(len(text) * share)]
    await events.begin(model)
    await events.text(sent, seconds * share)
    match fault.name if fault else "":
        case "overloaded_stream":
            await events.send("error", error={"type": "overloaded_error", "message": "Overloaded"})
        case "spent_stream":
            await events.send("error", error=error_body("billing_error", None, "Your credit is used up.")["error"])
        case "dropped":
            if request.transport:
                request.transport.abort()
        case "hang":
            await asyncio.sleep(60)
        case "truncated":
            await events.end("max_tokens", len(sent) // 4)
        case "refusal":
            await events.end("refusal", len(sent) // 4)
        case "invalid_json":
            await events.text('"}, ]: nothing }', 0)
            await events.end("end_turn", len(sent) // 4)
        case _:
            await events.end("end_turn", len(sent) // 4)
    return response


async def odd_answer(request: web.Request, model: str, fault: Fault) -> web.StreamResponse:
    """An answer that is no answer: nothing, prose, a web page, or events that are not events."""
    if fault.name == "garbage":
        return web.Response(text="<html><body>Bad gateway</body></html>", content_type="text/html")
    response = await _open(request)
    events = Events(response)
    if fault.name == "not_events":
        await response.write(b"event: message_start\ndata: {not json\n\n")
        return response
    await events.begin(model)
    if fault.name == "garbage_stream":
        await events.text("Sure! Here is what you asked for: [] {} \x00 \ufffd", 0)
        await events.send("content_block_delta", index=0)
        await events.send("something_new", number=1)
    await events.end("end_turn", 1)
    return response
