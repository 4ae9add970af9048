"""Taps on ✅ while courses are made for others, beside the same taps while nothing else happens."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

from benchmarks import making, school, taps
from benchmarks.table import Line
from benchmarks.taps import Run, Tap
from benchmarks.workshop import order_courses, stub

ROUNDS = 5
COURSES = 5  # made at the same time
RATE = 50.0  # taps a second
WARM, TAPS = 600, 500  # in a round: 6 s (at 100 a second) in which what is needed once is loaded, then 10 s
SCALE = 0.5  # of the model's seconds: twice as much happens in a second as would
LEARNERS = 100


async def lines(folder: Path, say: Callable[[str], None]) -> list[Line]:
    """The promise about taps during generations. Takes some three minutes."""
    made = await school.build(folder / "school", learners=LEARNERS, own_courses=True, tapped=1, earlier=10)
    warm, rest = made.taps[:WARM], made.taps[WARM : WARM + TAPS]
    quiet: list[Run] = []
    busy: list[Run] = []
    for number in range(ROUNDS):
        say(f"taps while {COURSES} courses are made, round {number + 1} of {ROUNDS}")
        quiet.append(await _round(made.folder, rest, warm, courses=0))
        busy.append(await _round(made.folder, rest, warm, courses=COURSES))
    ratio = median(one.p99 / other.p99 for one, other in zip(busy, quiet, strict=True))
    return [Line(f"tap to edited message, p99, while {COURSES} courses are made", ratio, 1.5, _told(busy, quiet))]


async def _round(folder: Path, measured: list[Tap], warm: list[Tap], *, courses: int) -> Run:
    """A round on a copy of `folder`, in which so many courses wait to be made when the bot starts."""
    copy = folder.with_name(f"{folder.name}-copy")
    await asyncio.to_thread(shutil.copytree, folder, copy)
    try:
        async with stub(copy, making.pace(SCALE)) as model:
            key = {"ANTHROPIC_API_KEY": "sk-ant-benchmark", "ANTHROPIC_BASE_URL": model.url}
            orders = [replace(making.ORDER, title=f"{making.ORDER.title}, {number}") for number in range(courses)]
            await order_courses(copy, model.url, orders)
            found = await taps.lectern(str(copy), measured, rate=RATE, warm=warm, **key)
            begun = {call["course"] for call in model.accounts() if call["kind"] == "body"}
            assert len(begun) == courses, f"{len(begun)} courses were begun"
            return found
    finally:
        await asyncio.to_thread(shutil.rmtree, copy)


def _told(busy: list[Run], quiet: list[Run]) -> str:
    figures = [median(getattr(run, name) for run in runs) for runs in (busy, quiet) for name in ("p50", "p99")]
    return "p50 {:.0f} ms, p99 {:.0f} ms; quiet {:.0f} and {:.0f} ms".format(*figures)
