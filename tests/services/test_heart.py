from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select, text

from services.heart import BEAT_EVERY, DEAD_AFTER, LONGEST_GAP, Watch
from services.jobs import Jobs, Later, NewWork, WorkItem
from services.lanes import MOST_CRASHES
from storage import workers
from storage.database import Database
from storage.errors import StorageError
from storage.models import Work
from storage.work import WorkRepository
from tests.kit.clocks import HeldClock
from tests.kit.database import database, postgres, postgres_database, sqlite
from tests.kit.school import START

__all__ = ["database", "postgres", "sqlite"]


class PacedClock:
    """A clock that runs 10 times as fast as the one outside."""

    def __init__(self) -> None:
        self._moved = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return time.monotonic() * 10 + self._moved

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / 10)

    def move(self, seconds: float) -> None:
        self._moved += seconds


@dataclass
class Process:
    """One worker of several on a database, with an engine of its own."""

    database: Database
    clock: PacedClock
    jobs: Jobs
    begun: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    gave_up_on: list[str] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, item: WorkItem) -> None:
        self.begun.append(item.key)
        await self.gate.wait()
        self.done.append(item.key)

    async def gave_up(self, item: WorkItem, error: BaseException) -> None:
        self.gave_up_on.append(item.key)


@pytest.fixture
async def shared(postgres: str) -> AsyncIterator[str]:
    """The URL of a PostgreSQL database with all tables, for several engines."""
    async with postgres_database(postgres) as made:
        yield made.engine.url.render_as_string(hide_password=False)


@asynccontextmanager
async def process(url: str, name: str, *, open_gate: bool = True, cancellable: bool = False) -> AsyncIterator[Process]:
    database = await Database.open(url)
    clock = PacedClock()
    made = Process(database, clock, Jobs(database, clock, worker=name))
    if open_gate:
        made.gate.set()
    made.jobs.register("update", made.handle, gave_up=made.gave_up, can_be_cancelled=cancellable)
    await made.jobs.start()
    try:
        yield made
    finally:
        await made.jobs.stop(0)
        await database.close()


async def until(true: Callable[[], bool], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - a list rings no bell
            await asyncio.sleep(0.01)


async def freeze(name: str) -> None:
    """As if the process were killed: nothing of it runs any more, nothing is handed back."""
    mine = [one for one in asyncio.all_tasks() if one.get_name().endswith(f" of {name}")]
    for task in mine:
        task.cancel()
    await asyncio.gather(*mine, return_exceptions=True)


def new(key: str, lane: str = "u:1") -> NewWork:
    return NewWork("update", lane, key, {})


def test_a_beat_that_stands_still_for_long_enough_counts_as_stopped() -> None:
    watch = Watch()
    dead: list[float] = []
    for step in range(8):
        at = step * BEAT_EVERY
        found = watch.look({"still": 7, "beating": step}, at)
        assert found in ([], [("still", 7)])
        if found:
            dead.append(at)
    assert dead[0] == DEAD_AFTER


def test_a_pause_of_the_watcher_itself_counts_little() -> None:
    watch = Watch()
    assert watch.look({"other": 1}, 0) == []
    assert watch.look({"other": 1}, 1_000) == []  # we slept, or the database was away
    assert LONGEST_GAP < DEAD_AFTER
    assert watch.look({"other": 2}, 1_002) == []
    assert watch.look({"other": 2}, 1_002 + BEAT_EVERY) == []


def test_a_worker_that_came_and_went_is_forgotten() -> None:
    watch = Watch()
    for step in range(3):
        watch.look({"other": 1}, step * BEAT_EVERY)
    assert watch.look({}, 3 * BEAT_EVERY) == []
    assert watch.look({"other": 1}, 4 * BEAT_EVERY) == []


async def test_the_work_of_a_worker_that_died_goes_on_elsewhere_in_order(shared: str) -> None:
    async with process(shared, "one", open_gate=False) as one, process(shared, "two") as two:
        await one.jobs.put(*(new(key) for key in "abc"))
        await until(lambda: one.begun == ["a"])
        await freeze("one")
        before = two.clock.monotonic()
        await until(lambda: two.done == ["a", "b", "c"])
        assert two.clock.monotonic() - before <= 15


async def test_a_worker_that_slept_through_its_lease_writes_nothing_and_begins_again(shared: str) -> None:
    async with process(shared, "one", open_gate=False) as one, process(shared, "two") as two:
        await one.jobs.put(new("a"))
        await until(lambda: one.begun == ["a"])
        beat = (await two.database.writer.do(workers.beats()))["one"]
        while not await two.database.writer.do(workers.bury("one", beat)):
            beat = (await two.database.writer.do(workers.beats()))["one"]
        with pytest.raises(StorageError) as caught:
            async with one.database.transaction() as session:
                await session.execute(text("DELETE FROM work"))
        assert caught.value.why == "fenced"
        two.jobs.look()
        await until(lambda: two.done == ["a"])
        await until(lambda: one.jobs.heart.name == "one.2")
        one.gate.set()
        await one.jobs.put(new("c", "u:2"))
        await until(lambda: one.done == ["c"])
        async with two.database.reading() as session:
            assert {row.key: row.state for row in await session.scalars(select(Work))}.keys() == {"a", "c"}


async def test_a_worker_is_certain_for_a_while_after_its_beat_and_asks_after_that(shared: str) -> None:
    async with process(shared, "one") as one:
        await one.jobs.heart.certain()
        await one.database.writer.do(workers.leave("one"))
        one.clock.move(DEAD_AFTER)
        with pytest.raises(StorageError):
            await one.jobs.heart.certain()


async def test_a_lane_is_one_workers_although_several_put_into_it_at_once(shared: str) -> None:
    async with process(shared, "one") as one, process(shared, "two") as two, process(shared, "three") as three:
        processes, at_once, most = (one, two, three), {"u:1": 0, "u:2": 0}, 0
        order: dict[str, list[int]] = {"u:1": [], "u:2": []}

        async def handle(item: WorkItem) -> None:
            nonlocal most
            at_once[item.lane] += 1
            most = max(most, *at_once.values())
            await asyncio.sleep(0.001)
            order[item.lane].append(item.id)
            at_once[item.lane] -= 1

        for each in processes:
            each.jobs.register("update", handle)
        puts = [
            each.jobs.put(new(f"{number}-{lane}-{each.jobs.heart.name}", lane))
            for number in range(30)
            for each in processes
            for lane in order
        ]
        await asyncio.gather(*puts)
        await until(lambda: sum(map(len, order.values())) == 180)
        assert most == 1
        assert all(ids == sorted(ids) for ids in order.values())


async def test_who_has_no_place_for_what_takes_minutes_leaves_it_to_others(shared: str) -> None:
    async with process(shared, "one", open_gate=False) as one, process(shared, "two", open_gate=False) as two:
        for each in (one, two):
            each.jobs.register("course", each.handle, at_once=3, lasting=True)
        async with one.database.transaction() as session:
            rows = [NewWork("course", f"lane {at}", f"c{at}", {}) for at in range(7)]
            await WorkRepository(session).put(rows, one.clock.now())
        one.jobs.wake()
        await until(lambda: len(one.begun) == len(two.begun) == 3)
        await one.jobs.put(new("a"))
        await until(lambda: one.begun[3:] == ["a"])
        two.gate.set()
        await until(lambda: sorted(one.begun[:3] + two.done) == [f"c{at}" for at in range(7)])


async def test_stopping_reaches_what_another_worker_is_doing(shared: str) -> None:
    async with (
        process(shared, "one", open_gate=False, cancellable=True) as one,
        process(shared, "two", cancellable=True) as two,
    ):
        await one.jobs.put(new("a"), new("b"))
        await until(lambda: one.begun == ["a"])
        assert await two.jobs.cancel("a")
        await until(lambda: one.begun == ["a", "b"])
        assert one.done == []


@pytest.mark.parametrize("ticks", range(5))
async def test_whoever_is_ended_just_as_they_are_called_ends(sqlite: Database, ticks: int) -> None:
    """`asyncio.wait_for` of Python 3.11 forgets that it was cancelled if what it waits for comes in the same tick."""
    jobs = Jobs(sqlite, HeldClock(), worker="called")
    await jobs.start()
    await asyncio.sleep(0.05)
    jobs.look()
    for _ in range(ticks):
        await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await freeze("called")


async def test_a_piece_that_kills_its_workers_is_set_aside_in_the_end(sqlite: Database) -> None:
    for life in range(MOST_CRASHES):
        jobs = Jobs(sqlite, HeldClock(), worker=f"life {life}")
        died = Process(sqlite, PacedClock(), jobs)
        jobs.register("update", died.handle)
        await jobs.start()
        await jobs.put(new("poison"), new("innocent"))
        await until(partial(lambda died: died.begun == ["poison"], died))
        await freeze(f"life {life}")
    last = Process(sqlite, PacedClock(), Jobs(sqlite, HeldClock(), worker="last"))
    last.gate.set()
    last.jobs.register("update", last.handle, gave_up=last.gave_up)
    await last.jobs.start()
    await until(lambda: last.done == ["innocent"])
    assert last.gave_up_on == ["poison"]
    await last.jobs.stop(1)


async def test_what_is_only_in_hand_beside_others_is_not_blamed(sqlite: Database) -> None:
    """As many lives as kill a piece, and one of them kills: the others are done all the same."""
    keys = [f"u{number}" for number in range(6)]
    for life in range(2 * MOST_CRASHES):
        jobs = Jobs(sqlite, HeldClock(), worker=f"life {life}")
        one = Process(sqlite, PacedClock(), jobs)
        if life >= 2:  # from now on only the first never ends
            jobs.register("update", partial(_all_but, one, "u0"), gave_up=one.gave_up)
        else:
            jobs.register("update", one.handle)
        await jobs.start()
        if life == 0:
            await jobs.put(*(new(key, f"lane {key}") for key in keys))
        await until(partial(lambda one: one.begun or one.gave_up_on, one))
        await asyncio.sleep(0.05)
        await freeze(f"life {life}")
        if one.gave_up_on:
            break
    assert one.gave_up_on == ["u0"]
    last = Process(sqlite, PacedClock(), Jobs(sqlite, HeldClock(), worker="last"))
    last.gate.set()
    last.jobs.register("update", last.handle, gave_up=last.gave_up)
    await last.jobs.start()
    async with asyncio.timeout(10):
        while (await states(sqlite)) != {"u0": "aside", **dict.fromkeys(keys[1:], "done")}:  # noqa: ASYNC110 - rows ring no bell
            await asyncio.sleep(0.02)
    assert last.gave_up_on in ([], ["u0"])
    await last.jobs.stop(1)


async def test_what_takes_minutes_goes_on_side_by_side_however_many_workers_died(sqlite: Database) -> None:
    for life in range(MOST_CRASHES + 1):
        jobs = Jobs(sqlite, HeldClock(), worker=f"life {life}")
        one = Process(sqlite, PacedClock(), jobs)
        jobs.register("update", one.handle, gave_up=one.gave_up, lasting=True)
        await jobs.start()
        if life == 0:
            await jobs.put(new("a", "lane a"), new("b", "lane b"))
        await until(partial(lambda one: sorted(one.begun) == ["a", "b"], one))
        await freeze(f"life {life}")
    last = Process(sqlite, PacedClock(), Jobs(sqlite, HeldClock(), worker="last"))
    last.gate.set()
    last.jobs.register("update", last.handle, gave_up=last.gave_up, lasting=True)
    await last.jobs.start()
    await until(lambda: sorted(last.done) == ["a", "b"])
    assert last.gave_up_on == []
    await last.jobs.stop(1)


async def _all_but(process: Process, killer: str, item: WorkItem) -> None:
    process.begun.append(item.key)
    if item.key == killer:
        await asyncio.Event().wait()


async def states(database: Database) -> dict[str, str]:
    async with database.reading() as session:
        return {row.key: row.state for row in await session.scalars(select(Work))}


async def test_a_lease_is_one_workers_until_it_goes(database: Database) -> None:
    for name in ("one", "two"):
        await database.writer.do(workers.join(name, "here", HeldClock().now()))
    assert await database.writer.do(workers.hold("poller", "one"))
    assert await database.writer.do(workers.hold("poller", "one"))
    assert not await database.writer.do(workers.hold("poller", "two"))
    await database.writer.do(workers.leave("one"))
    assert await database.writer.do(workers.hold("poller", "two"))
    await database.writer.do(workers.release("poller", "two"))
    assert await database.writer.do(workers.hold("poller", "two"))


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=-1)])
async def test_a_clock_that_jumps_locks_nobody_out(database: Database, jump: timedelta) -> None:
    clock = HeldClock()
    jobs, called = Jobs(database, clock, worker="one"), 0

    async def handle(item: WorkItem) -> None:
        nonlocal called
        called += 1
        if called == 1:
            clock.at += jump
            raise Later(5)

    jobs.register("update", handle)
    await jobs.start()
    await jobs.put(new("a"))
    await until(lambda: called == 1)
    clock.at += timedelta(seconds=-1) if jump < timedelta(0) else timedelta(seconds=6)
    jobs.look()
    await until(lambda: called == 2)
    await jobs.stop(1)


async def test_who_lives_and_what_they_hold(shared: str) -> None:
    async with process(shared, "one") as one, process(shared, "two") as two:
        assert await one.jobs.heart.hold("poller")
        assert not await two.jobs.heart.hold("poller")
        roll = await two.jobs.heart.roll()
        assert list(roll.values()) == [["poller"]], "both are this very process, which is what people see"


async def test_who_has_not_joined_may_ask_telegram_its_name(shared: str) -> None:
    database = await Database.open(shared)
    jobs = Jobs(database, PacedClock(), worker="new")
    await jobs.heart.certain()
    await database.close()
