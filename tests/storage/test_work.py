from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update

from storage import work
from storage.accepting import accept
from storage.database import Database
from storage.models import Work
from storage.work import NewWork, WorkRepository, WorkRow
from tests.kit.database import database, postgres, postgres_database, sqlite
from tests.kit.school import START as NOW

__all__ = ["database", "postgres", "sqlite"]

NOBODY: frozenset[str] = frozenset()


def new(key: str, lane: str = "u:1", kind: str = "update") -> NewWork:
    return NewWork(kind, lane, key, {"text": "grüß dich", "n": 7_000_000_001})


def keys(rows: list[WorkRow]) -> list[str]:
    return [row.key for row in rows]


async def state_of(database: Database, key: str) -> tuple[str, str | None]:
    async with database.reading() as session:
        row = (await session.execute(select(Work.state, Work.owner).where(Work.key == key))).one()
    return row[0], row[1]


async def test_new_work_is_its_workers_at_once_and_known_once(database: Database) -> None:
    first = await database.writer.do(accept([new("a"), new("b")], "one", NOW, NOBODY))
    again = await database.writer.do(accept([new("a"), new("c")], "one", NOW, NOBODY))
    assert keys(first) == ["a", "b"]
    assert keys(again) == ["c"]
    assert first[0].payload == {"text": "grüß dich", "n": 7_000_000_001}


async def test_a_lane_that_another_worker_holds_is_left_to_it(database: Database) -> None:
    await database.writer.do(accept([new("a")], "one", NOW, NOBODY))
    assert await database.writer.do(accept([new("b")], "two", NOW, NOBODY)) == []
    assert await database.writer.do(work.take_heads("two", NOW, 10)) == []
    [held] = await database.writer.do(accept([new("x", "u:2")], "two", NOW, NOBODY))
    assert held.key == "x"


async def test_taking_begins_at_the_head_and_goes_on_in_order(database: Database) -> None:
    crowd = frozenset({"u:1"})
    await database.writer.do(accept([new(key) for key in "abc"], "one", NOW, crowd))
    [head] = await database.writer.do(work.take_heads("one", NOW, 10))
    assert head.key == "a"
    assert await database.writer.do(work.take_lane("one", "u:1", NOW)) == []  # "a" is still open before them
    await database.writer.do(work.finish([(head.id, "done", None)], "one", NOW))
    assert keys(await database.writer.do(work.take_lane("one", "u:1", NOW))) == ["b", "c"]


async def test_who_comes_second_to_the_head_of_a_lane_does_not_get_what_is_behind_it(postgres: str) -> None:
    async with postgres_database(postgres) as shared:
        crowd = frozenset({"u:1"})
        await shared.writer.do(accept([new(key) for key in "abc"], "one", NOW, crowd))
        async with shared.transaction() as session:  # "two" takes the head, and has not committed yet
            head = select(func.min(Work.id)).scalar_subquery()
            await session.execute(update(Work).where(Work.id == head).values(owner="two"))
            async with asyncio.timeout(5):  # nobody waits for it
                assert await shared.writer.do(work.take_lane("one", "u:1", NOW)) == []
                assert await shared.writer.do(work.take_heads("one", NOW, 10)) == []
        assert await state_of(shared, "b") == ("open", None)


async def test_who_goes_by_a_lane_waits_for_who_is_just_putting_into_it(postgres: str) -> None:
    async with postgres_database(postgres) as shared:
        async with shared.transaction() as session:
            await session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('u:1', 0))"))
            await WorkRepository(session).put([new("a")], NOW)
            taking = asyncio.create_task(shared.writer.do(work.take_lane("one", "u:1", NOW), lanes=["u:1"]))
            await asyncio.wait({taking}, timeout=0.3)
            assert not taking.done()
        assert keys(await taking) == ["a"]


async def test_what_is_not_due_waits_and_holds_back_its_lane(database: Database) -> None:
    later = NOW + timedelta(seconds=30)
    delayed = NewWork("update", "u:1", "a", {}, later)
    assert await database.writer.do(accept([delayed, new("b")], "one", NOW, NOBODY)) == []
    assert await database.writer.do(work.take_heads("one", NOW, 10)) == []
    assert keys(await database.writer.do(work.take_heads("one", later, 10))) == ["a"]


async def test_later_hands_back_the_whole_lane(database: Database) -> None:
    first, _ = await database.writer.do(accept([new("a"), new("b")], "one", NOW, NOBODY))
    await database.writer.do(work.later(first.id, "u:1", "one", NOW + timedelta(seconds=5), NOW))
    assert (await state_of(database, "b")) == ("open", None)
    assert await database.writer.do(work.take_heads("two", NOW, 10)) == []
    assert keys(await database.writer.do(work.take_heads("two", NOW + timedelta(seconds=5), 10))) == ["a"]


async def test_later_keeps_what_is_done_and_not_yet_marked(database: Database) -> None:
    done, first, _ = await database.writer.do(accept([new(key) for key in "abc"], "one", NOW, NOBODY))
    await database.writer.do(work.later(first.id, "u:1", "one", NOW, NOW))
    assert await database.writer.do(work.take_heads("two", NOW, 10)) == []
    await database.writer.do(work.finish([(done.id, "done", None)], "one", NOW))
    assert (await state_of(database, "a")) == ("done", None)
    assert keys(await database.writer.do(work.take_heads("two", NOW, 10))) == ["b"]


async def test_a_worker_that_lost_its_rows_writes_nothing(database: Database) -> None:
    [row] = await database.writer.do(accept([new("a")], "one", NOW, NOBODY))
    await database.writer.do(work.free("one"))
    [taken] = await database.writer.do(work.take_heads("two", NOW, 10))
    await database.writer.do(work.finish([(row.id, "done", None)], "one", NOW))
    assert await database.writer.do(work.tried(row.id, "one", "no")) == 0
    assert (await state_of(database, "a")) == ("open", "two")
    assert await database.writer.do(work.tried(taken.id, "two", "no")) == 1


async def test_finished_work_keeps_its_key_and_not_its_payload(database: Database) -> None:
    [row] = await database.writer.do(accept([new("a")], "one", NOW, NOBODY))
    await database.writer.do(work.finish([(row.id, "done", None)], "one", NOW))
    assert await database.writer.do(accept([new("a")], "one", NOW, NOBODY)) == []
    async with database.reading() as session:
        assert (await session.scalar(select(Work.payload))) == {}
    await database.writer.do(work.purge(NOW + timedelta(seconds=1)))
    assert keys(await database.writer.do(accept([new("a")], "one", NOW, NOBODY))) == ["a"]


async def test_cancelled_work_is_not_done(database: Database) -> None:
    await database.writer.do(accept([new("a")], "one", NOW, NOBODY))
    assert await database.writer.do(work.cancel("a", NOW)) is True
    assert await database.writer.do(work.cancel("a", NOW)) is False
    assert (await state_of(database, "a")) == ("cancelled", None)


async def test_work_put_into_a_transaction_comes_and_goes_with_it(database: Database) -> None:
    class Undone(Exception):
        pass

    async def put_and_fail() -> None:
        async with database.transaction() as session:
            await WorkRepository(session).put([new("a")], NOW)
            raise Undone

    with pytest.raises(Undone):
        await put_and_fail()
    assert await database.writer.do(work.take_heads("one", NOW, 10)) == []
    async with database.transaction() as session:
        await WorkRepository(session).put([new("a"), new("a")], NOW)
    assert keys(await database.writer.do(work.take_heads("one", NOW, 10))) == ["a"]


async def test_the_workload_in_figures(database: Database) -> None:
    rows = await database.writer.do(accept([new("a"), new("b"), new("g", "g:1", "generation")], "one", NOW, NOBODY))
    await database.writer.do(work.finish([(rows[0].id, "aside", "it broke")], "one", NOW))
    async with database.reading() as session:
        load = await WorkRepository(session).workload(NOW + timedelta(minutes=1))
    assert load.open == {"update": 1, "generation": 1}
    assert load.aside == 1
    assert load.oldest == NOW


async def test_many_at_once_are_stored_in_order_whatever_comes_twice_or_later(database: Database) -> None:
    later = NOW + timedelta(seconds=30)
    items = [new(f"k{n:02}", f"u:{n % 5}") for n in range(30)]
    items[12:12] = [new("k03", "u:3"), NewWork("update", "u:1", "late", {}, later)]
    mine = await database.writer.do(accept(items, "one", NOW, frozenset({"u:4"})))
    assert [row.id for row in mine] == sorted(row.id for row in mine)
    assert keys(mine) == [f"k{n:02}" for n in range(30) if n % 5 in {0, 2, 3} or (n % 5 == 1 and n < 12)]
    for row in mine:
        assert row.lane == f"u:{int(row.key[1:]) % 5}"
    assert await database.writer.do(accept(items, "one", NOW, NOBODY)) == []
    assert keys(await database.writer.do(work.take_heads("two", NOW, 10))) == ["k04"]


async def test_one_more_costs_the_same_however_many_wait(sqlite: Database) -> None:
    async def cost(batch: int) -> float:
        items = [new(f"{batch}.{n}", f"u:{n % 3}") for n in range(100)]
        begun = time.process_time()
        await sqlite.writer.do(accept(items, "one", NOW, frozenset({"u:0", "u:1", "u:2"} if batch > 2 else ())))
        return time.process_time() - begun

    costs = [await cost(batch) for batch in range(60)]
    assert min(costs[-10:]) < 6 * min(costs[:10])
