"""Taps in a hurry, updates that come twice and in any order, and one that nothing can be done with."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from benchmarks.rig.checker import check
from benchmarks.rig.deeds import Deed, only
from benchmarks.school import FIRST_PERSON
from services.lanes import MOST_TRIES
from tests.faults.fleets import Form, form, judge, postgres, redis_server, running, scaled, single
from tests.faults.rig import SEED

__all__ = ["form", "postgres", "redis_server", "scaled", "single"]

TAPS = 10  # of one learner on one ✅
ID = 500_000  # the first update id
OTHERS = 5.0  # seconds in which everybody else's updates are dealt with, whatever one update does


async def test_double_taps(form: Form, tmp_path: Path) -> None:
    await tap_and_tap_again(form, tmp_path, SEED, learners=20)


@pytest.mark.soak
async def test_double_taps_of_two_hundred(form: Form, tmp_path: Path) -> None:
    await tap_and_tap_again(form, tmp_path, SEED + 1, learners=200)


async def tap_and_tap_again(form: Form, folder: Path, seed: int, learners: int) -> None:
    async with running(form, folder, seed, learners=learners, webhook=form.workers > 1) as (workers, school):
        deeds = [
            Deed(tap * learners + place, FIRST_PERSON + place, "done", school.sections[place][0])
            for tap in range(TAPS)
            for place in range(learners)
        ]
        await workers.telegram.give(deeds)
        await judge(workers)
        answers = workers.telegram.ledger.answers()
        assert len(answers) == learners * TAPS
        assert {len(calls) for calls in answers.values()} == {1}
        assert await workers.store.rows("SELECT count(*) FROM completion") == [(learners,)]
        assert await workers.store.rows("SELECT count(*) FROM work WHERE tries > 0 OR crashes > 0") == [(0,)]
        if form.workers > 1:
            assert {call.worker for calls in answers.values() for call in calls} == set(workers.workers)


async def test_updates_twice_shuffled_and_under_new_numbers(form: Form, tmp_path: Path) -> None:
    await deliver_and_check(form, tmp_path, SEED, updates=60)


@pytest.mark.soak
async def test_a_thousand_updates_twice_shuffled_and_under_new_numbers(form: Form, tmp_path: Path) -> None:
    await deliver_and_check(form, tmp_path, SEED + 1, updates=1_000)


async def deliver_and_check(form: Form, folder: Path, seed: int, updates: int) -> None:
    """A third under numbers from `ID` on, a third from far below, a third from far above; each three times."""
    async with running(form, folder, seed, learners=60) as (workers, school):
        deeds = only(school, "done", updates)
        starts = (ID, 1_000, 10 * ID)
        for part, first in enumerate(starts):
            numbered = [(deed, first + at) for at, deed in enumerate(deeds[part::3])] * 3
            workers.rng.shuffle(numbered)
            await workers.telegram.deliver(numbered)
            await workers.rest()
            await asyncio.sleep(0.2)  # an empty answer comes before numbers may begin anew
        verdict = await check(workers.telegram.ledger, workers.store)
        assert not verdict.lost, verdict
        assert not verdict.doubled, verdict
        assert not verdict.aside, verdict
        assert await workers.store.rows("SELECT count(*) FROM completion") == [(updates,)]
        answers = workers.telegram.ledger.answers()
        assert sum(len(calls) for calls in answers.values()) == updates


async def test_one_update_that_nothing_can_be_done_with(form: Form, tmp_path: Path) -> None:
    await poison_and_check(form, tmp_path, SEED, others=99)


@pytest.mark.soak
async def test_one_among_a_thousand_that_nothing_can_be_done_with(form: Form, tmp_path: Path) -> None:
    await poison_and_check(form, tmp_path, SEED + 1, others=999)


async def poison_and_check(form: Form, folder: Path, seed: int, others: int) -> None:
    """Its date is a word, which no reader of messages expects; the sender's other taps are among the rest."""
    async with running(form, folder, seed, learners=60) as (workers, school):
        deeds = only(school, "done", others)
        middle = others // 2
        sender = deeds[middle].person
        await workers.telegram.give(deeds[:middle])
        who = {"id": sender, "is_bot": False, "first_name": "Ada"}
        bad = {
            "message_id": 1,
            "date": "yesterday",
            "chat": {"id": sender, "type": "private"},
            "from": who,
            "text": "hello",
        }
        update_id = await workers.telegram.slip_in({"message": bad})
        await workers.telegram.give(deeds[middle:])
        others_done = [deed.query for deed in deeds if deed.person != sender]
        async with asyncio.timeout(OTHERS + others / 50):
            while not set(others_done) <= set(workers.telegram.ledger.answers()):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        await judge(workers)
        found = await workers.store.rows("SELECT key, tries FROM work WHERE state = 'aside'")
        assert found == [(f"tg:{update_id}", MOST_TRIES)]
