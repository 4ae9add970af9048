"""One worker and three: how many taps a second, how soon what is posted is acknowledged, what a worker costs that has
nothing to do. The stub that posts and the database run on the same cores, and are counted."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import school
from benchmarks.hooked import FLOOD, Posted, Round, at, posted
from benchmarks.processes import cpu_seconds
from benchmarks.rig.fleet import fleet
from benchmarks.rig.stores import SqliteStore, Store, postgres_store
from benchmarks.servers import Servers, servers
from benchmarks.table import Line

LEARNERS, WARM, TAPS = 150, 150, 500
RATES = (50.0, 200.0)  # taps a second, while it is timed when they are acknowledged
ROUNDS = 3
IDLE, SETTLE = 20.0, 3.0  # seconds for which a worker has nothing to do, and until it has come to that
CORES = 6  # from which on three workers are to do twice what one does: three, the database, the stub, and one to spare
SEED = 20261123


@dataclass(frozen=True)
class Form:
    """Some workers on a database."""

    words: str
    kind: str
    workers: int


ONE_SQLITE = Form("one on SQLite", "SQLite", 1)
ONE = Form("one on PostgreSQL", "PostgreSQL", 1)
THREE = Form("three on PostgreSQL", "PostgreSQL", 3)
Rounds = dict[Form, list[Posted]]


async def lines(folder: Path, say: Callable[[str], None]) -> list[Line]:
    """Takes some nine minutes."""
    async with servers() as running:
        bench = Bench(folder, running, say)
        flood: Rounds = {form: [] for form in (ONE_SQLITE, ONE, THREE)}
        for number in range(ROUNDS):
            for form, found in flood.items():
                say(f"as fast as they can, {form.words}, round {number + 1} of {ROUNDS}")
                found.append(await bench.round(form, FLOOD, 2 * TAPS))
        paced: list[Line] = []
        for rate in RATES:
            for form in (ONE_SQLITE, ONE, THREE):
                paced += await _paced(bench, form, rate)
        say("nothing to do")
        idle = [await bench.idle(form) for form in (ONE_SQLITE, THREE)]
    return [
        *_flood_lines(flood),
        *paced,
        Line("idle CPU of one on SQLite", idle[0] * 100, 1.0, "of a core", "%"),
        Line("idle CPU of each of three", idle[1] * 100, 1.0, "of a core", "%"),
    ]


class Bench:
    """Rounds, each on a new database."""

    def __init__(self, folder: Path, running: Servers, say: Callable[[str], None]) -> None:
        self._folder = folder
        self._servers = running
        self.say = say
        self._round = 0

    async def round(self, form: Form, rate: float, count: int, *, bare: bool = False) -> Posted:
        """Taps at a rate; `bare`: the floor's, which is one process."""
        async with self._store(form) as (folder, store):
            made = await school.fill(store.url, learners=LEARNERS)
            warm, taps = made.taps[:WARM], made.taps[WARM : WARM + count]
            asked = Round(warm, taps, rate, 1 if bare else form.workers, bare=bare, database=self._servers.cpu)
            return await posted(folder, store, asked)

    async def idle(self, form: Form) -> float:
        """The share of a core that the busiest of idle workers takes."""
        async with self._store(form) as (folder, store):
            await school.fill(store.url, learners=LEARNERS)
            async with fleet(folder, store, SEED, webhook=form.workers > 1) as idling:
                await idling.start(form.workers)
                await asyncio.sleep(SETTLE)
                pids = [worker.pid for worker in idling.workers.values()]
                before = [cpu_seconds(pid) for pid in pids]
                await asyncio.sleep(IDLE)
                return max(cpu_seconds(pid) - was for pid, was in zip(pids, before, strict=True)) / IDLE

    @asynccontextmanager
    async def _store(self, form: Form) -> AsyncIterator[tuple[Path, Store]]:
        self._round += 1
        folder = self._folder / f"round{self._round}"
        await asyncio.to_thread(folder.mkdir, parents=True)
        if form.kind == "SQLite":
            yield folder, SqliteStore(folder / "lectern.db")
        else:
            async with postgres_store(self._servers.postgres, self._servers.redis) as store:
                yield folder, store


async def _paced(bench: Bench, form: Form, rate: float) -> list[Line]:
    """When updates are acknowledged, beside a bare route that makes one row of each."""
    ours: list[Posted] = []
    floor: list[Posted] = []
    for number in range(ROUNDS):
        bench.say(f"{rate:.0f} taps/s, {form.words}, round {number + 1} of {ROUNDS}")
        floor.append(await bench.round(form, rate, TAPS, bare=True))
        ours.append(await bench.round(form, rate, TAPS))
    p50, p99 = (median(pick(one) for one in ours) for pick in (_p50, _p99))
    bare50, bare99 = (median(pick(one) for one in floor) for pick in (_p50, _p99))
    took = [median(at(one.took, share) for one in ours) for share in (0.5, 0.99)]
    told = f"p50 {p50:.1f} ms; bare route, one row a commit: p50 {bare50:.1f}, p99 {bare99:.1f} ms"
    edited = f"tap to edit p50 {took[0]:.0f}, p99 {took[1]:.0f} ms, of which Telegram 40"
    what = f"{rate:.0f}/s posted to {form.words}: acknowledged, p99"
    ratio = median(one.p99 / other.p99 for one, other in zip(ours, floor, strict=True))
    return [
        Line(what, p99, 20.0, told, "ms"),
        Line(f"{what}, to a bare route", ratio, None, edited),
    ]


def _flood_lines(flood: Rounds) -> list[Line]:
    found = [
        Line(f"taps/s of {form.words}", _rate(flood, form), None, _shares(flood[form]), "/s")
        for form in (ONE_SQLITE, ONE, THREE)
    ]
    cores = os.cpu_count() or 1
    ratio = median(three.rate / one.rate for three, one in zip(flood[THREE], flood[ONE], strict=True))
    each = median(one.workers + one.database + one.stub for one in flood[THREE])
    told = f"{cores} cores allow {cores * 1000 / each:.0f} taps/s in all; ≥ 2 is asked from {CORES} cores on"
    limit = 2.0 if cores >= CORES else None
    return [*found, Line("taps/s of three on PostgreSQL, to one", ratio, limit, told, at_least=True)]


def _rate(flood: Rounds, form: Form) -> float:
    return median(one.rate for one in flood[form])


def _shares(rounds: list[Posted]) -> str:
    workers, database, stub = (median(getattr(one, name) for one in rounds) for name in ("workers", "database", "stub"))
    return f"posted; CPU a tap: workers {workers:.2f}, PostgreSQL {database:.2f}, the stub {stub:.2f} ms"


def _p50(one: Posted) -> float:
    return one.p50


def _p99(one: Posted) -> float:
    return one.p99
