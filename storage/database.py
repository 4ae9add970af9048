"""The database: one engine, transactions for what is rare and rich, the grouping writer for what is hot."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from storage.errors import StorageError, storage_errors
from storage.fence import Fence
from storage.lines import PRAGMAS, SERVER_SETTINGS, PostgresLine, SqliteLine
from storage.one_hop import one_hop
from storage.turns import Turns
from storage.writer import GroupWriter, Line

# Jobs in a group: whoever comes first after it began waits for all of it, some 10 ms. On PostgreSQL each statement of
# a job is a way to the server and back.
_MOST = {"sqlite": 64, "postgresql": 8}
# One state for all that a session reads: SQLite's transactions are like that, PostgreSQL's have to be asked.
_READING: dict[str, dict[str, Any]] = {
    "sqlite": {"reading": True},
    "postgresql": {"isolation_level": "REPEATABLE READ"},
}


class Database:
    """Open with `Database.open`. On SQLite all writers of the process take turns behind one lock."""

    def __init__(self, engine: AsyncEngine, line: Line, lock_file: int | None, fence: Fence | None = None) -> None:
        self.engine = engine
        self.fence = fence or Fence()
        self.dialect: Literal["sqlite", "postgresql"] = "sqlite" if engine.dialect.name == "sqlite" else "postgresql"
        self._turns = Turns()
        self._lock_file = lock_file
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._readers = async_sessionmaker(engine.execution_options(**_READING[self.dialect]), expire_on_commit=False)
        self.writer = GroupWriter(line, self._turns, most=_MOST[self.dialect])

    @classmethod
    async def open(cls, url: str) -> Database:
        """Open the database at `url` (``sqlite+aiosqlite:///path`` or ``postgresql+asyncpg://…``).

        A SQLite file is made if it is not there, and belongs to one process at a time. Raises StorageError."""
        if make_url(url).get_backend_name() == "sqlite":
            return await cls._open_sqlite(url)
        engine = create_async_engine(
            url,
            connect_args={"server_settings": SERVER_SETTINGS},
            pool_pre_ping=True,
            pool_size=5,
            max_overflow=5,
            hide_parameters=True,
        )
        dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        fence = Fence()
        return cls(engine, PostgresLine(dsn, fence), None, fence)

    @classmethod
    async def _open_sqlite(cls, url: str) -> Database:
        path = make_url(url).database
        if not path or path == ":memory:":
            raise StorageError("unusable", "a SQLite database needs a file")
        lock_file = await asyncio.to_thread(claim, Path(path))
        engine = create_async_engine(
            url, pool_size=3, max_overflow=5, hide_parameters=True, connect_args={"async_creator_fn": one_hop}
        )
        event.listen(engine.sync_engine, "connect", _prepare)
        event.listen(engine.sync_engine, "begin", _begin)
        event.listen(engine.sync_engine.pool, "invalidate", _undo)
        return cls(engine, SqliteLine(path), lock_file)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session in one write transaction, committed at the end, rolled back on any exception.

        Never call anybody over the network inside. Raises StorageError if the database is locked, full, read-only or
        away."""
        async with self._turns.transaction if self.dialect == "sqlite" else nullcontext():
            with storage_errors():
                async with self._sessions.begin() as session:
                    if self.dialect == "postgresql":
                        await self.fence.pass_through(session)
                    yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session for reading a consistent state; it never waits for a writer on SQLite. Raises StorageError."""
        with storage_errors():
            async with self._readers() as session:
                yield session

    async def close(self) -> None:
        """Write what is waiting, close every connection, let go of the file."""
        await self.writer.close()
        await self.engine.dispose()
        if self._lock_file is not None:
            os.close(self._lock_file)


def claim(path: Path) -> int:
    """Take the lock that says a process uses this file; it goes with the process, however that ends. Returns the handle
    that holds it. Raises StorageError: ``in_use``, ``read_only``."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StorageError("read_only", str(error)) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise StorageError("in_use", str(path)) from error
    return handle


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _undo(connection: Any, _record: Any, _error: BaseException | None) -> None:
    # A cancelled statement leaves its cursor open, and a connection closed with one keeps its lock.
    connection.rollback()


def _begin(connection: Any) -> None:
    options = connection.get_execution_options()
    if options.get("migrating", False):
        # A table that is changed is made anew and the old one dropped, which would delete all that refers to its rows.
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    connection.exec_driver_sql("BEGIN" if options.get("reading", False) else "BEGIN IMMEDIATE")
