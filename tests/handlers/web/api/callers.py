"""The sidecar with real sign-in on a real socket, and people who call it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from handlers.web.api import auth, users
from handlers.web.app import build_app
from handlers.web.door import TokenDoor
from handlers.web.operations import Operation
from handlers.web.services import WebServices
from services.health import HealthService
from services.limits import DEFAULTS, make_limits
from services.people import PeopleService
from storage.database import Database
from tests.kit.signing import TOKEN, Gate, gate, init_data

OPERATIONS = [*auth.OPERATIONS, *users.OPERATIONS]


@dataclass
class Caller:
    """Somebody who calls, with a token or without."""

    client: TestClient[web.Request, web.Application]
    token: str | None = None
    id: int = 0
    refresh: str = ""

    async def ask(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        """Status and parsed body of an answer below /api/v1."""
        status, found, _ = await self.whole(method, path, body, **more)
        return status, found

    async def whole(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any, Mapping[str, str]]:
        """The same with the headers."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if body is not None:
            more["json"] = body
        async with self.client.request(method, f"/api/v1{path}", headers=headers, **more) as answer:
            found = await answer.json(content_type=None) if answer.content_type.endswith("json") else None
            return answer.status, found, answer.headers


@dataclass
class Web:
    """A served gate."""

    gate: Gate
    client: TestClient[web.Request, web.Application]

    @property
    def nobody(self) -> Caller:
        """Who is not signed in."""
        return Caller(self.client)

    async def somebody(self, telegram_id: int = 7_000_000_001, **user: Any) -> Caller:
        """Who signed in with initData."""
        shown = {"init_data": init_data(telegram_id, self.gate.clock.now(), **user)}
        status, found = await self.nobody.ask("POST", "/auth/telegram-app", shown)
        assert status == 200, found
        return Caller(self.client, found["access_token"], found["learner"]["id"], found["refresh_token"])

    async def admin(self) -> Caller:
        """The admin whom the settings name."""
        return await self.somebody(1, first_name="Ada", username="ada")


@asynccontextmanager
async def serve(
    database: Database, operations: Sequence[Operation] = OPERATIONS, *, bot_token: str | None = TOKEN, **access: Any
) -> AsyncIterator[Web]:
    """Serve `operations` with real auth and people."""
    door = gate(database, bot_token=bot_token, **access)
    clock, limits = door.clock, make_limits(door.clock, DEFAULTS)
    health = HealthService(database=database, clock=clock, version="1", environment="test", probes={})
    people = PeopleService(database=database, learners=door.learners)
    services = WebServices(clock=clock, learners=door.learners, auth=door.auth, people=people, limits=limits)
    app = build_app(
        services,
        TokenDoor(door.auth, limits, clock),
        health,
        is_ready=lambda: True,
        version="1",
        operations=operations,
    )
    async with TestClient(TestServer(app)) as client:
        yield Web(door, client)
