"""Taps on ✅: Lectern beside the two bots that keep nothing, in interleaved rounds."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks import school, taps
from benchmarks.table import Line
from benchmarks.taps import Run, Tap

ROUNDS = 5
BUSY, QUIET = 200.0, 10.0  # taps a second
MANY, FEW, STOCK = 1_200, 100, 120  # taps measured in a round; stock needs 80 ms for each
LEARNERS = 150
PAST = (10, 10_000)  # completions that each learner has behind them
READERS = 20  # of them at once: 10 taps a second each

Rounds = dict[str, list[Run]]


async def lines(folder: Path, say: Callable[[str], None]) -> list[Line]:
    """All promises about a tap. Takes some eight minutes."""
    busy, quiet = await _beside_others(folder, say)
    flat = await _with_a_past(folder, say)
    return [*_busy_lines(busy), *_quiet_lines(quiet), _flat_line(flat)]


async def _beside_others(folder: Path, say: Callable[[str], None]) -> tuple[Rounds, Rounds]:
    made = await school.build(folder / "middle", learners=LEARNERS, own_courses=True, tapped=1, earlier=PAST[0])
    warm, rest = made.taps[:LEARNERS], made.taps[LEARNERS:]
    busy: Rounds = {"stock": [], "backend": [], "lectern": []}
    quiet: Rounds = {"stock": [], "lectern": []}
    for number in range(ROUNDS):
        say(f"taps, round {number + 1} of {ROUNDS}")
        busy["stock"].append(await taps.noop("stock", rest[:STOCK], rate=BUSY))
        busy["backend"].append(await taps.noop("backend", rest[:MANY], rate=BUSY))
        busy["lectern"].append(await _lectern(made.folder, rest[:MANY], BUSY, warm))
        quiet["stock"].append(await taps.noop("stock", rest[:FEW], rate=QUIET))
        quiet["lectern"].append(await _lectern(made.folder, rest[:FEW], QUIET, warm))
    return busy, quiet


async def _with_a_past(folder: Path, say: Callable[[str], None]) -> Rounds:
    made = {
        earlier: await school.build(
            folder / f"past{earlier}", learners=READERS, own_courses=False, tapped=5, earlier=earlier
        )
        for earlier in PAST
    }
    found: Rounds = {str(earlier): [] for earlier in PAST}
    for number in range(ROUNDS):
        say(f"a long past, round {number + 1} of {ROUNDS}")
        for earlier, one in made.items():
            warm, rest = one.taps[: 2 * READERS], one.taps[2 * READERS :]
            found[str(earlier)].append(await _lectern(one.folder, rest, BUSY, warm))
    return found


async def _lectern(folder: Path, measured: list[Tap], rate: float, warm: list[Tap]) -> Run:
    """A round on a copy of `folder`, so that each begins with the same."""
    copy = folder.with_name(f"{folder.name}-copy")
    await asyncio.to_thread(shutil.copytree, folder, copy)
    try:
        return await taps.lectern(str(copy), measured, rate=rate, warm=warm)
    finally:
        await asyncio.to_thread(shutil.rmtree, copy)


def _ratio(rounds: Rounds, ours: str, theirs: str, of: Callable[[Run], float]) -> float:
    """The median over the rounds of ours to theirs in the same round."""
    return median(of(one) / of(other) for one, other in zip(rounds[ours], rounds[theirs], strict=True))


def _told(rounds: Rounds, name: str) -> str:
    runs = rounds[name]
    return "{:.2f} ms CPU, p50 {:.0f} ms, p99 {:.0f} ms".format(
        *(median(pick(run) for run in runs) for pick in (_cpu, _p50, _p99))
    )


def _cpu(run: Run) -> float:
    return run.cpu


def _p50(run: Run) -> float:
    return run.p50


def _p99(run: Run) -> float:
    return run.p99


def _busy_lines(busy: Rounds) -> list[Line]:
    ours, stock, backend = (_told(busy, name) for name in ("lectern", "stock", "backend"))
    return [
        Line("200 taps/s: CPU a tap, to stock", _ratio(busy, "lectern", "stock", _cpu), 0.4, f"{ours}; stock {stock}"),
        Line(
            "200 taps/s: CPU a tap, to no-op on our backend",
            _ratio(busy, "lectern", "backend", _cpu),
            1.3,
            f"no-op on our backend {backend}",
        ),
        Line("200 taps/s: tap to edited message, p50", _ratio(busy, "lectern", "backend", _p50), 1.4, "the same"),
        Line("200 taps/s: tap to edited message, p99", _ratio(busy, "lectern", "backend", _p99), 1.8, "the same"),
    ]


def _quiet_lines(quiet: Rounds) -> list[Line]:
    beside = f"{_told(quiet, 'lectern')}; stock {_told(quiet, 'stock')}"
    return [Line("10 taps/s: CPU a tap, to stock", _ratio(quiet, "lectern", "stock", _cpu), 0.6, beside)]


def _flat_line(flat: Rounds) -> Line:
    few, many = (str(earlier) for earlier in PAST)
    beside = f"{_told(flat, many)}; with 10: {_told(flat, few)}"
    return Line("10 000 completions behind them: CPU, to 10", _ratio(flat, many, few, _cpu), 1.2, beside)
