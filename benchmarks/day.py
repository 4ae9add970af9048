"""A day of a school of ten thousand, by a clock that is moved: our own services, from the poll to the pacer, on a real
database. At its end the ledger and the database are compared: nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from benchmarks import school
from benchmarks.day_clock import DayClock
from benchmarks.day_plan import a_day
from benchmarks.day_telegram import DayTelegram
from benchmarks.hooked import at
from benchmarks.processes import resident_megabytes
from benchmarks.rig.checker import Verdict, check
from benchmarks.rig.stores import SqliteStore
from benchmarks.table import Line
from bot.lifecycle import shut_down, start
from bot.settings import load_settings
from bot.wiring import House, build_house
from handlers.chat.registry import announce_commands
from storage.database import Database

LEARNERS = 10_000
SLICE = 5.0  # seconds of the day that are handed out together: fewer than the pacer lets go at once
SEED = 20261123
TOKEN = "1234567:a-day-a-day-a-day-a-day-a-day-a-day-a-da"
LOOK = 0.001  # real seconds between two looks whether all is done
PATIENCE = 60.0  # real seconds for what one slice brings


@dataclass(frozen=True)
class Day:
    """What came of it. `seconds` are real; `took` (ms, from a tap to its answer) too; the sizes are in MB: of the
    database before and after, and how much the process has grown, the rig's ledger among it."""

    deeds: int
    taps: int
    seconds: float
    took: list[float]
    sent: int
    late: float
    database: tuple[float, float]
    grown: float
    verdict: Verdict


async def lines(folder: Path, say: Callable[[str], None]) -> list[Line]:
    """Takes four to nine minutes."""
    day = await live(folder, LEARNERS, SEED, say)
    wrong = sum(len(found) for found in vars(day.verdict).values())
    told = f"{day.deeds} updates, {day.taps} taps, {day.sent} messages and edits; seed {SEED}"
    sizes = f"the database grew from {day.database[0]:.0f} to {day.database[1]:.0f} MB; answers come at most "
    return [
        Line(f"24 h of {LEARNERS} learners: lost, doubled, in another order, set aside", wrong, 0.0, told, ""),
        Line("the same: real time", day.seconds, 600.0, f"{day.deeds / day.seconds:.0f} updates/s", "s"),
        Line("the same: tap to answer, p99", at(day.took, 0.99), None, f"p50 {at(day.took, 0.5):.1f} ms", "ms"),
        Line("the same: memory", day.grown, 200.0, f"{sizes}{day.late:.1f} s of the day late", "MB more"),
    ]


async def live(folder: Path, learners: int, seed: int, say: Callable[[str], None]) -> Day:
    """One day from midnight to midnight, in a new database in `folder`."""
    store = SqliteStore(folder / "lectern.db")
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    made = await school.fill(store.url, learners=learners)
    deeds = a_day(made, random.Random(seed))
    clock, far_side = DayClock(), DayTelegram()
    before = _megabytes(store.path)
    async with _house(folder, store, clock, far_side) as house:
        memory, begun, late = resident_megabytes(os.getpid()), time.monotonic(), 0.0
        for number, (slot, slice_) in enumerate(groupby(deeds, key=lambda one: one[0] // SLICE)):
            clock.move((slot + 1) * SLICE)
            far_side.give(deed for _, deed in slice_)
            await _done(house, clock, far_side)
            late = max(late, clock.monotonic() - (slot + 1) * SLICE)
            if number % 1_000 == 0:
                say(f"{clock.now():%H:%M}, {len(far_side.took)} taps answered")
        clock.move(24 * 3600.0)
        seconds, grown = time.monotonic() - begun, resident_megabytes(os.getpid()) - memory
    taps = sum(bool(deed.query) for _, deed in deeds)
    took = sorted(one * 1000 for one in far_side.took)
    sizes = (before, _megabytes(store.path))
    verdict = await check(far_side.ledger, store)
    return Day(len(deeds), taps, seconds, took, far_side.sent, late, sizes, grown, verdict)


async def _done(house: House, clock: DayClock, far_side: DayTelegram) -> None:
    """Until all that was given is dealt with; where everybody waits for the clock, it goes on."""
    async with asyncio.timeout(PATIENCE):
        while not far_side.idle or house.jobs.waiting:
            await asyncio.sleep(LOOK)
            clock.next_wakes(SLICE)


@asynccontextmanager
async def _house(folder: Path, store: SqliteStore, clock: DayClock, far_side: DayTelegram) -> AsyncIterator[House]:
    """Everything but the sidecar's door, running."""
    environ = {"DATA_DIR": str(folder), "TELEGRAM_BOT_TOKEN": TOKEN, "LOG_LEVEL": "WARNING"}
    database = await Database.open(store.url)
    try:
        settings = load_settings(environ, None)
        house = build_house(settings, database, token=TOKEN, request=far_side, clock=clock, rng=random.Random(SEED))
        await house.application.initialize()
        await announce_commands(house.application)
        arriving = await start(house)
        try:
            yield house
        finally:
            await shut_down(house, arriving)
    finally:
        await database.close()


def _megabytes(path: Path) -> float:
    return sum(one.stat().st_size for one in path.parent.glob(f"{path.name}*")) / 2**20
