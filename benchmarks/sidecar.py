"""The sidecar beside a server in Express that loads and saves one progress document, in interleaved rounds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmarks import peer_install
from benchmarks.loads import Load
from benchmarks.sidecar_data import Stock, stock
from benchmarks.sidecar_rounds import AT_ONCE, BATCH, CONNECTIONS, Dose, Round, one_past, one_round
from benchmarks.table import Line

ROUNDS = 5
DOSE = Dose()
PAST = (10, 10_000)  # earlier records of each learner
READERS, PAST_COURSES = 16, 2  # of those with a long past
OURS, FULL, NORMAL = "sidecar", "FULL", "NORMAL"  # the peer by what SQLite's `synchronous` is: FULL is as safe as ours

Rounds = Mapping[str, list[Round]]
Pasts = Mapping[tuple[str, int], list[Load]]


async def lines(folder: Path, say: Callable[[str], None]) -> list[Line]:
    """All promises about the sidecar. Takes some six minutes. Raises NoPeer if there is nothing to measure beside."""
    await asyncio.to_thread(peer_install.install, say)
    say(f"beside {await asyncio.to_thread(peer_install.versions)}")
    rounds = await _rounds(folder, say)
    pasts = await _pasts(folder, say)
    return [
        *_completion(rounds),
        *_past(pasts),
        *_batch(rounds),
        *_course(rounds),
        _health(rounds),
        _at_once(rounds),
    ]


async def _rounds(folder: Path, say: Callable[[str], None]) -> Rounds:
    made = await stock(folder / "door", learners=DOSE.learners, courses=DOSE.courses, earlier=PAST[0], reported=PAST[0])
    found: dict[str, list[Round]] = {OURS: [], FULL: [], NORMAL: []}
    for number in range(ROUNDS):
        say(f"the sidecar, round {number + 1} of {ROUNDS}")
        for name, rounds in found.items():
            rounds.append(await one_round(made, None if name == OURS else name, DOSE))
    return found


async def _pasts(folder: Path, say: Callable[[str], None]) -> Pasts:
    say("people with a long past are made")
    made: dict[int, Stock] = {
        earlier: await stock(
            folder / f"door{earlier}", learners=READERS, courses=PAST_COURSES, earlier=earlier, reported=earlier
        )
        for earlier in PAST
    }
    found: dict[tuple[str, int], list[Load]] = {(name, earlier): [] for name in (OURS, FULL) for earlier in PAST}
    for number in range(ROUNDS):
        say(f"a long past, round {number + 1} of {ROUNDS}")
        for (name, earlier), loads in found.items():
            loads.append(await one_past(made[earlier], None if name == OURS else name))
    return found


def _median(rounds: Sequence[Round], pick: Callable[[Round], float]) -> float:
    return median(map(pick, rounds))


def _ratio(rounds: Rounds, theirs: str, pick: Callable[[Round], float]) -> float:
    return _median(rounds[OURS], pick) / _median(rounds[theirs], pick)


def told(loads: Sequence[Load]) -> str:
    """A side's medians in words."""
    rps, cpu, p50, p99 = (median(getattr(one, name) for one in loads) for name in ("rps", "cpu", "p50", "p99"))
    return f"{rps:.0f}/s, {cpu:.2f} ms CPU, p50 {p50:.1f} ms, p99 {p99:.1f} ms"


def _completion(rounds: Rounds) -> list[Line]:
    beside = {name: f"{told([one.completion for one in found])}" for name, found in rounds.items()}
    whole = f"{beside[OURS]}; peer {beside[FULL]}"
    quick = f"peer that may lose its last commits {beside[NORMAL]}"
    return [
        Line(f"completion, {CONNECTIONS} connections: rps", _ratio(rounds, FULL, _rps), 2.0, whole, at_least=True),
        Line("completion: CPU each", _ratio(rounds, FULL, _cpu), 0.5, "the same"),
        Line("completion: p99", _ratio(rounds, FULL, _p99), 0.5, "the same"),
        Line("completion: rps, to synchronous=NORMAL", _ratio(rounds, NORMAL, _rps), None, quick),
        Line("completion: CPU each, to synchronous=NORMAL", _ratio(rounds, NORMAL, _cpu), None, "the same"),
        Line("completion: p99, to synchronous=NORMAL", _ratio(rounds, NORMAL, _p99), None, "the same"),
    ]


def _past(pasts: Pasts) -> list[Line]:
    few, many = PAST
    grown = {
        name: median(one.p50 for one in pasts[name, many]) / median(one.p50 for one in pasts[name, few])
        for name in (OURS, FULL)
    }
    ours, theirs = (f"{told(pasts[name, many])}; with {few}: {told(pasts[name, few])}" for name in (OURS, FULL))
    return [
        Line(f"completion, {many} earlier records: p50, to {few}", grown[OURS], 1.2, ours),
        Line("the same of the peer", grown[FULL], None, theirs),
    ]


def _batch(rounds: Rounds) -> list[Line]:
    ours, theirs = ([one.batch for one in rounds[name]] for name in (OURS, FULL))
    cpu = median(one.cpu for one in ours)
    singly = BATCH * _median(rounds[FULL], _cpu)
    own = BATCH * _median(rounds[OURS], _cpu)
    at_once = median(one.cpu for one in theirs)
    return [
        Line(
            f"batch of {BATCH}: CPU, to {BATCH} completions of the peer",
            cpu / singly,
            0.25,
            f"{told(ours)}; peer's {BATCH} {singly:.2f} ms; our own {BATCH} {own:.2f} ms",
        ),
        Line("the same, to the peer's own batch", cpu / at_once, None, f"peer {told(theirs)}"),
    ]


def _course(rounds: Rounds) -> list[Line]:
    ours, theirs, unchanged = (
        [one.course for one in rounds[OURS]],
        [one.course for one in rounds[FULL]],
        [one.unchanged for one in rounds[OURS]],
    )
    sizes = f"{ours[0].size / 1024:.0f} KiB an answer; peer {theirs[0].size / 1024:.0f} KiB"
    return [
        Line(
            "GET course, gzip: rps",
            _ratio(rounds, FULL, lambda one: one.course.rps),
            8.0,
            f"{told(ours)}; peer {told(theirs)}; {sizes}",
            at_least=True,
        ),
        Line("GET course, unchanged (304): rps", median(one.rps for one in unchanged), None, told(unchanged), "/s"),
    ]


def _health(rounds: Rounds) -> Line:
    ours, theirs = (_median(rounds[name], lambda one: one.completion.beside) for name in (OURS, FULL))
    worst = max(one.completion.beside for one in rounds[OURS])
    beside = f"worst round {worst:.1f} ms; peer {theirs:.1f} ms"
    return Line("GET /health during completions: p99", ours, 50.0, beside, "ms")


def _at_once(rounds: Rounds) -> Line:
    wrong, theirs = (sum(one.wrong for one in rounds[name]) for name in (OURS, FULL))
    return Line(f"{AT_ONCE} completions of one learner at once: lost or twice", wrong, 0.0, f"peer {theirs}", "")


def _rps(one: Round) -> float:
    return one.completion.rps


def _cpu(one: Round) -> float:
    return one.completion.cpu


def _p99(one: Round) -> float:
    return one.completion.p99
