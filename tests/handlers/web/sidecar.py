"""The sidecar on a real socket, with operations of one's own, people who show a word as their token, and limits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from handlers.web.app import build_app
from handlers.web.door import TokenDoor
from handlers.web.operations import Operation
from handlers.web.services import WebServices
from services.errors import Forbidden, NotSignedIn
from services.health import HealthService
from services.limits import DEFAULTS, Kind, LimitService, Rule, make_limits
from services.views import LearnerView, Role
from storage.database import Database
from tests.kit.clocks import HeldClock

Client = TestClient[web.Request, web.Application]


def person(number: int, role: Role) -> LearnerView:
    """Somebody."""
    return LearnerView(
        id=number,
        telegram_id=7_000_000_000 + number,
        name=f"Person {number}",
        language="en",
        time_zone="UTC",
        role=role,
        admitted=True,
        reachable=True,
    )


PEOPLE = {"lena": person(1, "learner"), "ines": person(2, "instructor"), "ada": person(3, "admin")}


class Words:
    """Who shows a name is whom it names; ``blocked`` is known and kept out."""

    async def caller(self, token: str) -> LearnerView:
        if token == "blocked":
            raise Forbidden("blocked")
        if token not in PEOPLE:
            raise NotSignedIn("invalid")
        return PEOPLE[token]


@dataclass
class Sidecar:
    """A running sidecar and somebody who calls it."""

    client: Client
    clock: HeldClock
    limits: LimitService
    base: str = "/api/v1"
    token: dict[str, str] = field(default_factory=dict)

    def of(self, name: str) -> dict[str, str]:
        """The header that shows who calls."""
        return {"Authorization": f"Bearer {name}"}

    async def ask(self, method: str, path: str, **more: Any) -> tuple[int, Any, Mapping[str, str]]:
        """Status, body (parsed if it is JSON) and headers of an answer below /api/v1."""
        # As it is written, not made nice by the client.
        url = URL(f"http://127.0.0.1:{self.client.port}{self.base}{path}", encoded=True)
        async with self.client.session.request(method, url, **more) as answer:
            kind = answer.content_type
            body = await answer.json(content_type=None) if kind.endswith("json") else await answer.read()
            return answer.status, body, answer.headers


@asynccontextmanager
async def sidecar(
    database: Database,
    operations: Sequence[Operation],
    *,
    rules: Mapping[Kind, Rule] = DEFAULTS,
    origins: Sequence[str] = (),
    proxies: Sequence[str] = (),
) -> AsyncIterator[Sidecar]:
    """Serve `operations`."""
    clock = HeldClock()
    limits = make_limits(clock, rules)
    health = HealthService(database=database, clock=clock, version="1", environment="test", probes={})
    app = build_app(
        WebServices(clock=clock, limits=limits, health=health),
        TokenDoor(Words(), limits, clock),
        health,
        is_ready=lambda: True,
        version="1",
        cors_origins=origins,
        trusted_proxies=proxies,
        operations=operations,
    )
    async with TestClient(TestServer(app)) as client:
        yield Sidecar(client, clock, limits)
