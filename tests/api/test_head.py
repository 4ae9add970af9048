"""HEAD is GET without the body: the same status and the same headers, on every operation and page."""

from __future__ import annotations

import asyncio

import pytest

from handlers.web.operations import Operation
from handlers.web.table import operations
from storage.database import Database
from tests.api.things import kind_of, label, request_of, thing
from tests.api.whole import Whole, whole
from tests.kit.database import sqlite

__all__ = ["sqlite"]
GETS = [one for one in operations() if one.method == "GET"]
# What differs from one call to the next, or says what it was made from.
OWN = {"Date", "X-Request-ID", "X-Request-Id", "RateLimit-Remaining", "RateLimit-Reset", "Transfer-Encoding", "ETag"}
PAGES = ("/health/live", "/api/v1/openapi.json", "/api/v1/docs", "/app/", "/admin/", "/nowhere", "/api/v1/nowhere")


async def both(web: Whole, path: str, headers: dict[str, str]) -> None:
    async with web.client.get(path, headers=headers) as got, web.client.head(path, headers=headers) as head:
        body = await got.read()
        assert (head.status, await head.read()) == (got.status, b""), path
        varies = {"Content-Length"} if "/admin/" in path else set()  # ages and latencies
        for name in {*got.headers, *head.headers} - OWN - varies:
            assert head.headers.get(name) == got.headers.get(name), (path, name)
        assert ("ETag" in head.headers) == ("ETag" in got.headers)
        # The client unpacks what it gets: only what was not packed is as long as is said.
        if not varies and "Content-Length" in got.headers and "Content-Encoding" not in got.headers:
            assert int(head.headers["Content-Length"]) == len(body)


def streams(operation: Operation) -> bool:
    return operation.content == "text/event-stream"


async def test_every_get_has_its_head(sqlite: Database) -> None:
    async with whole(sqlite) as web:
        admin, ada = await web.person("admin"), await web.person()
        for operation in GETS:
            who = admin if operation.path.startswith(("/admin", "/users", "/analytics/platform")) else ada
            kind = kind_of(operation)
            ids = {} if kind is None else await thing(web, kind, who)
            path, _, headers = request_of(operation, ids)
            signed_in = {"Authorization": f"Bearer {web.tokens[who]}"}
            if streams(operation):
                async with asyncio.timeout(5), web.client.head("/api/v1" + path, headers=signed_in) as head:
                    assert (head.status, head.content_type) == (200, operation.content), label(operation)
                continue
            for coding in ("identity", "gzip", "br"):
                await both(web, "/api/v1" + path, {**headers, **signed_in, "Accept-Encoding": coding})
            await both(web, "/api/v1" + path, headers)  # for some a 401


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_has_its_head(sqlite: Database, path: str) -> None:
    async with whole(sqlite) as web:
        for coding in ("identity", "gzip", "br"):
            await both(web, path, {"Accept-Encoding": coding})


async def test_a_stream_that_is_asked_for_its_head_only_is_followed_by_nobody(sqlite: Database) -> None:
    async with whole(sqlite) as web:
        ada = await web.person()
        ids = await thing(web, "generation", ada)
        before = len(asyncio.all_tasks())
        for _ in range(5):
            answer = await web.ask(ada, "HEAD", f"/generations/{ids['generation_id']}/events")
            assert (answer.status, answer.body) == (200, b"")
        assert len(asyncio.all_tasks()) <= before + 2
