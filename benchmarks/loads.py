"""A load on one of the two doors: how many requests a second, the CPU of each, and how long they take."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.doors import Door
from benchmarks.processes import HOST, cpu_seconds, line, python, say


@dataclass(frozen=True)
class Load:
    """What one round found. `cpu`, `p50` and `p99` in milliseconds; `size` is bytes on the wire for each answer;
    `beside` is the p99 of the one request that was sent now and again meanwhile."""

    rps: float
    cpu: float
    p50: float
    p99: float
    size: float
    beside: float


async def load(
    door: Door,
    requests: Sequence[str],
    *,
    warm: Sequence[str],
    connections: int,
    status: int = 200,
    beside: str | None = None,
) -> Load:
    """Send all `requests` over so many connections. Raises RuntimeError if one is answered by another status."""
    plan = {"host": HOST, "port": door.port, "connections": connections, "warm": [*warm], "requests": [*requests]}
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        await asyncio.to_thread(_write, Path(file.name), json.dumps({**plan, "beside": beside}))
        async with python("benchmarks.http_load") as client:
            await say(client, file.name)
            if await line(client) != "ready":
                raise RuntimeError("the client is not ready")
            before = cpu_seconds(door.pid)
            await say(client)
            found = json.loads(await line(client, timeout=150))
            used = cpu_seconds(door.pid) - before
    if list(found["statuses"]) != [str(status)] or set(found["beside_statuses"]) - {"200"}:
        raise RuntimeError(f"{found['statuses']} instead of {status} only; beside it {found['beside_statuses']}")
    took, aside = found["took"], found["beside"]
    count = len(took)
    return Load(
        rps=count / found["seconds"],
        cpu=used / count * 1000,
        p50=_at(took, 0.5),
        p99=_at(took, 0.99),
        size=found["bytes"] / count,
        beside=_at(aside, 0.99),
    )


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _at(ordered: Sequence[float], part: float) -> float:
    """The value that `part` of them do not exceed, in milliseconds; 0 if there are none."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000 if ordered else 0.0
