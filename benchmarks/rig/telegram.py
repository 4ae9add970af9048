"""Telegram as a bot sees it: keeps updates until they are confirmed, one poller at a time, logs every call, and fails
by order. ``<url>/<worker>`` is its address for each worker, so that it knows who calls."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from benchmarks.rig.balancer import Balancer
from benchmarks.rig.deeds import Deed
from benchmarks.rig.ledger import Call, Ledger
from benchmarks.rig.limits import Limits, is_counted

TOKEN = "1234567:the-rig-the-rig-the-rig-the-rig-the-rig-"
_ME = {"id": 1_234_567, "is_bot": True, "first_name": "Lectern", "username": "lectern_bot"}
Fault = Callable[[Call], Awaitable[web.StreamResponse | None]]


@dataclass(slots=True)
class _Delivery:
    update_id: int
    body: dict[str, Any]
    handed: bool = False


@dataclass
class Telegram:
    """`latency` (seconds) is waited before an answer; `fault` may answer a call in its place. With `limits` it takes no
    more than Telegram does. `handed` is set whenever updates were handed out. With a `balancer` they are posted to the
    workers, who need not poll."""

    ledger: Ledger = field(default_factory=Ledger)
    url: str = ""
    latency: float = 0.0
    fault: Fault | None = None
    limits: Limits | None = None
    balancer: Balancer | None = None
    conflicts: int = 0
    handed: asyncio.Event = field(default_factory=asyncio.Event)
    _waiting: deque[_Delivery] = field(default_factory=deque)
    _new: asyncio.Condition = field(default_factory=asyncio.Condition)
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(100_000))
    _messages: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _hook: str = ""
    _poll: int = 0  # which poll is the one that is served: a later one ends it

    async def give(self, deeds: Iterable[Deed]) -> None:
        """Have these handed out, each under a new update id."""
        await self.deliver((deed, next(self._ids)) for deed in deeds)

    async def deliver(self, deeds: Iterable[tuple[Deed, int]]) -> None:
        """Have these handed out in this order, under these update ids, which may have been there before."""
        at = asyncio.get_running_loop().time()
        for deed, update_id in deeds:
            self.ledger.note(deed, update_id, at)
            self._put(deed.person, deed.update(update_id))
        await self._ring()

    async def slip_in(self, body: dict[str, Any]) -> int:
        """Hand out something that nobody did; returns its update id."""
        update_id = next(self._ids)
        self._put(0, {**body, "update_id": update_id})
        await self._ring()
        return update_id

    def restart_ids(self, first: int) -> None:
        """Go on from another number, as Telegram does after a quiet week."""
        self._ids = itertools.count(first)

    @property
    def unconfirmed(self) -> int:
        """How many updates wait to be fetched or confirmed."""
        return len(self._waiting) + (self.balancer.waiting if self.balancer else 0)

    async def some_arrive(self) -> None:
        """Wait until the next updates are just being handed out or posted."""
        bell = self.handed if self.balancer is None else self.balancer.pushed
        bell.clear()
        await asyncio.wait_for(bell.wait(), 60)

    def confirmed(self, update_id: int) -> None:
        """Somebody has answered for that update."""
        self.ledger.acknowledged.setdefault(update_id, asyncio.get_running_loop().time())

    def _put(self, person: int, body: dict[str, Any]) -> None:
        if self.balancer is not None:
            self.balancer.push(person, body)
        else:
            self._waiting.append(_Delivery(body["update_id"], body))

    async def _ring(self) -> None:
        async with self._new:
            self._new.notify_all()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call."""
        method = request.match_info["method"].lower()
        fields = await _fields(request)
        if method == "getupdates":
            return await self._updates(fields)
        call = Call(request.match_info["worker"], method, fields, asyncio.get_running_loop().time())
        self.ledger.calls.append(call)
        if self.fault is not None and (failed := await self.fault(call)) is not None:
            return failed
        if self.limits is not None and is_counted(method) and (seconds := self.limits.take(call.chat, call.at)):
            call.status = 429
            return _too_many(seconds)
        if self.latency:
            await asyncio.sleep(self.latency)
        call.status = 200
        return web.json_response({"ok": True, "result": self._result(method, fields)})

    async def _updates(self, fields: dict[str, Any]) -> web.Response:
        self._poll += 1
        mine, offset = self._poll, int(fields.get("offset", 0))
        if offset > 0:
            self._confirm(offset)
        async with self._new:
            self._new.notify_all()  # whoever polled before is told of the conflict
            try:
                async with asyncio.timeout(float(fields.get("timeout", 0))):
                    await self._new.wait_for(lambda: self._waiting or self._poll != mine)
            except TimeoutError:
                pass
        if self._poll != mine:
            self.conflicts += 1
            words = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
            return web.json_response({"ok": False, "error_code": 409, "description": words}, status=409)
        batch = list(itertools.islice(self._waiting, int(fields.get("limit", 100))))
        for one in batch:
            one.handed = True
        if batch:
            self.handed.set()
        return web.json_response({"ok": True, "result": [one.body for one in batch]})

    def _confirm(self, offset: int) -> None:
        kept: deque[_Delivery] = deque()
        for one in self._waiting:
            if one.handed and one.update_id < offset:
                self.confirmed(one.update_id)
            else:
                kept.append(one)
        self._waiting = kept

    def _result(self, method: str, fields: dict[str, Any]) -> Any:
        if method == "getme":
            return _ME
        if method == "getwebhookinfo":
            return {"url": self._hook, "has_custom_certificate": False, "pending_update_count": 0}
        if method in {"setwebhook", "deletewebhook"}:
            self._hook = str(fields.get("url", ""))
            return True
        if not method.startswith(("send", "edit")) or method == "sendchataction":
            return True
        number = fields.get("message_id") or next(self._messages)
        chat = {"id": int(fields.get("chat_id", 0)), "type": "private", "first_name": "Ada"}
        return {"message_id": int(number), "date": 1_790_000_000, "chat": chat, "from": _ME, "text": "…"}


def _too_many(seconds: int) -> web.Response:
    """What Telegram answers whoever sends more than it takes."""
    words = f"Too Many Requests: retry after {seconds}"
    body = {"ok": False, "error_code": 429, "description": words, "parameters": {"retry_after": seconds}}
    return web.json_response(body, status=429)


async def _fields(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        found: dict[str, Any] = json.loads(await request.read() or b"{}")
        return found
    return {name: value for name, value in (await request.post()).items() if isinstance(value, str)}


@asynccontextmanager
async def telegram() -> AsyncIterator[Telegram]:
    """Listens on a free port of 127.0.0.1."""
    made = Telegram()
    app = web.Application(client_max_size=64 * 2**20)
    app.router.add_route("*", "/{worker}/bot{token}/{method}", made.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.2, handler_cancellation=True, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=512).start()
    host, port = runner.addresses[0][:2]
    made.url = f"http://{host}:{port}"
    try:
        yield made
    finally:
        await runner.cleanup()
