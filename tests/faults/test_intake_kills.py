"""kill -9 just when updates come in: none is lost, none has its effect twice, nobody's are done in another order."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from pathlib import Path

import pytest

from benchmarks.rig.deeds import Deed, mixed
from benchmarks.rig.fleet import Fleet
from tests.faults.fleets import Form, form, judge, postgres, redis_server, running, scaled, single
from tests.faults.rig import SEED

__all__ = ["form", "postgres", "redis_server", "scaled", "single"]

LEARNERS, COURSES = 60, 5  # 90 sections each
INTAKE = 0.05  # seconds after updates were handed out within which the kill falls
LIFE = 1.0  # seconds that a worker works at most before the intake that is its last


async def test_a_few_kills(form: Form, tmp_path: Path) -> None:
    await kill_and_check(form, tmp_path, SEED, kills=3, updates=150)


@pytest.mark.soak
async def test_three_hundred_kills(form: Form, tmp_path: Path) -> None:
    await kill_and_check(form, tmp_path, SEED + 1, kills=300, updates=5_000)


async def kill_and_check(form: Form, folder: Path, seed: int, kills: int, updates: int) -> None:
    begun = time.monotonic()
    async with running(form, folder, seed, learners=LEARNERS, courses=COURSES) as (workers, school):
        deeds = mixed(school, workers.rng, updates)
        share = len(deeds) // (kills + 1)
        for number in range(kills):
            giving = asyncio.create_task(_give(workers, deeds[number * share : (number + 1) * share]))
            await _kill_at_intake(workers)
            await giving
        await workers.telegram.give(deeds[kills * share :])
        await judge(workers)
        ((most,),) = await workers.store.rows("SELECT max(crashes) FROM work")
    print(f"{kills} kills, {len(deeds)} updates, {time.monotonic() - begun:.0f} s; at most {most} with one in hand")


async def _give(workers: Fleet, deeds: list[Deed]) -> None:
    for at in range(0, len(deeds), 3):
        await workers.telegram.give(deeds[at : at + 3])
        await asyncio.sleep(workers.rng.uniform(0, 0.2))


async def _kill_at_intake(workers: Fleet) -> None:
    """Kill whoever is just taking updates in (of several, one by lot), and start it again."""
    await workers.telegram.some_arrive()
    await asyncio.sleep(workers.rng.uniform(0, LIFE))
    with suppress(TimeoutError):  # there need not be more to come
        async with asyncio.timeout(1):
            await workers.telegram.some_arrive()
    await asyncio.sleep(workers.rng.uniform(0, INTAKE))
    victim = workers.workers[workers.rng.choice(sorted(workers.workers))]
    await victim.kill()
    await victim.launch()
    if len(workers.workers) == 1 or workers.rng.random() < 0.5:
        await victim.ready()
