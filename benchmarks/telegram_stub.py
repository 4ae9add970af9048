"""A Telegram that costs next to nothing: hands out taps at a set rate and times each until its message is edited.

``python -m benchmarks.telegram_stub`` reads a plan (JSON, one line) from standard input and prints its address. When
the bot has dealt with the plan's warm-up it prints ``ready``; given an empty line it hands out the taps; when all have
been answered and edited it prints what it measured. Every call but getUpdates is answered after the plan's latency.

With a secret in its plan it does not wait to be polled: told where (a line with addresses, JSON), it posts the taps.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import uvloop

from benchmarks.posting import Posting, addresses

SETTLE = 0.3  # seconds after the last edit in which a bot may finish what it put off; they are measured
FIRST_MESSAGE = 1_000
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_OFFSET = re.compile(rb"offset\W+?(-?\d+)")
_TIMEOUT = re.compile(rb"timeout\W+?(\d+)")
_MESSAGE = re.compile(rb"message_id\W+?(\d+)")
_ME = {"id": 1_234_567, "is_bot": True, "first_name": "Lectern", "username": "lectern_bot"}
_TEXT = "Wild yeast and its company live in every handful of flour, and wait there for water and warmth. " * 16


@dataclass
class Plan:
    """What is tapped: (Telegram id of the person, callback data) each, so many a second. With a `secret` it is posted;
    `followed`: an update that was taken is followed by an answer and an edit. Updates are numbered from `first` on: on
    a database that has seen some, a number that comes again would be an update that comes again."""

    warm: list[tuple[int, str]]
    taps: list[tuple[int, str]]
    rate: float
    latency: float = 0.04
    patience: float = 120.0
    secret: str = ""
    followed: bool = True
    first: int = FIRST_MESSAGE


@dataclass
class Phase:
    """Taps that are being handed out: when each was made, how long it took, how many were answered."""

    taps: list[tuple[int, str]]
    first: int
    made: dict[int, float] = field(default_factory=dict)
    took: dict[int, float] = field(default_factory=dict)
    answers: int = 0

    @property
    def over(self) -> bool:
        return len(self.took) == len(self.taps) <= self.answers


class Stub:
    """The state that all connections share."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.loop = asyncio.get_running_loop()
        self.waiting: deque[tuple[int, bytes]] = deque()
        self.poller: tuple[Connection, asyncio.TimerHandle] | None = None
        self.posting = Posting(plan.secret, self._look) if plan.secret else None
        self.polled = asyncio.Event()
        self.over = asyncio.Event()
        self.polls = self.calls = 0
        self.next_message = plan.first
        self.phase = Phase([], 0)
        self.edited = _ok(_message(7_000_000_000, FIRST_MESSAGE))

    async def tap(self, taps: list[tuple[int, str]], rate: float) -> Phase:
        """Hand these out at `rate` and wait until every one is answered and edited."""
        self.phase = Phase(taps, self.next_message)
        self.next_message += len(taps)
        self.over.clear()
        begun = time.monotonic()
        async with asyncio.timeout(self.plan.patience):
            for number, (person, data) in enumerate(taps, self.phase.first):
                due = begun + (number - self.phase.first) / rate
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                self.phase.made[number] = due
                self.give(number, _update(number, person, data))
            await self.over.wait()
        return self.phase

    def give(self, number: int, update: bytes) -> None:
        """Post it, or keep it for the next poll."""
        if self.posting is not None:
            self.posting.post(number, update)
        else:
            self.waiting.append((number, update))
            self.hand_out()

    def poll(self, connection: Connection, body: bytes) -> None:
        """Answer at once if there is something, else when there is, at the latest after the poll's own timeout."""
        self.polls += 1
        offset, timeout = _OFFSET.search(body), _TIMEOUT.search(body)
        while self.waiting and offset and self.waiting[0][0] < int(offset[1]):
            self.waiting.popleft()
        if self.poller is not None:
            self.poller[1].cancel()
        hold = float(timeout[1]) if timeout else 0.0
        self.poller = (connection, self.loop.call_later(hold, self.answer_poll))
        self.polled.set()
        self.hand_out()

    def hand_out(self) -> None:
        if self.waiting and self.poller is not None:
            self.answer_poll()

    def answer_poll(self) -> None:
        if self.poller is None:
            return
        (connection, timer), self.poller = self.poller, None
        timer.cancel()
        rows = [body for _, (_, body) in zip(range(100), self.waiting, strict=False)]
        connection.write(b'{"ok":true,"result":[' + b",".join(rows) + b"]}")

    def called(self, connection: Connection, method: bytes, body: bytes) -> None:
        """One call; its answer is written after the latency."""
        self.calls += 1
        if method.startswith(b"edit"):
            found = _MESSAGE.search(body)
            number = int(found[1]) if found else 0
            self.loop.call_later(self.plan.latency, self._edited, connection, number)
            return
        if method == b"answercallbackquery":
            self.phase.answers += 1
            self._look()
        result: Any = (
            {"url": ""}
            if method == b"getwebhookinfo"
            else _ME
            if method == b"getme"
            else _message(7_000_000_000, 1)
            if b"send" in method
            else True
        )
        self.loop.call_later(self.plan.latency, connection.write, _ok(result))

    def _edited(self, connection: Connection, number: int) -> None:
        connection.write(self.edited)
        if number in self.phase.made:
            self.phase.took.setdefault(number, time.monotonic() - self.phase.made[number])
        self._look()

    def acknowledged(self, phase: Phase) -> list[float]:
        """The seconds after which each tap was acknowledged where it was posted, shortest first."""
        when = self.posting.acknowledged if self.posting is not None else {}
        return sorted(when[number] - made for number, made in phase.made.items() if number in when)

    def _look(self) -> None:
        taken = self.posting is None or len(self.posting.acknowledged) == self.next_message - self.plan.first
        if taken and (self.phase.over or not self.plan.followed):
            self.over.set()


class Connection(asyncio.Protocol):
    """As much HTTP/1.1 as two clients need: requests with a length, answers with a length, kept open."""

    def __init__(self, stub: Stub) -> None:
        self.stub = stub
        self.read = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]  # what a TCP server gives is a Transport

    def connection_lost(self, _error: Exception | None) -> None:
        self.transport = None

    def data_received(self, data: bytes) -> None:
        self.read += data
        while (end := self.read.find(b"\r\n\r\n")) >= 0:
            head = self.read[:end]
            found = _LENGTH.search(head)
            size = int(found[1]) if found else 0
            if len(self.read) < end + 4 + size:
                return
            body, self.read = self.read[end + 4 : end + 4 + size], self.read[end + 4 + size :]
            self._request(head.split(b" ", 2)[1].rpartition(b"/")[2].lower(), body)

    def _request(self, method: bytes, body: bytes) -> None:
        if method == b"getupdates":
            self.stub.poll(self, body)
        else:
            self.stub.called(self, method, body)

    def write(self, body: bytes) -> None:
        if self.transport is not None:
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
            self.transport.write(head + body)


def _result(method: bytes) -> Any:
    if method.startswith(b"send"):
        return _message(7_000_000_000, 1)
    return {b"getme": _ME, b"getwebhookinfo": {"url": ""}}.get(method, True)


def _ok(result: Any) -> bytes:
    return json.dumps({"ok": True, "result": result}).encode()


def _person(telegram_id: int) -> dict[str, Any]:
    return {"id": telegram_id, "is_bot": False, "first_name": "Ada", "language_code": "en"}


def _message(person: int, number: int) -> dict[str, Any]:
    """A section's page as Telegram tells it: some 1 500 characters, formatted, with keys."""
    names = (("◀", "1s.4k.0"), ("✅ Done", "1d.4k"), ("▶", "1s.4l.0"), ("📝 Note", "1n.4k.0"))
    return {
        "message_id": number,
        "from": _ME,
        "chat": {"id": person, "type": "private", "first_name": "Ada"},
        "date": int(time.time()) - 60,
        "text": _TEXT,
        "entities": [{"type": "bold", "offset": 96 * n, "length": 10} for n in range(6)],
        "reply_markup": {"inline_keyboard": [[{"text": text, "callback_data": data} for text, data in names]]},
    }


def _update(number: int, person: int, data: str) -> bytes:
    query = {
        "id": str(4_000_000_000_000_000_000 + number),
        "from": _person(person),
        "message": _message(person, number),
        "chat_instance": "-3141592653589793238",
        "data": data,
    }
    return json.dumps({"update_id": number, "callback_query": query}).encode()


async def _line() -> str:
    return await asyncio.to_thread(sys.stdin.readline)


async def serve() -> None:
    given = json.loads(await _line())
    stub = Stub(Plan(**given))
    server = await asyncio.get_running_loop().create_server(lambda: Connection(stub), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    if stub.posting is not None:
        await stub.posting.open(addresses(await _line()))
    else:
        async with asyncio.timeout(60):
            await stub.polled.wait()
    if stub.plan.warm:
        await stub.tap(stub.plan.warm, 100.0)
    await asyncio.sleep(1.0)
    print("ready", flush=True)
    await _line()
    begun = time.monotonic()
    polls, calls, used = stub.polls, stub.calls, time.process_time()
    phase = await stub.tap(stub.plan.taps, stub.plan.rate)
    used = time.process_time() - used
    await asyncio.sleep(SETTLE)
    measured = {
        "took": sorted(phase.took.values()),
        "acknowledged": stub.acknowledged(phase),
        "polls": stub.polls - polls,
        "calls": stub.calls - calls,
        "cpu": used,
        "seconds": time.monotonic() - begun - SETTLE,
    }
    print(json.dumps(measured), flush=True)
    await _line()


if __name__ == "__main__":
    uvloop.run(serve())
