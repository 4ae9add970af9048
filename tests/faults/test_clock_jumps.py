"""The wall clock of a worker jumps while people learn: no work is claimed twice, and nobody is locked out."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from benchmarks.rig.deeds import mixed
from benchmarks.rig.fleet import Fleet
from tests.faults.fleets import Form, form, judge, postgres, redis_server, running, scaled, single
from tests.faults.rig import SEED

__all__ = ["form", "postgres", "redis_server", "scaled", "single"]

HOUR = 3600.0
JUMPS = (HOUR, -HOUR, -24 * HOUR)
DEEDS = 12  # between two jumps
SOON = 10.0  # seconds in which everybody is answered after a jump; a worker that is locked out answers nobody


async def test_a_few_jumps(form: Form, tmp_path: Path) -> None:
    await jump_and_check(form, tmp_path, SEED, jumps=3)


@pytest.mark.soak
async def test_thirty_jumps(form: Form, tmp_path: Path) -> None:
    await jump_and_check(form, tmp_path, SEED + 1, jumps=30)


async def jump_and_check(form: Form, folder: Path, seed: int, jumps: int) -> None:
    module = "benchmarks.rig.bot_of_another_time"
    starting = running(form, folder, seed, learners=30, courses=2, webhook=form.workers > 1, module=module)
    async with starting as (workers, school):
        names, ahead = sorted(workers.workers), dict.fromkeys(workers.workers, 0.0)
        deeds = mixed(school, workers.rng, DEEDS * jumps)
        for number in range(jumps):
            some = deeds[number * DEEDS : (number + 1) * DEEDS]
            await workers.telegram.give(some[: DEEDS // 2])
            name = workers.rng.choice(names)
            ahead[name] += JUMPS[number % len(JUMPS)]
            await asyncio.to_thread(_set, workers, name, ahead[name])
            await workers.telegram.give(some[DEEDS // 2 :])
            begun = time.monotonic()
            await workers.rest()
            assert time.monotonic() - begun <= SOON
        await workers.telegram.give(deeds[DEEDS * jumps :])
        await judge(workers)
        answers = workers.telegram.ledger.answers()
        assert {len(calls) for calls in answers.values()} == {1}
        assert await workers.store.rows("SELECT count(*) FROM work WHERE tries > 0 OR crashes > 0") == [(0,)]


def _set(workers: Fleet, name: str, ahead: float) -> None:
    """At once, as far as a reader can tell."""
    file = workers.workers[name].folder / "data" / "ahead"
    file.parent.mkdir(exist_ok=True)
    new = file.with_suffix(".new")
    new.write_text(str(ahead))
    new.replace(file)
