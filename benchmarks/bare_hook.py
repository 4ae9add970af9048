"""The floor under a webhook: a bare aiohttp route that reads an update, makes one row of it, and answers when that is
committed and on the disk. ``python -m benchmarks.bare_hook PORT URL``, the URL that of a database as the bot takes it.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import uvloop
from aiohttp import web

from benchmarks.posting import PATH

_TABLE = "CREATE TABLE IF NOT EXISTS bare (number BIGINT PRIMARY KEY, payload TEXT NOT NULL)"
Insert = Callable[[int, str], Awaitable[None]]


def sqlite_insert(path: str) -> Insert:
    """One thread, one commit for each row."""
    thread = ThreadPoolExecutor(1)
    kept: list[sqlite3.Connection] = []

    def write(number: int, payload: str) -> None:
        if not kept:
            kept.append(sqlite3.connect(path, isolation_level=None))
            for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", _TABLE):
                kept[0].execute(statement)
        kept[0].execute("INSERT INTO bare VALUES (?, ?) ON CONFLICT DO NOTHING", (number, payload))

    async def insert(number: int, payload: str) -> None:
        await asyncio.get_running_loop().run_in_executor(thread, write, number, payload)

    return insert


async def postgres_insert(dsn: str) -> Insert:
    """A few connections, one commit for each row."""
    import asyncpg

    pool: Any = await asyncpg.create_pool(dsn, min_size=4, max_size=4)
    await pool.execute(_TABLE)

    async def insert(number: int, payload: str) -> None:
        await pool.execute("INSERT INTO bare VALUES ($1, $2) ON CONFLICT DO NOTHING", number, payload)

    return insert


async def serve(port: int, url: str) -> None:
    kind, _, where = url.partition("://")
    insert = sqlite_insert(where[1:]) if kind.startswith("sqlite") else await postgres_insert(f"postgresql://{where}")

    async def post(request: web.Request) -> web.Response:
        update = json.loads(await request.read())
        await insert(update["update_id"], json.dumps(update))
        return web.Response()

    async def ready(_request: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.add_routes([web.post(PATH, post), web.get("/health/ready", ready)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), sys.argv[2]))
