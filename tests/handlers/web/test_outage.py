"""The database goes away under the running sidecar and comes back: everybody is told to come again, and may."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any

import pytest

from storage.database import Database
from storage.writer import Ask, Job, Statement, repeatable
from tests.api.things import thing
from tests.api.whole import Whole, whole
from tests.handlers.web.api.course_kit import outline
from tests.kit.database import PostgresServer, own_postgres, postgres_database, sqlite

__all__ = ["own_postgres", "sqlite"]


async def calls(web: Whole) -> dict[str, tuple[str, str, Any]]:
    """Calls that read, write in a transaction of their own, and write in a group."""
    ada = await web.person()
    found = await thing(web, "course", ada, published=True)
    course, lesson, section = found["course_id"], found["lesson_id"], found["section_id"]
    return {
        "read": ("GET", "/courses?scope=public", None),
        "change": ("PATCH", f"/courses/{course}", {"title": "Another title altogether"}),
        "write": ("POST", "/courses", outline()),
        "complete": ("POST", f"/courses/{course}/lessons/{lesson}/sections/{section}/complete", {}),
        "figures": ("GET", "/analytics/me", None),
    }


async def put_off(web: Whole, who: int | None, call: tuple[str, str, Any]) -> None:
    answer = await web.ask(who, *call)
    assert (answer.status, answer.headers.get("Content-Type")) == (503, "application/problem+json; charset=utf-8")
    assert (answer.body["code"], answer.body["title"]) == ("unavailable", "Not just now")
    assert "What you have done is safe" in answer.body["detail"]
    assert int(answer.headers["Retry-After"]) > 0
    assert "Content-Security-Policy" in answer.headers
    assert "request_id" not in answer.body


async def test_postgresql_is_stopped_and_started_again(own_postgres: PostgresServer) -> None:
    async with postgres_database(own_postgres.url) as database, whole(database) as web:
        asked = await calls(web)
        ada = next(iter(web.tokens))
        await own_postgres.stop()
        for _ in range(2):
            for call in asked.values():
                await put_off(web, ada, call)
        # Also by whoever is not signed in, and by whoever asks many things at once.
        await put_off(web, None, asked["read"])
        await asyncio.gather(*(put_off(web, ada, call) for call in asked.values() for _ in range(10)))
        async with web.client.get("/health/ready") as ready, web.client.get("/health/live") as live:
            assert (ready.status, live.status) == (503, 200)
        await own_postgres.start()
        found = {name: (await web.ask(ada, *call)).status for name, call in asked.items()}
        assert found == {"read": 200, "change": 200, "write": 201, "complete": 200, "figures": 200}


async def test_a_sqlite_file_that_another_program_holds(sqlite: Database) -> None:
    async with whole(sqlite) as web:
        asked = await calls(web)
        ada = next(iter(web.tokens))
        await _impatient(sqlite)
        path = sqlite.engine.url.database
        assert path is not None
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        for name in ("change", "write", "complete"):
            await put_off(web, ada, asked[name])
        assert (await web.ask(None, *asked["read"])).status == 200
        other.execute("ROLLBACK")
        other.close()
        assert (await web.ask(ada, *asked["complete"])).status == 200
        assert (await web.ask(ada, *asked["change"])).status == 200


async def test_a_disk_that_is_full(sqlite: Database) -> None:
    async with whole(sqlite) as web:
        asked = await calls(web)
        ada = next(iter(web.tokens))
        note = {"notes": "長" * 3900}
        pages = await sqlite.writer.do(_pragma("page_count"))
        await sqlite.writer.do(_pragma(f"max_page_count={pages}"))
        method, path, _ = asked["complete"]
        await put_off(web, ada, (method, path, note))
        await sqlite.writer.do(_pragma("max_page_count=1000000"))
        assert (await web.ask(ada, method, path, note)).status == 200


async def test_a_fault_of_ours_in_a_transaction_is_no_outage(sqlite: Database) -> None:
    with pytest.raises(LookupError):
        async with sqlite.transaction():
            raise LookupError("database")


async def _impatient(database: Database) -> None:
    """Have every connection wait for 50 ms only."""
    await database.writer.do(_pragma("busy_timeout=50"))
    async with database.transaction() as session:
        await (await session.connection()).exec_driver_sql("PRAGMA busy_timeout=50")


@repeatable
def _pragma(words: str) -> Job[Any]:
    rows = yield Ask(Statement(f"PRAGMA {words}"), {})
    return rows[0][0] if rows else None
