from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from services.fresh import Fresh
from storage.cache import MemoryCache
from tests.kit.clocks import HeldClock


@dataclass(frozen=True, slots=True)
class Figures:
    """Something like what is kept."""

    number: int
    at: datetime = datetime(2026, 11, 23, 12, 30, 15, 123456, tzinfo=UTC)
    days: tuple[date, ...] = (date(2026, 11, 23),)


class Counting:
    """Counts how often it was asked, and lets others come in between."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self) -> Figures:
        self.asked += 1
        found = self.asked
        await asyncio.sleep(0.01)
        return Figures(found)


def fresh(clock: HeldClock) -> tuple[Fresh[Figures], MemoryCache]:
    cache = MemoryCache(clock.monotonic)
    return Fresh(cache, Figures, seconds=30), cache


async def test_a_value_is_worked_out_once_and_kept_so_long() -> None:
    clock, make = HeldClock(), Counting()
    kept, _ = fresh(clock)
    assert await asyncio.gather(*(kept.get("a", make) for _ in range(20))) == [Figures(1)] * 20
    clock.move(29.9)
    assert await kept.get("a", make) == Figures(1)
    clock.move(0.2)
    assert await kept.get("a", make) == Figures(2)


async def test_another_state_is_another_value_even_while_one_is_being_worked_out() -> None:
    make = Counting()
    kept, _ = fresh(HeldClock())
    early = asyncio.create_task(kept.get("revision 1", make))
    await asyncio.sleep(0)
    assert await kept.get("revision 2", make) == Figures(2)
    assert await early == Figures(1)
    assert (await kept.get("revision 2", make), make.asked) == (Figures(2), 2)


async def test_what_is_not_there_is_worked_out_and_what_cannot_be_read_is_not_believed() -> None:
    make = Counting()
    kept, cache = fresh(HeldClock())
    for rubbish in (b"", b"\xff", b"[]", b'{"number": "many"}'):
        await cache.put("a", rubbish, 30)
        assert (await kept.get("a", make)).number == make.asked
    assert make.asked == 4
    assert (await kept.get("a", make)).number == 4


async def test_a_fault_is_told_to_all_and_not_kept() -> None:
    make = Counting()
    kept, _ = fresh(HeldClock())

    async def broken() -> Figures:
        await asyncio.sleep(0)
        raise LookupError("ours")

    found = await asyncio.gather(*(kept.get("a", broken) for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in found] == [LookupError] * 3
    assert await kept.get("a", make) == Figures(1)


async def test_one_who_leaves_spoils_nothing() -> None:
    make = Counting()
    kept, _ = fresh(HeldClock())
    left = asyncio.create_task(kept.get("a", make))
    await asyncio.sleep(0)
    left.cancel()
    with pytest.raises(asyncio.CancelledError):
        await left
    assert (await kept.get("a", make), make.asked) == (Figures(1), 1)
