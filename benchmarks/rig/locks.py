"""Another program that holds the database: writes wait for it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

from benchmarks.rig.stores import PostgresStore, SqliteStore, Store


@asynccontextmanager
async def locked(store: Store, table: str = "work") -> AsyncIterator[None]:
    """Hold a table of PostgreSQL's, or all of SQLite's file, for as long as the block lasts."""
    if isinstance(store, PostgresStore):
        import asyncpg

        connection = await asyncpg.connect(store.dsn)
        try:
            async with connection.transaction():
                await connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
                yield
        finally:
            await connection.close()
        return
    if not isinstance(store, SqliteStore):
        raise TypeError(store)
    with closing(sqlite3.connect(store.path, isolation_level=None, check_same_thread=False)) as holder:
        for _ in range(600):
            try:
                holder.execute("PRAGMA busy_timeout=10")
                holder.execute("BEGIN IMMEDIATE")
                break
            except sqlite3.OperationalError:
                await asyncio.sleep(0.01)
        yield
        if holder.in_transaction:
            holder.execute("ROLLBACK")
