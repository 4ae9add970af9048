"""A client that costs little: keeps some connections busy with requests made beforehand, and times every answer.

``python -m benchmarks.http_load`` reads a plan (JSON, one line: the path of a file that holds it) from standard input.
It sends the warm-up, prints ``ready``, and given an empty line sends the rest and prints what it measured. Each
connection sends its next request when it has the answer to the last one.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import uvloop

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_BODILESS = {204, 304}


@dataclass
class Plan:
    """Whole requests as text, `connections` for them, and one that a connection of its own sends every `pause` s."""

    host: str
    port: int
    connections: int
    warm: list[str]
    requests: list[str]
    beside: str | None = None
    pause: float = 0.02


@dataclass
class Tally:
    """What came back, in the order in which it came: seconds each took, and how many of each status."""

    took: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    bytes: int = 0


class Connection(asyncio.Protocol):
    """One request at a time over one connection."""

    def __init__(self) -> None:
        self.transport: asyncio.WriteTransport | None = None
        self.read = bytearray()
        self.answer: asyncio.Future[tuple[int, int]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.WriteTransport", transport)  # uvloop's are of no common class

    def connection_lost(self, error: Exception | None) -> None:
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(ConnectionResetError("the server hung up") if error is None else error)

    def data_received(self, data: bytes) -> None:
        self.read += data
        found = whole(self.read)
        if found is not None and self.answer is not None and not self.answer.done():
            self.read.clear()  # nothing follows an answer before the next request
            self.answer.set_result(found)

    async def send(self, request: bytes) -> tuple[int, int]:
        """The status and the size (bytes, head included) of its answer."""
        assert self.transport is not None
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self.answer

    def close(self) -> None:
        """Hang up."""
        if self.transport is not None:
            self.transport.close()


def whole(read: bytes | bytearray) -> tuple[int, int] | None:
    """Status and size of the answer in `read`, None while it is not all there."""
    end = read.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(read[:end])
    status = int(head[9:12])
    if status in _BODILESS:
        return status, len(read)
    if _CHUNKED.search(head):
        return (status, len(read)) if _all_chunks(read, end + 4) else None
    length = _LENGTH.search(head)
    return (status, len(read)) if len(read) >= end + 4 + (int(length[1]) if length else 0) else None


def _all_chunks(read: bytes | bytearray, at: int) -> bool:
    while (line := read.find(b"\r\n", at)) >= 0:
        size = int(read[at:line].split(b";")[0], 16)
        at = line + 2 + size + 2
        if size == 0:
            return at <= len(read)
    return False


async def _open(plan: Plan) -> Connection:
    _, connection = await asyncio.get_running_loop().create_connection(Connection, plan.host, plan.port)
    return connection


async def _work(connection: Connection, requests: Iterator[bytes], tally: Tally) -> None:
    for request in requests:
        begun = time.perf_counter()
        status, size = await connection.send(request)
        tally.took.append(time.perf_counter() - begun)
        tally.statuses[status] += 1
        tally.bytes += size


async def _beside(plan: Plan, tally: Tally) -> None:
    if plan.beside is None:
        return
    connection, request = await _open(plan), plan.beside.encode()
    try:
        while True:
            await asyncio.sleep(plan.pause)
            await _work(connection, iter([request]), tally)
    finally:
        connection.close()


async def _all(connections: list[Connection], requests: list[bytes]) -> Tally:
    tally, shared = Tally(), iter(requests)
    await asyncio.gather(*(_work(one, shared, tally) for one in connections))
    return tally


async def run() -> None:
    """Do what the plan says."""
    plan = Plan(**json.loads(await asyncio.to_thread(_plan)))
    requests = [one.encode() for one in plan.requests]
    connections = [await _open(plan) for _ in range(plan.connections)]
    await _all(connections, [one.encode() for one in plan.warm])
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    aside = Tally()
    health = asyncio.create_task(_beside(plan, aside))
    begun = time.perf_counter()
    tally = await _all(connections, requests)
    seconds = time.perf_counter() - begun
    health.cancel()
    found = {"seconds": seconds, "took": sorted(tally.took), "statuses": tally.statuses, "bytes": tally.bytes}
    print(json.dumps({**found, "beside": sorted(aside.took), "beside_statuses": aside.statuses}), flush=True)
    for one in connections:
        one.close()


def _plan() -> str:
    return Path(sys.stdin.readline().strip()).read_text(encoding="utf-8")


if __name__ == "__main__":
    uvloop.run(run())
