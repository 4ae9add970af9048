"""SQLite connections for SQLAlchemy whose statements cost one hop to their thread instead of four.

As aiosqlite does it, making a cursor, the statement, its rows and closing the cursor are a hop each, and at each the
writers' turn is held for as long as the loop, or the interpreter's lock, is somebody else's."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aiosqlite import Connection, Cursor
from aiosqlite.context import contextmanager

_CHUNK = 64  # rows; aiosqlite wants to know it, and never needs it here


def one_hop(*where: Any, **how: Any) -> OneHopConnection:
    """What SQLAlchemy calls (as ``async_creator_fn``) for a new connection, with the arguments of `sqlite3.connect`."""
    connection = OneHopConnection(partial(sqlite3.connect, *where, **how), _CHUNK)
    connection._thread.daemon = True  # as SQLAlchemy does it for connections that it makes itself
    return connection


class OneHopConnection(Connection):
    """An aiosqlite connection with other cursors."""

    @contextmanager
    async def cursor(self) -> Cursor:
        """A cursor. Making one asks nothing of SQLite, so that it needs no thread."""
        return OneHopCursor(self, self._conn.cursor())


class OneHopCursor(Cursor):
    """A cursor that has all its rows once its statement was executed. They cannot be fetched bit by bit."""

    _rows: list[Any]

    async def execute(self, sql: str, parameters: Any = None) -> Cursor:
        """Run a statement, and keep its rows for `fetchall`."""
        in_thread: Callable[..., Awaitable[list[Any]]] = self._execute
        self._rows = await in_thread(self._run, sql, () if parameters is None else parameters)
        return self

    async def fetchall(self) -> list[Any]:
        """The rows of the statement."""
        return self._rows

    async def fetchone(self) -> Any:
        """Not to be had."""
        raise sqlite3.NotSupportedError("rows come all at once")

    async def fetchmany(self, size: int | None = None) -> Any:
        """Not to be had."""
        raise sqlite3.NotSupportedError("rows come all at once")

    async def close(self) -> None:
        """Nothing is left to close: SQLite is through with a statement whose last row was fetched."""

    def _run(self, sql: str, parameters: Any) -> list[Any]:
        self._cursor.execute(sql, parameters)
        return self._cursor.fetchall()
