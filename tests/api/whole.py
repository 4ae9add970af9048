"""The whole sidecar as the roof builds it, on a real socket, with people of every role and things that are theirs."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr
from sqlalchemy import update
from yarl import URL

from bot.settings import Settings
from bot.wiring import House, build_house
from handlers.web.dispatch import PREFIX
from services.clock import SystemClock
from storage.database import Database
from storage.models import Learner
from tests.kit.author import ScriptedAuthor
from tests.kit.signing import SECRET, TOKEN, init_data

PLENTY = 1_000_000
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Answer:
    """What came back; `body` is parsed if it is JSON."""

    status: int
    body: Any
    headers: Mapping[str, str]


@dataclass
class Whole:
    """A served house."""

    house: House
    client: TestClient[web.Request, web.Application]
    tokens: dict[int, str] = field(default_factory=dict)

    async def person(self, role: str = "learner") -> int:
        """Somebody new, signed in; returns their id."""
        now = self.house.clock.now()
        shown = {"init_data": init_data(7_000_000_000 + next(_numbers), now)}
        found = (await self.ask(None, "POST", "/auth/telegram-app", shown)).body
        number: int = found["learner"]["id"]
        async with self.house.database.transaction() as session:
            await session.execute(update(Learner).where(Learner.id == number).values(role=role))
        self.tokens[number] = found["access_token"]
        return number

    async def ask(
        self, who: int | None, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """An answer to `who` (None: nobody) below the API's prefix; bytes are sent as they are."""
        shown = dict(headers or {})
        if who is not None:
            shown["Authorization"] = f"Bearer {self.tokens[who]}"
        more: dict[str, Any] = {"data": body} if isinstance(body, bytes) else {} if body is None else {"json": body}
        url = URL(f"http://127.0.0.1:{self.client.port}{PREFIX}{path}", encoded=True)
        async with self.client.session.request(method, url, headers=shown, **more) as answer:
            raw = await answer.read()
            is_json = answer.content_type.endswith("json")
            return Answer(answer.status, json.loads(raw) if raw and is_json else raw, answer.headers)

    async def good(self, who: int | None, method: str, path: str, body: Any = None) -> Any:
        """The body of a good answer."""
        answer = await self.ask(who, method, path, body)
        assert answer.status < 300, (method, path, answer.status, answer.body)
        return answer.body


def settings(**changes: Any) -> Settings:
    """Everything is switched on, and the limits are out of the way."""
    given: dict[str, Any] = {
        "telegram_bot_token": SecretStr(TOKEN),
        "jwt_secret": SecretStr(SECRET),
        "smtp_url": SecretStr("smtp://127.0.0.1:9"),
        "mail_from": "lectern@lectern.example",
        "public_url": "https://lectern.example",
        "generations_per_window": 10_000,
        "progress_items_per_window": PLENTY,
        "requests_per_window": PLENTY,
        **changes,
    }
    return Settings(**{name.upper(): value for name, value in given.items()})


@asynccontextmanager
async def whole(database: Database, *, token: str = TOKEN, **changes: Any) -> AsyncIterator[Whole]:
    """Serve everything, on an author by script. No work is done: what was asked for waits. `changes` are settings."""
    house = build_house(settings(**changes), database, token=token, clock=SystemClock(), author=ScriptedAuthor())
    async with TestClient(TestServer(house.web)) as client:
        try:
            yield Whole(house, client)
        finally:
            await house.limits.aclose()
