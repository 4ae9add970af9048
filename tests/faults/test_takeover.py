"""A worker that holds a job dies, sleeps or is stopped: the job goes on elsewhere, and a sleeper does nothing more."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from benchmarks.rig.deeds import Deed, only
from benchmarks.rig.fleet import Fleet
from benchmarks.rig.holds import holding
from benchmarks.school import FIRST_PERSON, SECTIONS
from tests.faults.fleets import Form, form, judge, postgres, redis_server, running, scaled, single
from tests.faults.rig import SEED

__all__ = ["form", "postgres", "redis_server", "scaled", "single"]

TAKEOVER = 15.0  # seconds until others go on with what a dead worker had in hand
STOP = 8.0  # seconds that a worker has for stopping
HANDED_BACK = 30.0  # seconds until others go on with what a stopped worker had in hand
ON_THE_WAY = 0.5  # seconds after which every call that was begun with the held one has been made
AFTERWARDS = 3.0  # seconds in which a sleeper that has woken shows what it does


async def test_a_worker_is_killed_for_good(scaled: Form, tmp_path: Path) -> None:
    await kill_for_good(scaled, tmp_path, SEED, times=1)


@pytest.mark.soak
async def test_fifty_workers_are_killed_for_good(scaled: Form, tmp_path: Path) -> None:
    await kill_for_good(scaled, tmp_path, SEED + 1, times=50)


async def kill_for_good(form: Form, folder: Path, seed: int, times: int) -> None:
    took: list[float] = []
    async with running(form, folder, seed, learners=10, courses=2) as (workers, school):
        for deed in only(school, "done", times):
            async with holding(workers.telegram, deed.query) as hold:
                await workers.telegram.give([deed])
                victim = await hold.in_hand()
                await workers.drop(victim)
                begun = time.monotonic()
                await workers.add()
                assert (await hold.taken_over()).worker != victim
                took.append(time.monotonic() - begun)
            assert took[-1] <= TAKEOVER, took
        await judge(workers)
    print(f"takeovers: {len(took)}, {min(took):.1f} to {max(took):.1f} s")


async def test_a_worker_sleeps_past_its_lease(scaled: Form, tmp_path: Path) -> None:
    await sleep_and_wake(scaled, tmp_path, SEED, times=1)


@pytest.mark.soak
async def test_twenty_workers_sleep_past_their_lease(scaled: Form, tmp_path: Path) -> None:
    await sleep_and_wake(scaled, tmp_path, SEED + 1, times=20)


async def sleep_and_wake(form: Form, folder: Path, seed: int, times: int) -> None:
    """The tap ends a lesson: whoever has answered it sends a message, which a sleeper must not do when it wakes."""
    async with running(form, folder, seed, learners=times) as (workers, school):
        for number in range(times):
            lesson = school.sections[number][:SECTIONS]
            deeds = [Deed(number * SECTIONS + at, FIRST_PERSON + number, "done", one) for at, one in enumerate(lesson)]
            await workers.telegram.give(deeds[:-1])
            await workers.rest()
            await _sleep_once(workers, deeds[-1])
        await judge(workers)


async def _sleep_once(workers: Fleet, deed: Deed) -> None:
    ledger = workers.telegram.ledger
    async with holding(workers.telegram, deed.query) as hold:
        await workers.telegram.give([deed])
        sleeper = await hold.in_hand()
        await asyncio.sleep(ON_THE_WAY)
        workers.workers[sleeper].freeze()
        assert (await hold.taken_over()).worker != sleeper
        await workers.rest()
        before = await _stored(workers, deed.person)
        said = len(ledger.calls)
        hold.released.set()
        await asyncio.sleep(0.2)
        workers.workers[sleeper].thaw()
        await asyncio.sleep(AFTERWARDS)
        assert [call for call in ledger.calls[said:] if call.worker == sleeper and call.chat == deed.person] == []
        assert await _stored(workers, deed.person) == before
    assert len([call for call in ledger.of("sendmessage") if call.chat == deed.person]) == 1
    await _alive_again(workers, sleeper)


async def _stored(workers: Fleet, person: int) -> list[tuple[object, ...]]:
    """Everything that a tap may write."""
    learner = person - FIRST_PERSON + 1
    rows: list[tuple[object, ...]] = []
    for table in ("completion", "reading", "enrolment"):
        rows += await workers.store.rows(f"SELECT * FROM {table} WHERE learner_id = {learner} ORDER BY 1, 2")
    return rows + list(await workers.store.rows(f"SELECT * FROM work WHERE lane = 'u:{person}' ORDER BY id"))


async def _alive_again(workers: Fleet, sleeper: str) -> None:
    """It counts among the living, under another name."""
    pid = workers.workers[sleeper].pid
    async with asyncio.timeout(20):
        while not await workers.store.rows(f"SELECT 1 FROM worker WHERE label LIKE '%:{pid}' AND name LIKE '%.%'"):  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def test_a_worker_is_stopped_with_a_job_in_hand(form: Form, tmp_path: Path) -> None:
    await stop_and_check(form, tmp_path, SEED, times=1)


@pytest.mark.soak
async def test_fifty_workers_are_stopped_with_a_job_in_hand(form: Form, tmp_path: Path) -> None:
    await stop_and_check(form, tmp_path, SEED + 1, times=50)


async def stop_and_check(form: Form, folder: Path, seed: int, times: int) -> None:
    stops: list[float] = []
    goes_on: list[float] = []
    async with running(form, folder, seed, learners=10, courses=2) as (workers, school):
        for deed in only(school, "done", times):
            async with holding(workers.telegram, deed.query) as hold:
                await workers.telegram.give([deed])
                one = workers.workers[await hold.in_hand()]
                begun = time.monotonic()
                assert await one.stop() == 0
                stops.append(time.monotonic() - begun)
                await one.launch()
                await hold.taken_over()
                goes_on.append(time.monotonic() - begun)
                await one.ready()
            assert stops[-1] <= STOP, stops
            assert goes_on[-1] <= HANDED_BACK, goes_on
        await judge(workers)
    print(f"stops: {len(stops)}, at most {max(stops):.1f} s; gone on with after at most {max(goes_on):.1f} s")
