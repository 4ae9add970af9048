from __future__ import annotations

import asyncio

import pytest

from services.gathering import BUSY, PACE, Gathering
from services.jobs import NewWork
from storage.errors import StorageError
from tests.kit.clocks import HeldClock


class Store:
    """Keeps the groups it was given, and fails while it is told to."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.fails = False
        self.gate = asyncio.Event()
        self.gate.set()

    async def put(self, *items: NewWork) -> None:
        await self.gate.wait()
        if self.fails:
            raise StorageError("locked")
        self.groups.append([item.key for item in items])


def piece(name: str) -> NewWork:
    return NewWork("update", "u:1", name, {})


async def test_one_that_comes_alone_does_not_wait_and_many_go_together() -> None:
    store, clock = Store(), HeldClock()
    gathering, begun = Gathering(store.put, clock), clock.ticks
    await gathering.add(piece("a"))
    assert clock.ticks == begun, "nobody waited"
    await asyncio.gather(*(gathering.add(piece(name)) for name in "bcd"))
    assert store.groups == [["a"], ["b", "c", "d"]]
    assert clock.ticks == pytest.approx(begun + PACE)
    clock.move(2 * BUSY)
    await gathering.add(piece("e"))
    assert clock.ticks == pytest.approx(begun + PACE + 2 * BUSY), "and afterwards again nobody waits"


async def test_what_comes_while_a_group_is_stored_goes_with_the_next_one_in_order() -> None:
    store = Store()
    gathering = Gathering(store.put, HeldClock())
    store.gate.clear()
    adding = [asyncio.create_task(gathering.add(piece(name))) for name in "ab"]
    await asyncio.sleep(0.01)
    adding += [asyncio.create_task(gathering.add(piece(name))) for name in "cd"]
    await asyncio.sleep(0.01)
    adding[1].cancel()  # whoever brought it has gone; it is stored all the same
    store.gate.set()
    await asyncio.wait(adding)
    assert store.groups == [["a", "b"], ["c", "d"]]


async def test_everybody_hears_of_a_failure_and_the_next_group_is_tried_anew() -> None:
    store = Store()
    gathering = Gathering(store.put, HeldClock())
    store.fails = True
    found = await asyncio.gather(*(gathering.add(piece(name)) for name in "ab"), return_exceptions=True)
    assert [type(one) for one in found] == [StorageError, StorageError]
    store.fails = False
    await gathering.add(piece("c"))
    assert store.groups == [["c"]]
