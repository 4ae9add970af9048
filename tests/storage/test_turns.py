from __future__ import annotations

import asyncio
from collections.abc import Sequence

from storage.database import Database
from storage.turns import Queue, Turns
from storage.writer import Ask, Job, Statement, repeatable
from tests.kit.database import sqlite

__all__ = ["sqlite"]


async def let_run() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


class Order:
    """Who had the turn, in order. Each holds it until `go` has been called once more."""

    def __init__(self, *, linger: float = 0.05, patience: float = 60.0) -> None:
        self.turns = Turns(linger=linger, patience=patience)
        self.seen: list[str] = []
        self._go = asyncio.Semaphore(0)
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def come(self, *names: str) -> None:
        for name in names:
            queue = self.turns.group if name.startswith("group") else self.turns.transaction
            self._tasks[name] = asyncio.create_task(self._wait(queue, name))
        await let_run()

    async def go(self, times: int = 1) -> Sequence[str]:
        for _ in range(times):
            self._go.release()
            await let_run()
        return self.seen

    async def leave(self, name: str) -> None:
        self._tasks[name].cancel()
        await let_run()

    async def _wait(self, queue: Queue, name: str) -> None:
        async with queue:
            self.seen.append(name)
            await self._go.acquire()


async def test_a_group_waits_for_the_transaction_under_way_and_for_no_other() -> None:
    order = Order()
    await order.come("a", "b", "c", "group")
    assert await order.go() == ["a", "group"]
    assert await order.go() == ["a", "group"]  # another group may come
    await order.come("group 2", "d")
    assert await order.go() == ["a", "group", "group 2"]
    await asyncio.sleep(0.1)
    assert await order.go(3) == ["a", "group", "group 2", "b", "c", "d"]


async def test_nobody_lingers_where_no_transaction_waits() -> None:
    order = Order(linger=60.0)
    await order.come("group")
    await order.go()
    await order.come("a")
    assert order.seen == ["group", "a"]


async def test_groups_do_not_keep_out_transactions_that_have_waited_for_long() -> None:
    order = Order(patience=0.0)
    await order.come("group 1", "a", "b", "group 2", "group 3")
    assert await order.go(5) == ["group 1", "a", "group 2", "b", "group 3"]


async def test_a_transaction_lingers_no_longer_than_it_has_patience() -> None:
    order = Order(linger=60.0, patience=0.05)
    await order.come("group", "a")
    assert await order.go() == ["group"]
    await asyncio.sleep(0.1)
    assert order.seen == ["group", "a"]


async def test_whoever_gives_up_waiting_is_passed_over() -> None:
    order = Order()
    await order.come("a", "b", "group", "c")
    await order.leave("b")
    await order.leave("group")
    assert await order.go() == ["a", "c"]
    await order.leave("c")
    await order.come("d")
    assert order.seen == ["a", "c", "d"]


async def test_a_turn_that_is_given_to_somebody_who_has_just_given_up_is_given_on() -> None:
    turns, seen = Turns(), list[str]()

    async def wait(name: str) -> None:
        async with turns.transaction:
            seen.append(name)

    await turns.take(turns.transaction)
    first, second = asyncio.create_task(wait("first")), asyncio.create_task(wait("second"))
    await let_run()
    turns.give_back()  # the turn is the first one's, who has not noticed
    first.cancel()
    await asyncio.wait({first, second}, timeout=1)
    assert (first.cancelled(), seen) == (True, ["second"])


async def test_a_turn_is_taken_by_one_at_a_time() -> None:
    turns, inside, most = Turns(), 0, 0

    async def visit(queue: Queue) -> None:
        nonlocal inside, most
        async with queue:
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(visit(turns.group if number % 3 else turns.transaction) for number in range(60)))
    assert most == 1


async def test_a_tap_is_written_before_the_transactions_that_wait(sqlite: Database) -> None:
    ended: list[str] = []
    begun = asyncio.Event()

    @repeatable
    def tap() -> Job[int]:
        rows = yield Ask(Statement("SELECT 1"), {})
        return len(rows)

    async def long(name: str) -> None:
        async with sqlite.transaction():
            begun.set()
            await asyncio.sleep(0.02)
        ended.append(name)

    async def tapped() -> None:
        await begun.wait()
        await sqlite.writer.do(tap())
        ended.append("tap")

    await asyncio.gather(*(long(f"transaction {number}") for number in range(6)), tapped())
    assert ended.index("tap") <= 1
    assert len(ended) == 7
