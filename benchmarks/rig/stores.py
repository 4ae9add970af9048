"""The database that the workers of a run share (or the one has), and what a checker asks of it."""

from __future__ import annotations

import asyncio
import itertools
import os
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

SECRET = "a secret of the rig, of more than thirty-two bytes"
_numbers = itertools.count(1)
Row = tuple[Any, ...]


class Store(Protocol):
    """`url` as the bot takes it; `settings` are those that lead a worker to it."""

    @property
    def url(self) -> str: ...

    @property
    def settings(self) -> Mapping[str, str]: ...

    async def rows(self, query: str) -> list[Row]:
        """What a query finds."""
        ...


@dataclass
class SqliteStore:
    """A file, for one worker."""

    path: Path

    @property
    def url(self) -> str:
        return f"sqlite+aiosqlite:///{self.path}"

    @property
    def settings(self) -> Mapping[str, str]:
        return {"DATABASE_URL": self.url}

    async def rows(self, query: str) -> list[Row]:
        return await asyncio.to_thread(self._rows, query)

    def _rows(self, query: str) -> list[Row]:
        with closing(sqlite3.connect(self.path, timeout=10)) as connection:
            return connection.execute(query).fetchall()


@dataclass
class PostgresStore:
    """A database on a server of PostgreSQL, for any number of workers, which may have a Redis as well."""

    dsn: str
    redis_url: str = ""

    @property
    def url(self) -> str:
        return self.dsn.replace("postgresql://", "postgresql+asyncpg://", 1)

    @property
    def settings(self) -> Mapping[str, str]:
        found = {"DATABASE_URL": self.url, "JWT_SECRET": SECRET}
        return found | ({"REDIS_URL": self.redis_url} if self.redis_url else {})

    async def rows(self, query: str) -> list[Row]:
        import asyncpg

        connection = await asyncpg.connect(self.dsn)
        try:
            return [tuple(row) for row in await connection.fetch(query)]
        finally:
            await connection.close()


@asynccontextmanager
async def postgres_store(server: str, redis_url: str = "") -> AsyncIterator[PostgresStore]:
    """An empty database on the server at `server` (``postgresql://…/postgres?…``), dropped afterwards."""
    name = f"rig_{os.getpid()}_{next(_numbers)}"
    await PostgresStore(server).rows(f"CREATE DATABASE {name}")
    try:
        yield PostgresStore(server.replace("/postgres?", f"/{name}?", 1), redis_url)
    finally:
        await PostgresStore(server).rows(f"DROP DATABASE {name} WITH (FORCE)")
