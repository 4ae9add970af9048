"""Another program holds a table of PostgreSQL: for three seconds nobody hears of it, for longer people are told that
nothing is lost, and nothing is."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from benchmarks.rig.deeds import Deed, only
from benchmarks.rig.fleet import Fleet
from benchmarks.rig.ledger import Call
from benchmarks.rig.locks import locked
from handlers.texts import DEFAULT, plain
from tests.faults.fleets import Form, judge, postgres, redis_server, running, scaled
from tests.faults.rig import SEED

__all__ = ["postgres", "redis_server", "scaled"]

HELD_UP = plain(DEFAULT, "held_up")
TOLD_WITHIN = 10.0  # seconds until somebody who tapped hears of it, as promised
TAPS = 6  # of different people while it is locked
TABLES = ("work", "completion")  # what updates are stored in, and what a tap on ✅ writes


@pytest.mark.parametrize("times", [2, pytest.param(20, marks=pytest.mark.soak)])
async def test_a_table_that_is_locked_for_three_seconds(scaled: Form, tmp_path: Path, times: int) -> None:
    async with running(scaled, tmp_path, SEED, learners=TAPS, courses=2, webhook=True) as (workers, school):
        deeds = only(school, "done", TAPS * times)
        for turn in range(times):
            await _tap_while_locked(workers, deeds[turn * TAPS : (turn + 1) * TAPS], TABLES[turn % 2], 3.0)
            await workers.rest()
        await judge(workers)
        assert [call for call in workers.telegram.ledger.calls if _is_held_up(call)] == []
        balancer = workers.telegram.balancer
        assert balancer is not None
        assert set(balancer.statuses) == {200}


@pytest.mark.parametrize(("seconds", "times"), [(12, 2), pytest.param(30, 5, marks=pytest.mark.soak)])
async def test_a_table_that_is_locked_for_long(scaled: Form, tmp_path: Path, seconds: int, times: int) -> None:
    async with running(scaled, tmp_path, SEED, learners=TAPS, courses=2, webhook=True) as (workers, school):
        deeds = only(school, "done", TAPS * times)
        for turn in range(times):
            table, some = TABLES[turn % 2], deeds[turn * TAPS : (turn + 1) * TAPS]
            unlocked = await _tap_while_locked(workers, some, table, seconds)
            _all_told(workers, some)
            if table == "work":
                assert all(at >= unlocked for at in _acknowledged(workers, some)), "acknowledged and nowhere"
            await workers.rest()
        await judge(workers)
        assert await workers.store.rows("SELECT count(*) FROM completion") == [(len(deeds),)]
        assert await workers.store.rows("SELECT count(*) FROM work WHERE tries > 0 OR crashes > 0") == [(0,)]


async def _tap_while_locked(workers: Fleet, deeds: list[Deed], table: str, seconds: float) -> float:
    """Half of the taps come at once, the others in the middle; returns when the table was let go of (monotonic)."""
    loop = asyncio.get_running_loop()
    async with locked(workers.store, table):
        begun = loop.time()
        await workers.telegram.give(deeds[: TAPS // 2])
        await asyncio.sleep(min(seconds / 2, 1.5))
        await workers.telegram.give(deeds[TAPS // 2 :])
        await asyncio.sleep(begun + seconds - loop.time())
        return loop.time()


def _is_held_up(call: Call) -> bool:
    return call.fields.get("text") == HELD_UP


def _all_told(workers: Fleet, deeds: list[Deed]) -> None:
    """Each of them, over the tap, in time."""
    ledger = workers.telegram.ledger
    told = {call.query: call.at for call in reversed(ledger.calls) if _is_held_up(call)}
    late = [told.get(deed.query, float("inf")) - ledger.sent[deed.number] for deed in deeds]
    print(f"told after {', '.join(f'{one:.1f}' for one in late)} s")
    assert max(late) <= TOLD_WITHIN


def _acknowledged(workers: Fleet, deeds: list[Deed]) -> list[float]:
    """When each was, as far as they are."""
    ledger = workers.telegram.ledger
    return [ledger.acknowledged[one] for deed in deeds for one in ledger.ids[deed.number] if one in ledger.acknowledged]
