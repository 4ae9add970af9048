"""The writer that groups: whoever waits is written in the same transaction, and nobody's failure undoes another's work.

A *job* is a generator that yields `Ask`s and is sent their rows; what it returns is the answer. It knows no driver, so
the same job runs on SQLite (the whole group in one hop to a thread) and on PostgreSQL. An answer is given only after
the commit. For hot paths; what is rare and rich uses the ORM through `Database.transaction`.

Several processes on one PostgreSQL lock rows for as long as a group lasts. Jobs say whose rows they lock (`of`) and run
in that order, so that two groups do not wait for each other; if they do all the same, each job is done again by itself.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Collection, Generator, Mapping
from dataclasses import dataclass
from functools import partial, wraps
from operator import attrgetter
from typing import Any, Generic, NamedTuple, ParamSpec, Protocol, TypeVar

from storage.errors import Entangled, StorageError, worded
from storage.turns import Turns

P = ParamSpec("P")
T = TypeVar("T")
Row = tuple[Any, ...]
Rows = list[Row]

_NAME = re.compile(r"(?<!:):([a-z_]+)")
_CAST = re.compile(r"CAST\((:[a-z_]+) AS [A-Z]+\)")
_PG = re.compile(r"/\*pg (.*?) \*/")


class Statement:
    """SQL with ``:name`` parameters, kept in the form that each driver wants. Both databases must take it.

    `fragments` are pieces of SQL that several statements share, put in where ``{name}`` stands. What only several
    processes on one database need is `for_many`: on SQLite, which one process has to itself, it is left out; so is what
    stands in ``/*pg … */``. The other way round `for_one` is left out on PostgreSQL: there is a way to its server,
    which a statement for many rows goes once. What is `counted` is answered with as many rows as it wrote, whatever is
    in them: SQLite has counted them anyway, and takes twice as long for an INSERT with RETURNING.

    What a parameter is cast to is told to PostgreSQL only; SQLite takes each as what it is in Python."""

    def __init__(
        self, sql: str, *, for_many: bool = False, for_one: bool = False, counted: bool = False, **fragments: str
    ) -> None:
        self.for_many = for_many
        self.for_one = for_one
        self.counted = counted
        whole = " ".join((sql.format(**fragments) if fragments else sql).split())
        self.sql = _CAST.sub(r"\1", whole)
        self.names = tuple(dict.fromkeys(_NAME.findall(whole)))
        places = {name: f"${number}" for number, name in enumerate(self.names, 1)}
        numbered = _NAME.sub(lambda match: places[match[1]], _PG.sub(r"\1", whole))
        self.numbered = f"{numbered} RETURNING 1" if counted else numbered


class Ask(NamedTuple):
    """One statement to run with its parameters. A tuple, as all is that each tap makes several of: it is made in half
    the time."""

    statement: Statement
    params: Mapping[str, Any]


Job = Generator[Ask, Rows, T]
TRIES = 4  # of a job by itself, after the group that it was in had got entangled


@dataclass(frozen=True, slots=True)
class Steps(Generic[T]):
    """A job that has not begun, and can begin anew if what it did was undone."""

    begin: Callable[[], Job[T]]

    def __iter__(self) -> Job[T]:
        return self.begin()


def repeatable(make: Callable[P, Job[T]]) -> Callable[P, Steps[T]]:
    """Decorates a function that makes a job: called, it gives `Steps`, which another job may `yield from`, too."""

    @wraps(make)
    def steps(*args: P.args, **kwargs: P.kwargs) -> Steps[T]:
        return Steps(partial(make, *args, **kwargs))

    return steps


class Outcome(NamedTuple):
    """How a job went: its answer, or the exception that it ended with."""

    answer: Any = None
    error: BaseException | None = None


class Line(Protocol):
    """One pinned connection that runs groups of jobs, each group in one transaction."""

    async def commit(self, jobs: list[Job[Any]], lanes: Collection[str] = ()) -> list[Outcome]:
        """Run the jobs in order and commit; until then no other process runs a group with one of these `lanes`. Raises
        if the group as a whole failed; then nothing was written."""
        ...

    async def close(self) -> None:
        """Let go of the connection."""
        ...


class _Waiting(NamedTuple):
    """A job in a queue, and who waits for its answer."""

    of: int
    job: Steps[Any]
    lanes: Collection[str]
    future: asyncio.Future[Any]


class GroupWriter:
    """Takes jobs from everywhere in the process and commits them in groups, one group at a time.

    `turns` are shared with SQLite's other writers: waiting for one is cheaper than SQLite's busy loop. `most` jobs are
    in a group. What has to be stored before somebody outside is answered goes `first`: it waits for the group that is
    being written and for no other. While there is more of both kinds, they take turns."""

    def __init__(self, line: Line, turns: Turns, *, most: int) -> None:
        self._line = line
        self._turns = turns
        self._most = most
        self._waiting: list[_Waiting] = []
        self._first: list[_Waiting] = []
        self._first_went = False  # in the last group
        self._wake = asyncio.Event()
        self._closing = False
        self._task = asyncio.get_running_loop().create_task(self._run(), name="group writer")

    async def do(self, job: Steps[T], *, of: int = 0, lanes: Collection[str] = (), first: bool = False) -> T:
        """Run a job in the next group (`first`: before what waits); returns its answer after the commit, or raises what
        it or the group raised. `of` is the id of the learner whose rows it locks; jobs of one learner keep their order.
        `lanes` are those whose state it goes by: no other process changes it at the same time. All that a group names
        are locked before it begins, in one order, so that none waits for another in a circle.

        Raises StorageError once the writer is closed: nobody would ever answer."""
        if self._task.done():
            raise StorageError("unusable", "the database is closed")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        (self._first if first else self._waiting).append(_Waiting(of, job, lanes, future))
        self._wake.set()
        return await future

    async def close(self) -> None:
        """Write what is waiting, then stop. Once is enough; again does nothing."""
        if self._closing:
            return
        self._closing = True
        self._wake.set()
        await self._task
        await self._line.close()

    async def _run(self) -> None:
        while self._waiting or self._first or not self._closing:
            await self._wake.wait()
            async with self._turns.group:
                group = self._next()
                if not (self._waiting or self._first or self._closing):
                    self._wake.clear()
                if group:
                    group.sort(key=attrgetter("of"))
                    await self._write(group)

    def _next(self) -> list[_Waiting]:
        """Take the next group out of one of the queues."""
        self._first_went = bool(self._first) and not (self._first_went and self._waiting)
        queue = self._first if self._first_went else self._waiting
        group = queue[: self._most]
        del queue[: self._most]
        return group

    async def _write(self, group: list[_Waiting]) -> None:
        try:
            lanes = {lane for one in group for lane in one.lanes}
            outcomes = await self._line.commit([one.job.begin() for one in group], lanes)
        except Entangled:
            outcomes = [await self._alone(one.job, one.lanes) for one in group]
        except Exception as error:  # noqa: BLE001 - the top of the writer's loop: every waiting caller is told
            outcomes = [Outcome(error=error)] * len(group)
        for one, outcome in zip(group, outcomes, strict=True):
            if one.future.cancelled():
                continue
            if outcome.error is not None:
                one.future.set_exception(_told(outcome.error))
            else:
                one.future.set_result(outcome.answer)

    async def _alone(self, job: Steps[Any], lanes: Collection[str]) -> Outcome:
        """A job once more, in a transaction of its own: what locks one row only waits for nobody who waits for it."""
        error: Exception | None = None
        for _ in range(TRIES):
            try:
                (outcome,) = await self._line.commit([job.begin()], lanes)
            except Entangled as again:
                error = again
            except Exception as failed:  # noqa: BLE001 - as in `_write`
                return Outcome(error=failed)
            else:
                return outcome
        return Outcome(error=error)


def _told(error: BaseException) -> BaseException:
    return (worded(error) or error) if isinstance(error, Exception) else error
