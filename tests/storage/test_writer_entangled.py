"""Two processes write into one PostgreSQL: groups that would wait for each other do not, and nothing is lost."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text

from storage import progress
from storage.database import Database
from storage.errors import Entangled
from storage.turns import Turns
from storage.writer import TRIES, Ask, GroupWriter, Job, Line, Outcome, Statement, Steps, repeatable
from tests.kit.database import database, postgres, postgres_database
from tests.kit.school import START, add_course, add_learner

__all__ = ["database", "postgres"]

SAY = Statement("UPDATE learner SET name = name || :mark WHERE telegram_id = CAST(:id AS BIGINT)")
REST = Statement("SELECT pg_sleep(0.3)")
SOON = "ALTER DATABASE {} SET deadlock_timeout = '50ms'"  # PostgreSQL looks for circles after a second, else


@asynccontextmanager
async def two(server: str) -> AsyncIterator[tuple[Database, Database]]:
    """A database, and the same one as another process has it open."""
    async with postgres_database(server) as first:
        name = first.engine.url.database
        async with first.transaction() as session:
            await session.execute(text(SOON.format(name)))
        second = await Database.open(first.engine.url.render_as_string(hide_password=False))
        try:
            yield first, second
        finally:
            await second.close()


class Talk:
    """Jobs that lock a learner, one after the other, and how often they began."""

    def __init__(self) -> None:
        self.begins = 0

    def job(self, learner: int, mark: str, *, rest: bool = False) -> Steps[str]:
        """Lock a learner, and take one's time (so that the other process gets to its first)."""
        return Steps(lambda: self._job(learner, mark, rest))

    def _job(self, learner: int, mark: str, rest: bool) -> Job[str]:
        self.begins += 1
        yield Ask(SAY, {"mark": mark, "id": learner})
        if rest:
            yield Ask(REST, {})
        return mark


async def names(database: Database) -> dict[int, str]:
    async with database.reading() as session:
        rows = (await session.execute(text("SELECT telegram_id, name FROM learner ORDER BY telegram_id"))).all()
        return {int(number): "".join(sorted(name)) for number, name in rows}


async def crosswise(first: Database, second: Database, talk: Talk, *, said: bool) -> tuple[str, ...]:
    """One group goes from learner 1 to learner 2, the other the other way."""
    one, two_ = (1, 2) if said else (0, 0)
    return await asyncio.gather(
        first.writer.do(talk.job(1, "a", rest=True), of=one),
        first.writer.do(talk.job(2, "b"), of=two_),
        second.writer.do(talk.job(2, "c", rest=True), of=two_),
        second.writer.do(talk.job(1, "d"), of=one),
    )


@pytest.mark.parametrize("said", [False, True])
async def test_two_groups_that_cross_are_both_written(postgres: str, said: bool) -> None:
    """Whoever says whose rows are locked is not even held up; else one group is done again, a job at a time."""
    async with two(postgres) as (first, second):
        for number in (1, 2):
            await add_learner(first, number, "")
        talk = Talk()
        answers = await asyncio.wait_for(crosswise(first, second, talk, said=said), 20)
        assert list(answers) == ["a", "b", "c", "d"]
        assert await names(first) == {1: "ad", 2: "bc"}
        assert talk.begins == (4 if said else 6)


async def test_taps_of_the_same_learners_in_two_processes_are_counted_once(postgres: str) -> None:
    """Each learner's every section is completed in both at the same time, in another order."""
    async with two(postgres) as (first, second):
        people = [await add_learner(first, number) for number in range(1, 7)]
        homes = {who: (await add_course(first, who))[1] for who in people}

        def taps(seed: int) -> list[tuple[int, int, Steps[progress.Completed | None]]]:
            found = [(who, section) for who, sections in homes.items() for section in sections]
            random.Random(seed).shuffle(found)
            return [(who, section, _tap(who, section, at)) for at, (who, section) in enumerate(found)]

        async def all_of(place: Database, seed: int, *, said: bool) -> list[bool]:
            jobs = (place.writer.do(job, of=who if said else 0) for who, _, job in taps(seed))
            return [one is not None and one.first for one in await asyncio.gather(*jobs)]

        rounds = (all_of(place, seed, said=seed % 2 == 0) for seed in range(6) for place in (first, second))
        found = await asyncio.wait_for(asyncio.gather(*rounds), 60)
        total = sum(map(len, homes.values()))
        assert sum(map(sum, found)) == total
        async with first.reading() as session:
            assert await session.scalar(text("SELECT count(*) FROM completion")) == total


def _tap(learner: int, section: int, at: int) -> Steps[progress.Completed | None]:
    now = START + timedelta(seconds=at)
    return progress.complete(learner, section, now, least=30, pause=600, stated=None, interactions=0)


class Knotted:
    """A line that gets entangled so many times."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.sizes: list[int] = []

    async def commit(self, jobs: list[Job[object]], lanes: Collection[str] = ()) -> list[Outcome]:
        self.sizes.append(len(jobs))
        if len(self.sizes) <= self.times:
            raise Entangled("deadlock detected")
        return [Outcome(answer=next(job, None)) for job in jobs]

    async def close(self) -> None:
        """Nothing to let go of."""


@repeatable
def _nothing() -> Job[None]:
    yield from ()


async def test_it_is_not_tried_for_ever() -> None:
    line: Line
    for times, fails in ((1, False), (TRIES, False), (1 + TRIES, True)):
        line = knotted = Knotted(times)
        writer = GroupWriter(line, Turns(), most=8)
        answers = await asyncio.gather(writer.do(_nothing()), writer.do(_nothing()), return_exceptions=True)
        assert isinstance(answers[0], Entangled) is fails
        assert answers[1] is None
        assert knotted.sizes == [2] + [1] * (times + (0 if fails else 1))
        await writer.close()


async def test_jobs_run_in_the_order_of_whose_they_are_and_then_as_they_came(database: Database) -> None:
    order: list[str] = []

    @repeatable
    def note(mark: str) -> Job[None]:
        order.append(mark)
        yield from ()

    marks = {"c": 3, "a1": 1, "b": 2, "a2": 1, "first": 0}
    await asyncio.gather(*(database.writer.do(note(mark), of=of) for mark, of in marks.items()))
    assert order == ["first", "a1", "a2", "b", "c"]
