"""Workers that are posted to by the stub of Telegram: when an update is acknowledged, how many a second are done, and
what of the cores that takes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import cpu_seconds, environment, free_port, line, python, ready, say
from benchmarks.rig.stores import Store
from benchmarks.taps import TOKEN, Tap
from benchmarks.telegram_stub import FIRST_MESSAGE

SECRET = "the-bench-has-a-secret"
FLOOD = 1e9  # taps a second: all at once


@dataclass(frozen=True)
class Posted:
    """Of one round: `acknowledged` and `took` (tap to edited message) in ms, shortest first; `rate` in taps a second
    from the first to the last edit; CPU in ms a tap: of the workers, of the database's server, of the stub."""

    acknowledged: list[float]
    took: list[float]
    rate: float
    workers: float
    database: float
    stub: float

    @property
    def p50(self) -> float:
        """Of the acknowledgements."""
        return at(self.acknowledged, 0.5)

    @property
    def p99(self) -> float:
        """Of the acknowledgements."""
        return at(self.acknowledged, 0.99)


@dataclass(frozen=True)
class Round:
    """What is asked of workers: `taps` after some to warm up, so many a second. `bare`: of the floor, in their place.
    Each call of the Bot API is answered after `latency` seconds. `database` counts the CPU seconds of the database's
    server so far. Updates are numbered from `first` on: another round on the same database has other ones."""

    warm: Sequence[Tap]
    taps: Sequence[Tap]
    rate: float
    workers: int = 1
    bare: bool = False
    latency: float = 0.04
    database: Callable[[], float] = lambda: 0.0
    first: int = FIRST_MESSAGE


def at(sorted_values: Sequence[float], share: float) -> float:
    """The value below which that share of them is."""
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]


async def posted(folder: Path, store: Store, asked: Round) -> Posted:
    """One round on a filled database."""
    async with AsyncExitStack() as stack:
        stub = await stack.enter_async_context(python("benchmarks.telegram_stub"))
        plan = {
            "warm": list(asked.warm),
            "taps": list(asked.taps),
            "rate": asked.rate,
            "latency": asked.latency,
            "first": asked.first,
        }
        await say(stub, json.dumps({**plan, "secret": SECRET, "followed": not asked.bare}))
        url = await line(stub)
        ports = [free_port() for _ in range(asked.workers)]
        running = [
            await stack.enter_async_context(_started(folder / f"w{number}", store, url, port, asked.bare))
            for number, port in enumerate(ports)
        ]
        await asyncio.gather(*(ready(port) for port in ports))
        await say(stub, json.dumps([f"http://127.0.0.1:{port}" for port in ports]))
        assert await line(stub) == "ready"
        before, database = [cpu_seconds(pid) for pid in running], asked.database()
        await say(stub)
        found = json.loads(await line(stub, timeout=150))
        used = sum(cpu_seconds(pid) for pid in running) - sum(before)
        database = asked.database() - database
    each = 1000 / len(asked.taps)
    return Posted(
        acknowledged=[seconds * 1000 for seconds in found["acknowledged"]],
        took=[seconds * 1000 for seconds in found["took"]],
        rate=len(asked.taps) / found["seconds"],
        workers=used * each,
        database=database * each,
        stub=found["cpu"] * each,
    )


@asynccontextmanager
async def _started(folder: Path, store: Store, telegram: str, port: int, bare: bool) -> AsyncIterator[int]:
    """A worker, or what is in its place; yields its process id."""
    if bare:
        async with python("benchmarks.bare_hook", str(port), store.url) as process:
            yield process.pid
        return
    settings = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": telegram,
        "TELEGRAM_MODE": "webhook",
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
        "PUBLIC_URL": "https://lectern.example",
        "TELEGRAM_MESSAGES_PER_SECOND": "0",  # what we can do is measured, not what Telegram takes
        "PROGRESS_ITEMS_PER_WINDOW": "1000000",
        "DATA_DIR": str(folder),
        "HTTP_PORT": str(port),
        "LOG_LEVEL": "WARNING",
        **store.settings,
    }
    async with python("bot", env=environment(**settings)) as process:
        yield process.pid
