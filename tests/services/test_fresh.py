from __future__ import annotations

import asyncio

import pytest

from services.fresh import Fresh
from tests.kit.clocks import HeldClock


class Maker:
    """Makes 1, 2, 3…; each time only when it is let."""

    def __init__(self) -> None:
        self.made = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self) -> int:
        self.made += 1
        number = self.made
        await self.gate.wait()
        return number


async def test_a_value_is_kept_for_a_while() -> None:
    clock, make = HeldClock(), Maker()
    fresh: Fresh[str, int] = Fresh(clock, seconds=30)
    assert [await fresh.get("a", make), await fresh.get("a", make), await fresh.get("b", make)] == [1, 1, 2]
    clock.move(29.9)
    assert await fresh.get("a", make) == 1
    clock.move(0.1)
    assert await fresh.get("a", make) == 3


async def test_what_changed_is_made_anew_even_if_it_was_being_made() -> None:
    make = Maker()
    fresh: Fresh[str, int] = Fresh(HeldClock(), seconds=30)
    await fresh.get("a", make)
    fresh.forget("a")
    make.gate.clear()
    waiting = asyncio.create_task(fresh.get("a", make))
    await asyncio.sleep(0)
    fresh.forget("a")
    make.gate.set()
    assert await waiting == 2
    assert [await fresh.get("a", make), await fresh.get("a", make)] == [3, 3]


async def test_many_who_ask_have_it_made_once() -> None:
    make = Maker()
    make.gate.clear()
    fresh: Fresh[str, int] = Fresh(HeldClock(), seconds=30)
    asking = [asyncio.create_task(fresh.get("a", make)) for _ in range(50)]
    await asyncio.sleep(0)
    asking[0].cancel()
    make.gate.set()
    assert await asyncio.gather(*asking[1:]) == [1] * 49


async def test_a_failure_is_told_and_not_kept() -> None:
    fresh: Fresh[str, int] = Fresh(HeldClock(), seconds=30)

    async def fail() -> int:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        await fresh.get("a", fail)
    assert await fresh.get("a", Maker()) == 1


async def test_it_is_bounded() -> None:
    make = Maker()
    fresh: Fresh[int, int] = Fresh(HeldClock(), seconds=30, most=3)
    for number in range(5):
        await fresh.get(number, make)
    assert [await fresh.get(number, make) for number in (4, 3, 2, 0)] == [5, 4, 3, 6]
