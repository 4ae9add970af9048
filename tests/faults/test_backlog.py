"""The bot was away, and many updates wait, most of them from a few people: whoever comes fresh is not kept waiting."""

from __future__ import annotations

import asyncio
import math
from pathlib import Path

import pytest

from benchmarks.processes import resident_megabytes
from benchmarks.rig import limits
from benchmarks.rig.deeds import Deed
from benchmarks.rig.fleet import Fleet, fleet
from benchmarks.school import FIRST_PERSON, School, fill
from tests.faults.fleets import Form, form, judge, postgres, redis_server, scaled, single
from tests.faults.rig import SEED

__all__ = ["form", "postgres", "redis_server", "scaled", "single"]

BUSY, OTHERS, FRESH = 30, 100, 20  # people
SOON = 5.0  # seconds in which 95 of 100 fresh ones have their answer, and see what they asked for
LATENCY = 0.04  # seconds that a call takes where Telegram is as slow as it is
GROWTH = 200.0  # megabytes
REFUSED = 100  # at most one call in so many: for minutes all is sent that may be, and what is sent can arrive in heaps


async def test_many_updates_wait(form: Form, tmp_path: Path) -> None:
    late, _ = await catch_up(form, tmp_path, SEED, waiting=1_000)
    assert late <= SOON


async def test_many_updates_wait_and_telegram_takes_thirty_a_second(form: Form, tmp_path: Path) -> None:
    # What Telegram takes makes it last for a quarter of a minute on any machine, so here seconds would say how busy the
    # machine is: were the fresh ones not let in before, they would be the last.
    late, all_took = await catch_up(form, tmp_path, SEED, waiting=400, others_every=4, paced=True)
    assert late <= all_took / 2


@pytest.mark.soak
async def test_ten_thousand_updates_wait(form: Form, tmp_path: Path) -> None:
    late, _ = await catch_up(form, tmp_path, SEED + 1, waiting=10_000)
    assert late <= SOON


@pytest.mark.soak
async def test_ten_thousand_updates_wait_and_telegram_takes_thirty_a_second(form: Form, tmp_path: Path) -> None:
    late, _ = await catch_up(form, tmp_path, SEED + 1, waiting=10_000, paced=True)
    assert late <= SOON


async def catch_up(
    form: Form, folder: Path, seed: int, waiting: int, *, others_every: int = 10, paced: bool = False
) -> tuple[float, float]:
    """Seconds until 95 of 100 fresh ones were served, and until everything was done. One in `others_every` of what
    waits is from one of the `OTHERS`, the rest from the `BUSY`; the fresh ones come while it is worked off."""
    school = await fill(form.store.url, learners=BUSY + OTHERS + FRESH)
    more = {"TELEGRAM_MESSAGES_PER_SECOND": str(limits.OVERALL)} if paced else {}
    async with fleet(folder, form.store, seed, webhook=form.workers > 1, **more) as workers:
        if paced:
            workers.telegram.limits, workers.telegram.latency = limits.Limits(), LATENCY
        places = [_whose(number, others_every) for number in range(waiting)]
        workers.rng.shuffle(places)
        deeds = [_open(school, number, place) for number, place in enumerate(places)]
        await workers.telegram.give(deeds)
        await workers.start(form.workers)
        before = _memory(workers)
        fresh = [_open(school, waiting + at, BUSY + OTHERS + at) for at in range(FRESH)]
        await workers.telegram.give(fresh)
        most = before
        async with asyncio.timeout(60 + waiting / 20):
            while not {deed.query for deed in (*deeds, *fresh)} <= set(workers.telegram.ledger.answers()):
                most = max(most, _memory(workers))
                await asyncio.sleep(0.5)
        late, all_took = _took(workers, fresh)
        growth, calls = most - before, len(workers.telegram.ledger.calls)
        print(f"{waiting} waiting: fresh p95 {late:.2f} s, all done after {all_took:.1f} s, memory + {growth:.0f} MB")
        verdict = await judge(workers, refused=waiting // REFUSED if paced else 0)
    print(f"{len(verdict.refused)} of {calls} calls were more than Telegram takes")
    assert growth <= GROWTH
    return late, all_took


def _whose(number: int, others_every: int) -> int:
    return BUSY + number // others_every % OTHERS if number % others_every == 0 else number % BUSY


def _open(school: School, number: int, place: int) -> Deed:
    """Somebody looks at a page."""
    sections = school.sections[place]
    return Deed(number, FIRST_PERSON + place, "open", sections[number % len(sections)])


def _memory(workers: Fleet) -> float:
    """Of the worker that has most, in megabytes."""
    return max(resident_megabytes(worker.pid) for worker in workers.workers.values())


def _took(workers: Fleet, fresh: list[Deed]) -> tuple[float, float]:
    """Seconds from tap to answer and screen of the 95th of 100 fresh ones, and until everything was done."""
    ledger = workers.telegram.ledger
    answers = ledger.answers()
    screens: dict[int, float] = {}
    for call in ledger.of("editmessagetext", "sendmessage"):
        if call.status == 200:
            screens.setdefault(call.chat, call.at)
    took = sorted(max(answers[deed.query][0].at, screens[deed.person]) - ledger.sent[deed.number] for deed in fresh)
    last = max(calls[0].at for calls in answers.values())
    return took[math.ceil(len(took) * 0.95) - 1], last - ledger.sent[fresh[0].number]
