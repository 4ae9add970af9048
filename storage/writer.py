"""The writer that groups: whoever waits is written in the same transaction, each behind a savepoint of its own.

A *job* is a generator that yields `Ask`s and is sent their rows; what it returns is the answer. It knows no driver, so
the same job runs on SQLite (the whole group in one hop to a thread) and on PostgreSQL. An answer is given only after
the commit. For hot paths; what is rare and rich uses the ORM through `Database.transaction`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from storage.errors import StorageError

T = TypeVar("T")
Row = tuple[Any, ...]
Rows = list[Row]

_NAME = re.compile(r"(?<!:):([a-z_]+)")


class Statement:
    """SQL with ``:name`` parameters, kept in the form that each driver wants. Both databases must take it.

    `fragments` are pieces of SQL that several statements share, put in where ``{name}`` stands. What only several
    processes on one database need is `for_many`: on SQLite, which one process has to itself, it is left out."""

    def __init__(self, sql: str, *, for_many: bool = False, **fragments: str) -> None:
        self.for_many = for_many
        self.sql = " ".join((sql.format(**fragments) if fragments else sql).split())
        self.names = tuple(dict.fromkeys(_NAME.findall(self.sql)))
        places = {name: f"${number}" for number, name in enumerate(self.names, 1)}
        self.numbered = _NAME.sub(lambda match: places[match[1]], self.sql)


@dataclass(frozen=True, slots=True)
class Ask:
    """One statement to run with its parameters."""

    statement: Statement
    params: Mapping[str, Any]


Job = Generator[Ask, Rows, T]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job went: its answer, or the exception that it ended with."""

    answer: Any = None
    error: BaseException | None = None


class Line(Protocol):
    """One pinned connection that runs groups of jobs, each group in one transaction."""

    async def commit(self, jobs: list[Job[Any]]) -> list[Outcome]:
        """Run the jobs in order and commit. Raises if the group as a whole failed; then nothing was written."""
        ...

    async def close(self) -> None:
        """Let go of the connection."""
        ...


class GroupWriter:
    """Takes jobs from everywhere in the process and commits them in groups, one group at a time.

    `turn` is the lock that SQLite's other writers take as well: waiting for it is cheaper than SQLite's busy loop."""

    def __init__(self, line: Line, turn: asyncio.Lock, *, most: int = 256) -> None:
        self._line = line
        self._turn = turn
        self._most = most
        self._waiting: list[tuple[Job[Any], asyncio.Future[Any]]] = []
        self._wake = asyncio.Event()
        self._closing = False
        self._task = asyncio.get_running_loop().create_task(self._run(), name="group writer")

    async def do(self, job: Job[T]) -> T:
        """Run a job in the next group; returns its answer after the commit, or raises what it or the group raised.

        Raises StorageError once the writer is closed: nobody would ever answer."""
        if self._task.done():
            job.close()
            raise StorageError("unusable", "the database is closed")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, future))
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
        while self._waiting or not self._closing:
            await self._wake.wait()
            async with self._turn:
                group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                if not self._waiting and not self._closing:
                    self._wake.clear()
                if group:
                    await self._write(group)

    async def _write(self, group: list[tuple[Job[Any], asyncio.Future[Any]]]) -> None:
        try:
            outcomes = await self._line.commit([job for job, _ in group])
        except Exception as error:  # noqa: BLE001 - the top of the writer's loop: every waiting caller is told
            outcomes = [Outcome(error=error)] * len(group)
        for (_, future), outcome in zip(group, outcomes, strict=True):
            if future.cancelled():
                continue
            if outcome.error is not None:
                future.set_exception(outcome.error)
            else:
                future.set_result(outcome.answer)
