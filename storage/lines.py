"""The two pinned connections under the grouping writer: SQLite in a thread of its own, PostgreSQL over asyncpg."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Collection
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from storage.errors import Entangled, worded
from storage.fence import ALIVE, Fence
from storage.one_thread import OneThread
from storage.writer import Ask, Job, Outcome, Rows

if TYPE_CHECKING:
    import asyncpg

ENTANGLED = {"40P01", "40001"}  # PostgreSQL's codes for a deadlock, and for what no order of transactions could do
BUSY_MS = 5_000  # how long a write waits for another process that holds the database
# PostgreSQL waits for a lock for ever unless it is told not to, and nobody would hear of it.
SERVER_SETTINGS = {"lock_timeout": "4000"}  # milliseconds: people are told within ten seconds, after two groups
LOCKED = "55P03"  # its code for that
_LOCK_LANES = """SELECT pg_advisory_xact_lock(lock) FROM (
    SELECT DISTINCT hashtextextended(name, 0) AS lock FROM unnest($1::TEXT[]) AS name ORDER BY lock) AS locks"""
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # NORMAL may lose the last commits when the power goes
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={BUSY_MS}",
    "PRAGMA temp_store=MEMORY",
)


class SqliteLine:
    """A sqlite3 connection and the only thread that uses it: a group costs one hop, however many statements it has."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._thread = OneThread("sqlite-writer")
        self._connection: sqlite3.Connection | None = None

    async def commit(self, jobs: list[Job[Any]], lanes: Collection[str] = ()) -> list[Outcome]:
        """Run and commit in the writer's thread; there is nobody else in the `lanes`. Raises StorageError or
        sqlite3.Error if the group failed, and Entangled if one of several jobs did: then each is to be run by itself,
        which costs less than a savepoint for each of the many groups in which none fails."""
        return await self._thread.run(self._commit, jobs)

    async def close(self) -> None:
        """Close the connection and end the thread."""
        await self._thread.run(self._close)
        self._thread.end()

    def _commit(self, jobs: list[Job[Any]]) -> list[Outcome]:
        try:
            connection = self._connect()
            connection.execute("BEGIN IMMEDIATE")
            try:
                outcomes = [_done(connection, job) for job in jobs]
                failed = any(one.error is not None for one in outcomes)
                if failed and len(jobs) > 1:
                    raise Entangled("a job failed")
                if connection.in_transaction:
                    connection.execute("ROLLBACK" if failed else "COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise worded(error) or error from error
        return outcomes

    def _connect(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = sqlite3.connect(self._path, isolation_level=None, cached_statements=256)
            for pragma in PRAGMAS:
                connection.execute(pragma)
            self._connection = connection
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()


def _done(connection: sqlite3.Connection, job: Job[Any]) -> Outcome:
    """What came of a job. Raises OperationalError (full, read-only, locked): then the whole group fails."""
    try:
        ask = next(job)
        while True:
            ask = job.send([] if ask.statement.for_many else _rows_here(connection, ask))
    except StopIteration as done:
        return Outcome(answer=done.value)
    except sqlite3.OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - handed to the caller whose job it was
        return Outcome(error=error)


def _rows_here(connection: sqlite3.Connection, ask: Ask) -> Rows:
    cursor = connection.execute(ask.statement.sql, ask.params)
    return [()] * cursor.rowcount if ask.statement.counted else cursor.fetchall()


class PostgresLine:
    """An asyncpg connection, made anew when it was lost. Every group passes the `fence` first."""

    def __init__(self, dsn: str, fence: Fence) -> None:
        self._dsn = dsn
        self._fence = fence
        self._connection: asyncpg.Connection | None = None

    async def commit(self, jobs: list[Job[Any]], lanes: Collection[str] = ()) -> list[Outcome]:
        """Run and commit, the `lanes` to ourselves. Raises Entangled, asyncpg's or OS errors if the group failed."""
        connection = await self._connect()
        try:
            await self._begin(connection, lanes)
            outcomes = await (self._run_all if len(jobs) > 1 else self._run_alone)(connection, jobs)
        except BaseException as error:
            await _undo(connection)
            if _is_entangled(error):
                raise Entangled(str(error)) from error
            raise
        return outcomes

    async def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            with suppress(OSError):
                await self._connection.close()

    async def _connect(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            import asyncpg

            self._connection = await asyncpg.connect(self._dsn, server_settings=SERVER_SETTINGS)
        return self._connection

    async def _begin(self, connection: asyncpg.Connection, lanes: Collection[str]) -> None:
        """Raises StorageError (``fenced``). Each call is a way to the server and back, so what can goes together."""
        if self._fence.name is None:
            await connection.execute("BEGIN")
        elif await connection.execute(f"BEGIN; {_alive(self._fence.name)}") != "SELECT 1":
            raise self._fence.closed()
        if lanes:
            await connection.execute(_LOCK_LANES, [*lanes])

    async def _run_all(self, connection: asyncpg.Connection, jobs: list[Job[Any]]) -> list[Outcome]:
        """Each behind a savepoint: if it fails, only its own writes are undone."""
        outcomes: list[Outcome] = []
        for job in jobs:
            await connection.execute("RELEASE SAVEPOINT job; SAVEPOINT job" if outcomes else "SAVEPOINT job")
            outcomes.append(await _asked(connection, job))
            if outcomes[-1].error is not None:
                await connection.execute("ROLLBACK TO SAVEPOINT job")
        await connection.execute("COMMIT")
        return outcomes

    async def _run_alone(self, connection: asyncpg.Connection, jobs: list[Job[Any]]) -> list[Outcome]:
        """A job that is the whole group needs no savepoint."""
        outcome = await _asked(connection, jobs[0])
        await connection.execute("COMMIT" if outcome.error is None else "ROLLBACK")
        return [outcome]


async def _asked(connection: asyncpg.Connection, job: Job[Any]) -> Outcome:
    """What came of a job. Raises what fails the whole group: a line that broke, a circle of locks."""
    try:
        wanted = next(job)
        while True:
            wanted = job.send(await _rows(connection, wanted))
    except StopIteration as done:
        return Outcome(answer=done.value)
    except (OSError, asyncio.CancelledError):
        raise
    except Exception as error:
        # With its savepoint a job would give back its own locks only; and what one waited for all would wait for.
        if _is_entangled(error) or getattr(error, "sqlstate", None) == LOCKED:
            raise
        return Outcome(error=error)


async def _rows(connection: asyncpg.Connection, wanted: Ask) -> Rows:
    statement = wanted.statement
    if statement.for_one:
        return []
    values = [wanted.params[name] for name in statement.names]
    return [tuple(row) for row in await connection.fetch(statement.numbered, *values)]


async def _undo(connection: asyncpg.Connection) -> None:
    """Leave the transaction; a connection that cannot is closed, which leaves it as well."""
    try:
        if not connection.is_closed():
            await connection.execute("ROLLBACK")
    except Exception:  # noqa: BLE001 - what went wrong before is what is told
        connection.terminate()


def _alive(name: str) -> str:
    literal = name.replace("'", "''")
    return ALIVE.sql.replace(":name", f"'{literal}'")


def _is_entangled(error: BaseException) -> bool:
    return getattr(error, "sqlstate", None) in ENTANGLED
