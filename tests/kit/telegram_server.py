"""The local Telegram over real HTTP, for tests of whatever speaks HTTP to the Bot API: it logs calls and has faults.

async with telegram_server() as server:
    bot = Bot(TOKEN, base_url=server.base_url, base_file_url=server.base_file_url, request=…)
    server.fault("sendMessage", TooMany(3), chat_id=LEARNER.id)
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.localchat.engine import Engine
from bot.localchat.params import UploadedFile
from bot.localchat.people import TOKEN


@dataclass(frozen=True)
class TooMany:
    """429 with `retry_after` whole seconds; nothing is done."""

    retry_after: int


@dataclass(frozen=True)
class BadGateway:
    """502 with a page of HTML, as a proxy answers; nothing is done."""


@dataclass(frozen=True)
class Hang:
    """No answer for `seconds`; what was asked is done before that (`delivered`) or not at all. Then the line drops."""

    seconds: float
    delivered: bool


@dataclass(frozen=True)
class Drop:
    """The line drops without an answer, after what was asked was done (`delivered`) or without doing it."""

    delivered: bool


Fault = TooMany | BadGateway | Hang | Drop


@dataclass(frozen=True)
class Call:
    """One call that arrived: method as written, parameters (JSON decoded where it is JSON), seconds of the loop's
    clock at arrival, and the HTTP status it was given (0: none, the line dropped)."""

    method: str
    params: dict[str, Any]
    at: float
    status: int
    result: Any = None


@dataclass
class _Plan:
    method: str
    fault: Fault
    chat_id: int | None
    left: int

    def meets(self, method: str, params: dict[str, Any]) -> bool:
        same = _any(self.method) or self.method.lower() == method.lower()
        return self.left > 0 and same and (self.chat_id is None or str(params.get("chat_id")) == str(self.chat_id))


@dataclass
class TelegramServer:
    """A running server; `latency` (seconds) is waited before each answer except those of getUpdates."""

    engine: Engine
    url: str = ""
    latency: float = 0.0
    calls: list[Call] = field(default_factory=list)
    _plans: list[_Plan] = field(default_factory=list)
    _bell: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def base_url(self) -> str:
        """For python-telegram-bot's `base_url`."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """For python-telegram-bot's `base_file_url`."""
        return f"{self.url}/file/bot"

    def fault(self, method: str, fault: Fault, *, chat_id: int | None = None, times: int = 1) -> None:
        """The next `times` calls of `method` (``*``: any but getUpdates), in that chat if given, meet the fault."""
        self._plans.append(_Plan(method, fault, chat_id, times))

    def forgive(self) -> None:
        """Drop the faults that are still to come."""
        self._plans.clear()

    def of(self, *methods: str, chat_id: int | None = None) -> list[Call]:
        """The calls of these methods so far, in that chat if given, in the order they arrived."""
        wanted = {method.lower() for method in methods}
        return [
            call
            for call in sorted(self.calls, key=lambda call: call.at)
            if call.method.lower() in wanted and (chat_id is None or str(call.params.get("chat_id")) == str(chat_id))
        ]

    async def until(self, met: Callable[[TelegramServer], bool], timeout: float = 30.0) -> None:
        """Wait until `met` holds, looked at after each call; TimeoutError if it does not within `timeout` seconds."""
        async with asyncio.timeout(timeout):
            while not met(self):
                self._bell.clear()
                await self._bell.wait()

    def _log(self, call: Call) -> None:
        self.calls.append(call)
        self._bell.set()

    def _planned(self, method: str, params: dict[str, Any]) -> Fault | None:
        for plan in self._plans:
            if plan.meets(method, params) and not (_any(plan.method) and _is_poll(method)):
                plan.left -= 1
                return plan.fault
        return None

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        at = asyncio.get_running_loop().time()
        method = request.match_info["method"]
        if request.match_info["token"] != TOKEN:
            return web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)
        params, files = await _read(request)
        fault = self._planned(method, params)
        if self.latency and not _is_poll(method):
            await asyncio.sleep(self.latency)
        shown = {name: _decoded(value) for name, value in params.items()}
        if fault is None:
            status, body = await self.engine.call(method, params, files)
            self._log(Call(method, shown, at, status, body.get("result")))
            return web.json_response(body, status=status)
        return await self._fail(request, Call(method, shown, at, 0), fault, params, files)

    async def _fail(
        self, request: web.Request, call: Call, fault: Fault, params: dict[str, Any], files: dict[str, UploadedFile]
    ) -> web.StreamResponse:
        if isinstance(fault, TooMany):
            self._log(Call(call.method, call.params, call.at, 429))
            text = f"Too Many Requests: retry after {fault.retry_after}"
            about = {"retry_after": fault.retry_after}
            body = {"ok": False, "error_code": 429, "description": text, "parameters": about}
            return web.json_response(body, status=429)
        if isinstance(fault, BadGateway):
            self._log(Call(call.method, call.params, call.at, 502))
            return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")
        self._log(call)
        if fault.delivered:
            await self.engine.call(call.method, params, files)
        if isinstance(fault, Hang):
            await asyncio.sleep(fault.seconds)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def send_file(self, request: web.Request) -> web.Response:
        """Answer one download."""
        body = await self.engine.file(request.match_info["path"])
        if body is None or request.match_info["token"] != TOKEN:
            return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
        return web.Response(body=body)


def _any(method: str) -> bool:
    return method == "*"


def _is_poll(method: str) -> bool:
    """Names of methods are not case-sensitive."""
    return method.lower() == "getupdates"


async def _read(request: web.Request) -> tuple[dict[str, Any], dict[str, UploadedFile]]:
    params: dict[str, Any] = dict(request.query)
    files: dict[str, UploadedFile] = {}
    if request.content_type == "application/json":
        params |= await request.json()
        return params, files
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = UploadedFile(value.filename, value.file.read(), value.content_type)
        else:
            params[name] = value
    return params, files


def _decoded(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in {"[", "{"}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


@asynccontextmanager
async def telegram_server(engine: Engine | None = None) -> AsyncIterator[TelegramServer]:
    """A server on a free port of 127.0.0.1, over `engine` (default: one in memory, without a flood limit)."""
    own = engine or Engine(pace=None)
    server = TelegramServer(own)
    app = web.Application(client_max_size=64 * 2**20)
    app.router.add_route("*", "/bot{token}/{method}", server.answer)
    app.router.add_get("/file/bot{token}/{path:.+}", server.send_file)
    runner = web.AppRunner(app, shutdown_timeout=0.2, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    server.url = f"http://{host}:{port}"
    try:
        yield server
    finally:
        await runner.cleanup()
        if engine is None:
            own.close()
