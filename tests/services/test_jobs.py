from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select

from services.jobs import CROWDED, Jobs, Later, NewWork, WorkItem
from services.lanes import HOLD_FOR, MOST_TRIES
from storage.database import Database
from storage.errors import StorageError
from storage.models import Work
from storage.work import WorkRepository
from storage.writer import Ask, Job, Statement, repeatable
from tests.kit.clocks import HeldClock
from tests.kit.database import sqlite, sqlite_database

__all__ = ["sqlite"]


@dataclass
class Worker:
    """Jobs with one kind of work, ``update``, that notes what was begun and done; `script` says what a key does."""

    jobs: Jobs
    clock: HeldClock
    begun: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    given_up: list[tuple[str, BaseException]] = field(default_factory=list)
    script: dict[str, Callable[[], object]] = field(default_factory=dict)

    async def handle(self, item: WorkItem) -> None:
        self.begun.append(item.key)
        waited = self.script.get(item.key, lambda: None)()
        if isinstance(waited, asyncio.Event):
            await waited.wait()
        self.done.append(item.key)

    async def gave_up(self, item: WorkItem, error: BaseException) -> None:
        self.given_up.append((item.key, error))

    async def until(self, true: Callable[[], bool], seconds: float = 30) -> None:
        async with asyncio.timeout(seconds):
            while not true():  # noqa: ASYNC110 - what is waited for are rows and lists, which ring no bell
                await asyncio.sleep(0.005)


def worker(database: Database, name: str = "one", *, at_once: int = 64, can_be_cancelled: bool = False) -> Worker:
    clock = HeldClock()
    made = Worker(Jobs(database, clock, worker=name), clock)
    made.jobs.register("update", made.handle, at_once=at_once, gave_up=made.gave_up, can_be_cancelled=can_be_cancelled)
    return made


@asynccontextmanager
async def working(database: Database, *, at_once: int = 64, can_be_cancelled: bool = False) -> AsyncIterator[Worker]:
    made = worker(database, at_once=at_once, can_be_cancelled=can_be_cancelled)
    await made.jobs.start()
    try:
        yield made
    finally:
        await made.jobs.stop(0)


async def crash(jobs: Jobs) -> None:
    """As if the process were killed: tasks vanish and nothing is handed back."""
    mine = [task for task in asyncio.all_tasks() if task.get_name().startswith(("jobs: ", "lane "))]
    for task in mine:
        task.cancel()
    await asyncio.gather(*mine, return_exceptions=True)


def new(key: str, lane: str = "u:1", kind: str = "update") -> NewWork:
    return NewWork(kind, lane, key, {"key": key})


async def rows(database: Database) -> dict[str, tuple[str, str | None, int]]:
    """Key → state, owner, tries."""
    async with database.reading() as session:
        found = await session.execute(select(Work.key, Work.state, Work.owner, Work.tries))
        return {key: (state, owner, tries) for key, state, owner, tries in found}


async def settled(database: Database, count: int) -> dict[str, tuple[str, str | None, int]]:
    """The rows once `count` of them are closed."""
    async with asyncio.timeout(30):
        while True:
            found = await rows(database)
            if sum(state != "open" for state, _, _ in found.values()) >= count:
                return found
            await asyncio.sleep(0.01)


def failing(times: int, error: BaseException | None = None) -> Callable[[], None]:
    left = iter(range(times))

    def fail() -> None:
        if next(left, None) is not None:
            raise error or ValueError("this one is bad")

    return fail


async def test_storing_comes_first_while_much_waits_outside(sqlite: Database) -> None:
    async with working(sqlite) as w:
        before = w.clock.monotonic()
        w.script["a"] = lambda: began.append(w.clock.monotonic() - before)
        began: list[float] = []
        w.jobs.storing_first()
        await w.jobs.put(new("a"))
        await w.until(lambda: w.done == ["a"])
        assert began[0] >= HOLD_FOR


async def test_that_the_database_is_away_is_no_try(sqlite: Database) -> None:
    async with working(sqlite) as w:
        w.script["a"] = failing(5 * MOST_TRIES, StorageError("unreachable"))
        await w.jobs.put(new("a"))
        await w.until(lambda: w.done == ["a"])
        assert len(w.begun) == 5 * MOST_TRIES + 1
        assert w.given_up == []
    assert await rows(sqlite) == {"a": ("done", None, 0)}


async def test_a_lane_keeps_its_order_and_lanes_run_side_by_side(sqlite: Database) -> None:
    async with working(sqlite) as w:
        hold = asyncio.Event()
        w.script["a0"] = lambda: hold
        await asyncio.gather(*(w.jobs.put(*(new(f"{lane}{n}", lane) for lane in "abc")) for n in range(20)))
        await w.until(lambda: len(w.done) == 40)
        assert [key for key in w.begun if key[0] == "a"] == ["a0"]
        hold.set()
        await w.until(lambda: len(w.done) == 60)
        for lane in "abc":
            assert [key for key in w.done if key[0] == lane] == [f"{lane}{n}" for n in range(20)]
        assert all(row == ("done", None, 0) for row in (await settled(sqlite, 60)).values())


async def test_known_work_is_not_done_again(sqlite: Database) -> None:
    async with working(sqlite) as w:
        assert await w.jobs.put(new("a"), new("b"), new("a")) == 2
        await settled(sqlite, 2)
        assert await w.jobs.put(new("a"), new("c")) == 1
        await settled(sqlite, 3)
        assert w.done == ["a", "b", "c"]


async def test_a_kind_takes_no_more_places_than_it_has(sqlite: Database) -> None:
    async with working(sqlite, at_once=3) as w:
        hold = asyncio.Event()
        for n in range(8):
            w.script[f"k{n}"] = lambda: hold
        await w.jobs.put(*(new(f"k{n}", f"u:{n}") for n in range(8)))
        await w.until(lambda: len(w.begun) == 3)
        await asyncio.sleep(0.05)
        assert len(w.begun) == 3
        hold.set()
        await w.until(lambda: len(w.done) == 8)


@pytest.mark.parametrize("times", [1, 2])
async def test_what_fails_is_tried_again_before_its_lane_goes_on(sqlite: Database, times: int) -> None:
    async with working(sqlite) as w:
        w.script["a"] = failing(times)
        await w.jobs.put(new("a"), new("b"))
        found = await settled(sqlite, 2)
        assert w.begun == ["a"] * (times + 1) + ["b"]
        assert found["a"] == ("done", None, times)
        assert w.given_up == []


async def test_after_three_tries_it_is_set_aside_somebody_is_told_and_the_lane_goes_on(sqlite: Database) -> None:
    async with working(sqlite) as w:
        w.script["a"] = failing(99)
        await w.jobs.put(new("a"), new("b"))
        found = await settled(sqlite, 2)
        assert w.begun == ["a"] * MOST_TRIES + ["b"]
        assert (found["a"], found["b"]) == (("aside", None, 3), ("done", None, 0))
        assert [(key, str(error)) for key, error in w.given_up] == [("a", "this one is bad")]
        async with sqlite.reading() as session:
            row = (await session.execute(select(Work.error, Work.payload).where(Work.key == "a"))).one()
        assert tuple(row) == ("ValueError: this one is bad", {"key": "a"})


async def test_words_of_an_error_that_no_database_takes_stop_nothing(sqlite: Database) -> None:
    async with working(sqlite) as w:
        w.script["a"] = failing(99, ValueError("half a pair \ud83d and a \0"))
        await w.jobs.put(new("a"), new("b"))
        found = await settled(sqlite, 2)
        assert (found["a"][0], found["b"][0]) == ("aside", "done")


async def test_who_cannot_be_told_blocks_nobody(sqlite: Database) -> None:
    async with working(sqlite) as w:
        told: list[str] = []

        async def cannot(item: WorkItem, error: BaseException) -> None:
            told.append(item.key)
            raise OSError("the line is dead")

        w.jobs.register("update", w.handle, gave_up=cannot)
        w.script["a"] = failing(99)
        await w.jobs.put(new("a"), new("b"))
        found = await settled(sqlite, 2)
        assert w.begun == ["a"] * MOST_TRIES + ["b"]
        assert found["a"][0] == "aside"
        assert 1 <= len(told) <= 3


async def test_a_handler_whose_helper_was_cancelled_has_failed(sqlite: Database) -> None:
    for can_be_cancelled in (False, True):
        async with working(sqlite, can_be_cancelled=can_be_cancelled) as w:
            key = f"a{can_be_cancelled}"
            w.script[key] = failing(1, asyncio.CancelledError())
            await w.jobs.put(new(key))
            await w.until(lambda w=w: len(w.done) == 1)  # type: ignore[misc]  # mypy has no type for a default of a lambda
            assert w.begun == [key, key]


async def test_nobodys_kind_is_set_aside_and_its_lane_goes_on(sqlite: Database) -> None:
    async with working(sqlite) as w:
        await w.jobs.put(new("x", kind="dance"), new("b"))
        found = await settled(sqlite, 2)
        assert (found["x"][0], found["b"][0]) == ("aside", "done")


async def test_later_keeps_the_order_and_is_no_try(sqlite: Database) -> None:
    async with working(sqlite) as w:
        w.script["b"] = failing(1, Later(30))
        await w.jobs.put(*(new(key) for key in "abc"))
        await w.until(lambda: "b" in w.begun)
        await asyncio.sleep(0.1)
        await w.jobs.put(new("d"))
        await w.jobs.put(new("x", "u:2"))
        await w.until(lambda: "x" in w.done)
        assert w.done == ["a", "x"]
        w.clock.move(31)
        w.jobs.wake()
        found = await settled(sqlite, 5)
        assert w.done == ["a", "x", "b", "c", "d"]
        assert w.begun.count("a") == 1
        assert found["b"] == ("done", None, 0)


async def test_what_was_done_before_a_later_is_not_done_again(sqlite: Database) -> None:
    async with working(sqlite) as w:
        for n in range(30):
            w.script[f"{n}b"] = failing(1, Later(0))
        await w.jobs.put(*(new(f"{n}{key}", f"u:{n}") for n in range(30) for key in "abc"))
        await settled(sqlite, 90)
        assert Counter(w.done).most_common(1)[0][1] == 1
        for n in range(30):
            assert [key for key in w.done if key[:-1] == str(n)] == [f"{n}a", f"{n}b", f"{n}c"]


async def test_a_crowded_lane_is_done_in_order_and_delays_nobody(sqlite: Database) -> None:
    async with working(sqlite) as w:
        hold = asyncio.Event()
        w.script["0"] = lambda: hold
        await w.jobs.put(new("0"))
        for start in range(1, 300, 10):
            await w.jobs.put(*(new(str(n)) for n in range(start, min(start + 10, 300))))
            await w.jobs.put(new(f"x{start}", f"u:{start + 1}"))
        await w.until(lambda: len(w.done) == 30)
        assert w.jobs.waiting <= CROWDED + 10
        hold.set()
        await w.until(lambda: len(w.done) == 330)
        assert [int(key) for key in w.done if key[0] != "x"] == list(range(300))
        assert all(state == "done" for state, _, _ in (await settled(sqlite, 330)).values())


async def test_a_lane_fed_while_it_works_off_its_crowd_loses_nothing(sqlite: Database) -> None:
    async with working(sqlite) as w:

        async def feed(lane: int) -> None:
            for n in range(120):
                await w.jobs.put(new(f"{lane}:{n}", f"u:{lane}"))
                if n % 7 == lane:
                    w.jobs.wake()

        await asyncio.gather(*(feed(lane) for lane in range(4)))
        await settled(sqlite, 480)
        for lane in range(4):
            assert [k for k in w.done if k.startswith(f"{lane}:")] == [f"{lane}:{n}" for n in range(120)]


async def test_work_put_in_a_transaction_is_done_as_soon_as_its_lane_is_free(sqlite: Database) -> None:
    async with working(sqlite) as w:
        hold = asyncio.Event()
        w.script["a"] = lambda: hold
        await w.jobs.put(new("a"))
        await w.until(lambda: w.begun == ["a"])
        async with sqlite.transaction() as session:
            await WorkRepository(session).put([new("b")], w.clock.now())
        w.jobs.wake()
        await asyncio.sleep(0.1)
        begun = asyncio.get_running_loop().time()
        hold.set()
        await w.until(lambda: w.done == ["a", "b"])
        assert asyncio.get_running_loop().time() - begun < 0.7  # not only when somebody looks around


async def test_what_is_not_due_waits(sqlite: Database) -> None:
    async with working(sqlite) as w:
        await w.jobs.put(NewWork("update", "r:1", "a", {}, w.clock.now() + timedelta(seconds=60)))
        await asyncio.sleep(0.1)
        assert w.begun == []
        w.clock.move(61)
        w.jobs.wake()
        await w.until(lambda: w.done == ["a"])


async def test_cancelling_a_waiting_piece_means_that_it_is_never_begun(sqlite: Database) -> None:
    async with working(sqlite) as w:
        hold = asyncio.Event()
        w.script["a"] = lambda: hold
        await w.jobs.put(*(new(key) for key in "abc"))
        await w.until(lambda: w.begun == ["a"])
        assert await w.jobs.cancel("b")
        assert not await w.jobs.cancel("b")
        hold.set()
        found = await settled(sqlite, 3)
        assert w.begun == ["a", "c"]
        assert found["b"][0] == "cancelled"


async def test_cancelling_the_running_piece_interrupts_it_and_its_lane_goes_on(sqlite: Database) -> None:
    async with working(sqlite, at_once=1, can_be_cancelled=True) as w:
        w.script["a"] = asyncio.Event
        await w.jobs.put(new("a"), new("b"), new("x", "u:2"))
        await w.until(lambda: w.begun == ["a"])
        assert await w.jobs.cancel("x")  # the first of its lane, waiting for a place
        assert await w.jobs.cancel("a")
        found = await settled(sqlite, 3)
        assert w.begun == ["a", "b"]
        assert {key: row[0] for key, row in found.items()} == {"a": "cancelled", "b": "done", "x": "cancelled"}
        assert w.given_up == []


async def test_what_was_cancelled_is_not_given_up_when_it_fails(sqlite: Database) -> None:
    async with working(sqlite) as w:
        gate = asyncio.Event()

        async def fail(item: WorkItem) -> None:
            w.begun.append(item.key)
            await gate.wait()
            raise ValueError("too late to matter")

        w.jobs.register("slow", fail, gave_up=w.gave_up)
        await w.jobs.put(new("a", kind="slow"), new("b"))
        await w.until(lambda: w.begun == ["a"])
        await w.jobs.cancel("a")
        gate.set()
        await w.until(lambda: w.done == ["b"])
        assert w.begun == ["a", "b"]
        assert w.given_up == []


async def test_whoever_stops_waiting_for_a_put_leaves_no_orphan(sqlite: Database) -> None:
    async with working(sqlite) as w:
        for n in range(30):
            putting = asyncio.create_task(w.jobs.put(new(f"k{n}")))
            for _ in range(n % 4 + 1):
                await asyncio.sleep(0)
            putting.cancel()
        await w.jobs.put(new("last"))
        await w.until(lambda: "last" in w.done)
        stored = sorted(key for key in await rows(sqlite))
        await settled(sqlite, len(stored))
        assert sorted(w.done) == stored


async def test_a_stop_lets_finish_hands_back_and_the_next_goes_on_in_order(sqlite: Database) -> None:
    one = worker(sqlite, "one")
    await one.jobs.start()
    one.script["b"] = asyncio.Event  # never ends
    await one.jobs.put(*(new(key) for key in "abc"), new("x", "u:2"))
    await one.until(lambda: "b" in one.begun and "x" in one.done)
    await one.jobs.stop(0.1)
    assert {key: row[:2] for key, row in (await rows(sqlite)).items()} == {
        "a": ("done", None), "b": ("open", None), "c": ("open", None), "x": ("done", None)
    }  # fmt: skip
    two = worker(sqlite, "two")
    await two.jobs.start()
    await two.until(lambda: two.done == ["b", "c"])
    await two.jobs.stop(1)


async def test_a_stop_waits_for_what_is_nearly_done(sqlite: Database) -> None:
    one = worker(sqlite)
    await one.jobs.start()
    nearly = asyncio.Event()
    one.script["a"] = lambda: nearly
    await one.jobs.put(new("a"), new("b"))
    await one.until(lambda: one.begun == ["a"])
    asyncio.get_running_loop().call_later(0.1, nearly.set)
    await one.jobs.stop(5)
    assert one.done == ["a"]
    assert (await rows(sqlite))["b"][:2] == ("open", None)


async def test_a_handler_that_will_not_end_does_not_hold_up_the_stop(sqlite: Database) -> None:
    one = worker(sqlite)
    gate = asyncio.Event()

    async def stubborn(item: WorkItem) -> None:
        one.begun.append(item.key)
        while not gate.is_set():
            try:
                await gate.wait()
            except asyncio.CancelledError:
                continue

    one.jobs.register("stubborn", stubborn)
    await one.jobs.start()
    await one.jobs.put(new("a", kind="stubborn"))
    await one.until(lambda: one.begun == ["a"])
    begun = asyncio.get_running_loop().time()
    await one.jobs.stop(0.1)
    assert asyncio.get_running_loop().time() - begun < 3
    gate.set()
    await asyncio.sleep(0.01)


@pytest.mark.parametrize("moment", range(6))
async def test_after_a_crash_everything_open_is_done_in_order_and_nothing_marked_again(
    sqlite: Database, moment: int
) -> None:
    one = worker(sqlite, "one")
    await one.jobs.start()
    keys = [f"{lane}{n}" for n in range(100) for lane in "ab"]
    await one.jobs.put(*(new(key, key[0]) for key in keys))
    await one.until(lambda: len(one.done) >= moment * 20)
    await crash(one.jobs)
    marked = {key for key, (state, _, _) in (await rows(sqlite)).items() if state == "done"}
    two = worker(sqlite, "two")
    await two.jobs.start()
    await settled(sqlite, 200)
    await two.jobs.stop(1)
    assert set(two.done).isdisjoint(marked)
    for lane in "ab":
        again = [key for key in two.done if key[0] == lane]
        assert again == [key for key in keys if key[0] == lane][-len(again) :]
    assert set(one.done) | set(two.done) == set(keys)


async def test_a_crash_after_the_last_try_still_tells_somebody_and_tries_no_fourth_time(sqlite: Database) -> None:
    one = worker(sqlite, "one")
    one.script["a"] = failing(99)

    async def never(item: WorkItem, error: BaseException) -> None:
        await asyncio.Event().wait()

    one.jobs.register("update", one.handle, gave_up=never)
    await one.jobs.start()
    await one.jobs.put(new("a"))
    await one.until(lambda: len(one.begun) == 3)
    await asyncio.sleep(0.05)
    await crash(one.jobs)
    async with working(sqlite) as two:
        found = await settled(sqlite, 1)
        assert (two.begun, [key for key, _ in two.given_up]) == ([], ["a"])
        assert found["a"] == ("aside", None, 3)


@repeatable
def busy(milliseconds: int) -> Job[None]:
    yield Ask(Statement(f"PRAGMA busy_timeout={milliseconds}"), {})


@asynccontextmanager
async def held_by_another(database: Database) -> AsyncIterator[None]:
    path = database.engine.url.database
    assert path is not None
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


async def test_a_table_that_cannot_be_written_for_a_while_loses_and_repeats_nothing(sqlite: Database) -> None:
    async with working(sqlite) as w:
        await sqlite.writer.do(busy(20))
        gates = {key: asyncio.Event() for key in ("a", "fails", "later")}
        w.script["a"] = lambda: gates["a"]
        errors = {"fails": failing(1), "later": failing(1, Later(0))}

        async def gated(item: WorkItem) -> None:
            await gates[item.key].wait()
            w.begun.append(item.key)
            errors[item.key]()
            w.done.append(item.key)

        w.jobs.register("gated", gated)
        await w.jobs.put(
            new("a"), new("b"), new("fails", "u:2", "gated"), new("c", "u:2"), new("later", "u:3", "gated")
        )
        await w.until(lambda: w.begun == ["a"])
        async with held_by_another(sqlite):
            for gate in gates.values():
                gate.set()
            await asyncio.sleep(0.5)
            with pytest.raises(StorageError):
                await w.jobs.put(new("refused"))
        found = await settled(sqlite, 5)
        assert {row[0] for row in found.values()} == {"done"}
        assert found["fails"][2] == 1
        assert Counter(w.begun) == {"a": 1, "b": 1, "fails": 2, "c": 1, "later": 2}
        assert sorted(w.done) == ["a", "b", "c", "fails", "later"]


async def test_half_a_surrogate_pair_in_one_message_keeps_nothing_from_being_stored(sqlite: Database) -> None:
    async with working(sqlite) as w:
        await w.jobs.put(NewWork("update", "u:1", "a", {"text": "\ud83d and \0"}), new("b"))
        await settled(sqlite, 2)
        assert w.done == ["a", "b"]


async def test_a_second_start_on_a_file_goes_on_where_the_first_was_killed(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("database")
    async with sqlite_database(folder) as database:
        one = worker(database)
        await one.jobs.put(*(new(key) for key in "abc"))  # stored, never begun
        await crash(one.jobs)
    async with sqlite_database(folder) as database, working(database) as two:
        await two.until(lambda: two.done == ["a", "b", "c"])


async def test_who_comes_fresh_goes_before_what_others_have_left_waiting(sqlite: Database) -> None:
    async with working(sqlite, at_once=1) as made:
        gate = asyncio.Event()
        made.script["u:1.0"] = lambda: gate
        await made.jobs.put(*(new(f"u:{lane}.{n}", f"u:{lane}") for n in range(6) for lane in range(1, 9)))
        await made.until(lambda: made.begun == ["u:1.0"])
        await made.jobs.put(new("fresh", "u:9"))
        await asyncio.sleep(0.05)
        gate.set()
        await made.until(lambda: len(made.done) == 49)
        assert made.done.index("fresh") <= 2
        for lane in range(1, 9):
            assert [key for key in made.done if key.startswith(f"u:{lane}.")] == [f"u:{lane}.{n}" for n in range(6)]
        assert {key[:3] for key in made.done[:12]} == {f"u:{lane}" for lane in range(1, 9)} | {"fre"}, "in turns"
