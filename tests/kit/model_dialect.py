"""What the wires of all providers have in common: an answer as events, at a pace, and the ways of breaking it off."""

from __future__ import annotations

import asyncio
import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.kit.model_cache import Account
from tests.kit.model_faults import Fault

TICK = 0.02  # seconds between two pieces of a paced answer
PIECES = 40  # pieces of an answer that is not paced


@dataclass(frozen=True)
class Reply:
    """What is to be answered: the `text` in the name of `model`, over `seconds`; what the request cost; and whether the
    service says so."""

    model: str
    text: str
    seconds: float
    account: Account
    tells_usage: bool = True


class Events(ABC):
    """Writes an answer as server-sent events."""

    def __init__(self, response: web.StreamResponse, reply: Reply) -> None:
        self._response = response
        self._reply = reply

    @abstractmethod
    async def begin(self) -> None: ...

    @abstractmethod
    async def piece(self, text: str) -> None: ...

    @abstractmethod
    async def oddity(self) -> None:
        """Events that nobody has heard of."""

    @abstractmethod
    async def error(self, name: str) -> None:
        """The error in mid-stream that a fault is called."""

    @abstractmethod
    async def end(self, reason: str, output: int) -> None:
        """`reason`: ``complete``, ``truncated``, ``refusal``, ``filtered``."""

    async def text(self, text: str, seconds: float) -> None:
        """`text` in pieces, evenly over `seconds`; late pieces do not delay those after them."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        pieces = max(1, min(len(text), int(seconds / TICK))) if seconds else min(PIECES, len(text))
        for number in range(pieces):
            await self.piece(text[number * len(text) // pieces : (number + 1) * len(text) // pieces])
            if seconds:
                await asyncio.sleep(max(0.0, started + (number + 1) * seconds / pieces - loop.time()))

    async def send(self, data: object, event: str = "") -> None:
        name = f"event: {event}\n" if event else ""
        words = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
        await self._response.write(f"{name}data: {words}\n\n".encode())


class Dialect(ABC):
    """How one kind of provider speaks."""

    name: str
    events: type[Events]

    @abstractmethod
    def understood(self, body: dict[str, Any]) -> dict[str, Any]:
        """A request in the words of Anthropic's service, which `model_answers` reads."""

    @abstractmethod
    def complaint(self, body: dict[str, Any]) -> str:
        """Why the real service would refuse this request; empty if it would not."""

    @abstractmethod
    def account(self, body: dict[str, Any]) -> Account:
        """What the request costs. Call it once, when the answer begins."""

    @abstractmethod
    def refused(self, fault: Fault, words: str = "") -> web.Response:
        """The error that `fault` names, with what it says about when to come back."""

    @abstractmethod
    def whole(self, reply: Reply) -> dict[str, object]:
        """An answer that is not streamed."""

    async def streamed(self, request: web.Request, reply: Reply, fault: Fault | None) -> web.StreamResponse:
        """The reply as a stream, broken off as `fault` says."""
        response = await opened(request)
        events = self.events(response, reply)
        share = fault.share if fault else 1.0
        sent = reply.text[: int(len(reply.text) * share)]
        await events.begin()
        await events.text(sent, reply.seconds * share)
        match fault.name if fault else "":
            case "overloaded_stream" | "spent_stream" as name:
                await events.error(name)
            case "dropped":
                _hang_up(request)
            case "hang":
                await asyncio.sleep(60)
            case "truncated" | "refusal" | "filtered" as name:
                await events.end(name, len(sent) // 4)
            case "invalid_json":
                await events.text('"}, ]: nothing }', 0)
                await events.end("complete", len(sent) // 4)
            case _:
                await events.end("complete", len(sent) // 4)
        return response

    async def odd(self, request: web.Request, reply: Reply, fault: Fault) -> web.StreamResponse:
        """An answer that is no answer: silence, nothing, prose, a web page, or events that are not events."""
        if fault.name == "garbage":
            return web.Response(text="<html><body>Bad gateway</body></html>", content_type="text/html")
        if fault.name == "hang_before":
            await asyncio.sleep(60)
        response = web.StreamResponse()
        if fault.name in {"hang_before", "dropped_before"}:
            _hang_up(request)
            return response
        response = await opened(request)
        events = self.events(response, reply)
        if fault.name == "not_events":
            await response.write(b"event: message_start\ndata: {not json\n\n")
            return response
        await events.begin()
        if fault.name == "garbage_stream":
            await events.text("Sure! Here is what you asked for: [] {} \x00 \ufffd", 0)
            await events.oddity()
        await events.end("complete", 1)
        return response


async def opened(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"content-type": "text/event-stream; charset=utf-8", "request-id": "req_1"})
    await response.prepare(request)
    return response


def retry_headers(fault: Fault) -> dict[str, str]:
    return {} if fault.retry_after is None else {"retry-after": f"{fault.retry_after:g}"}


def schema_complaint(node: dict[str, Any], words: set[str]) -> str:
    """What a strict service says against a schema that uses more than `words`, or leaves an object open."""
    if unknown := set(node) - words:
        return f"schema: unsupported keywords {sorted(unknown)}"
    if node.get("type") == "object":
        if node.get("additionalProperties") is not False or set(node["required"]) != set(node["properties"]):
            return "schema: objects must be closed and every property required"
        return next(filter(None, (schema_complaint(each, words) for each in node["properties"].values())), "")
    return schema_complaint(node["items"], words) if node.get("type") == "array" else ""


def _hang_up(request: web.Request) -> None:
    if request.transport:
        request.transport.abort()
