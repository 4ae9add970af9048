"""The side of Telegram that posts updates: some connections to each address, one update at a time on each, everything
timed from when the update was made until it is acknowledged."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import cast
from urllib.parse import urlsplit

CONNECTIONS = 99  # over all addresses; a bot asks Telegram for at most a hundred
AGAIN = 0.3  # seconds until an update that was not taken is posted again
PATH = "/telegram/webhook"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Line(asyncio.Protocol):
    """One connection: a request, its answer, the next request."""

    def __init__(self, posting: Posting, host: str) -> None:
        self._posting = posting
        self._host = host
        self._read = b""
        self._transport: asyncio.WriteTransport | None = None
        self.carries: tuple[int, bytes] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's are of no common class

    def data_received(self, data: bytes) -> None:
        self._read += data
        end = self._read.find(b"\r\n\r\n")
        if end < 0:
            return
        found = _LENGTH.search(self._read, 0, end + 2)
        if len(self._read) >= end + 4 + (int(found[1]) if found else 0):
            status, self._read = int(self._read.split(b" ", 2)[1]), b""
            self._posting.answered(self, status)

    def send(self, number: int, body: bytes) -> None:
        """Post an update."""
        assert self._transport is not None
        self.carries = (number, body)
        head = (
            f"POST {PATH} HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {self._posting.secret}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._transport.write(head.encode() + body)


class Posting:
    """`acknowledged` says when each update was answered with 200, on the monotonic clock; `refused` counts other
    answers."""

    def __init__(self, secret: str, told: Callable[[], None]) -> None:
        self.secret = secret
        self.acknowledged: dict[int, float] = {}
        self.refused = 0
        self._told = told
        self._free: deque[Line] = deque()
        self._waiting: deque[tuple[int, bytes]] = deque()

    async def open(self, addresses: Sequence[str]) -> None:
        """Connect, to each address as often, so that they take turns."""
        loop = asyncio.get_running_loop()
        for number in range(CONNECTIONS // len(addresses) * len(addresses)):
            where = urlsplit(addresses[number % len(addresses)])
            line = Line(self, where.netloc)
            await loop.create_connection(partial(_itself, line), str(where.hostname), where.port or 80)
            self._free.append(line)

    def post(self, number: int, body: bytes) -> None:
        """Post an update as soon as a connection is free."""
        if self._free:
            self._free.popleft().send(number, body)
        else:
            self._waiting.append((number, body))

    def answered(self, line: Line, status: int) -> None:
        """An answer has come."""
        assert line.carries is not None
        (number, body), line.carries = line.carries, None
        if status == 200:
            self.acknowledged[number] = time.monotonic()
            self._told()
        else:
            self.refused += 1
            asyncio.get_running_loop().call_later(AGAIN, self.post, number, body)
        if self._waiting:
            line.send(*self._waiting.popleft())
        else:
            self._free.append(line)


def _itself(line: Line) -> Line:
    return line


def addresses(line: str) -> list[str]:
    """What a stub is told: where to post."""
    found: list[str] = json.loads(line)
    return found
