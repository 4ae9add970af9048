"""Telegram's side of the webhook, over a real socket to the sidecar as the roof builds it."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from bot.localchat.people import TOKEN
from handlers.web.webhook import HEADER, LARGEST, PATH
from services.intake import KEPT, KIND, UNREADABLE
from services.jobs import Jobs, WorkItem
from storage.database import Database
from storage.models import Work
from storage.writer import Ask, Job, Statement, repeatable
from tests.api.whole import Whole, whole
from tests.kit.database import database, postgres, sqlite
from tests.kit.telegram_server import telegram_server

__all__ = ["database", "postgres", "sqlite"]

SECRET = "the-Secret_1"
SHOWN = {HEADER: SECRET}


def update(number: int, person: int = 7_000_000_001, text: str = "hello") -> bytes:
    who = {"id": person, "is_bot": False, "first_name": "Ada"}
    chat = {"id": person, "type": "private"}
    message = {"message_id": number, "date": 1, "chat": chat, "from": who, "text": text}
    return json.dumps({"update_id": number, "message": message}).encode()


@asynccontextmanager
async def posted_to(database: Database, **changes: Any) -> AsyncIterator[Whole]:
    """The whole house in webhook mode; what it handles is not dispatched."""
    changes = {"telegram_mode": "webhook", "telegram_webhook_secret": SecretStr(SECRET), **changes}
    async with whole(database, **changes) as found:
        found.house.serving = True
        yield found


async def post(to: Whole, body: bytes, headers: dict[str, str] | None = None) -> int:
    async with to.client.post(PATH, data=body, headers=SHOWN if headers is None else headers) as answer:
        await answer.read()
        return answer.status


async def rows(database: Database) -> list[Work]:
    async with database.reading() as session:
        return list(await session.scalars(select(Work).order_by(Work.id)))


async def test_an_update_is_stored_before_it_is_acknowledged(database: Database) -> None:
    async with posted_to(database) as to:
        assert await post(to, update(17)) == 200
        (row,) = await rows(database)
        assert (row.kind, row.key, row.lane, row.state) == (KIND, "tg:17", "u:7000000001", "open")
        assert row.payload["message"]["text"] == "hello"
        assert await post(to, update(17)) == 200, "Telegram sends it again"
        assert len(await rows(database)) == 1


@pytest.mark.parametrize("shown", ["", "the-Secret_", "the-Secret_12", "THE-SECRET_1", "\u00fc"])
async def test_without_the_secret_nothing_is_read_or_stored(sqlite: Database, shown: str) -> None:
    async with posted_to(sqlite) as to:
        assert await post(to, update(17), {HEADER: shown}) == 401
        assert await post(to, update(17), {}) == 401
        assert await rows(sqlite) == []
        async with to.client.get(PATH) as answer:
            assert answer.status == 405


NONE_OF_TELEGRAMS = [
    b"",
    b"not json",
    b"\xff\xff",
    b"[" * 200_000,
    b'{"update_id": ' + b"7" * 6000 + b"}",
    b'{"update_id": 5, "message": ' + b'{"a":' * 200 + b"1" + b"}" * 201,
    b"[1, 2]",
    b'{"message": {}}',
    b'{"update_id": 6, "message": 7}',
    b'{"update_id": 7, "callback_query": {"message": {}, "from": {"id": 1}}}',
    b'{"update_id": 8, "message": {"from": {"id": "\\ud800"}}}',
    b'{"update_id": 9, "message": {"from": {"id": 1' + b"0" * 50 + b"}}}",
]


async def test_what_is_no_update_is_set_aside_and_acknowledged(database: Database) -> None:
    async with posted_to(database) as to:
        for raw in (*NONE_OF_TELEGRAMS, *NONE_OF_TELEGRAMS):
            assert await post(to, raw) == 200, raw[:100]
        assert await post(to, update(17)) == 200
        *aside, good = await rows(database)
        assert {(one.kind, one.state, one.owner) for one in aside} == {(UNREADABLE, "aside", None)}
        assert all(one.error and len(one.payload["begins"]) <= KEPT for one in aside)
        assert [one.payload["bytes"] for one in aside] == [len(raw) for raw in NONE_OF_TELEGRAMS]
        assert (good.key, good.state) == ("tg:17", "open")


async def test_a_body_beyond_a_mebibyte_is_refused_however_it_comes(sqlite: Database) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 65536

    async with posted_to(sqlite) as to:
        assert await post(to, b" " * (LARGEST + 1)) == 413
        async with to.client.post(PATH, data=endless(), headers=SHOWN) as answer:
            assert answer.status == 413
        assert await rows(sqlite) == []
        assert await post(to, update(17, text="x" * 100_000)) == 200


async def test_the_general_limit_of_requests_does_not_hold_for_telegram(sqlite: Database) -> None:
    async with posted_to(sqlite, requests_per_window=1) as to:
        assert {await post(to, update(number)) for number in range(20)} == {200}


async def test_while_nothing_can_be_stored_telegram_is_asked_to_come_again_and_people_are_told(
    sqlite: Database,
) -> None:
    await sqlite.writer.do(_patience(20))
    path = sqlite.engine.url.database
    assert path is not None
    async with telegram_server() as server, posted_to(sqlite, token=TOKEN, telegram_api_url=server.url) as to:
        request = to.house.application.bot.request
        await request.initialize()
        person = server.engine.people[0].id
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert await post(to, update(17, person)) == 503
        assert await post(to, update(18, person)) == 503
        other.execute("ROLLBACK")
        other.close()
        assert await rows(sqlite) == []
        assert len(server.of("sendMessage")) == 1, "told once"
        assert await post(to, update(17, person)) == 200
        await request.shutdown()


async def test_who_does_not_serve_leaves_updates_to_the_others(sqlite: Database) -> None:
    async with posted_to(sqlite) as to:
        to.house.serving = False
        assert await post(to, update(17)) == 503
        assert await rows(sqlite) == []


async def test_many_at_once_are_all_stored_and_handled(sqlite: Database) -> None:
    handled: list[str] = []

    async def handle(item: WorkItem) -> None:
        handled.append(item.key)

    async with posted_to(sqlite) as to:
        jobs: Jobs = to.house.jobs
        jobs.register(KIND, handle, at_once=64)
        await jobs.start()
        for first in range(0, 400, 40):
            posts = (post(to, update(number, 7_000_000_000 + number % 50)) for number in range(first, first + 40))
            assert set(await asyncio.gather(*posts)) == {200}
        async with asyncio.timeout(10):
            while len(handled) < 400:  # noqa: ASYNC110 - what is waited for is a list, which rings no bell
                await asyncio.sleep(0.01)
        await jobs.stop(1)
        assert sorted(handled) == sorted(f"tg:{number}" for number in range(400))


async def test_in_polling_mode_there_is_no_such_door(sqlite: Database) -> None:
    async with whole(sqlite) as to:
        assert await post(to, update(17)) == 404


@repeatable
def _patience(milliseconds: int) -> Job[None]:
    yield Ask(Statement(f"PRAGMA busy_timeout={milliseconds}"), {})
