"""The sidecar with courses behind it, an author by script, on a real socket. The token is the caller's id."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import update

from handlers.web.api import courses, documents, generations, lessons
from handlers.web.app import build_app
from handlers.web.door import TokenDoor
from handlers.web.services import WebServices
from services.courses_edited import Editing
from services.courses_listed import Catalogue
from services.errors import NotFound, NotSignedIn
from services.health import HealthService
from services.learners import LearnerService
from services.limits import Rule, make_limits
from services.progress import ProgressService
from services.publishing import Publishing
from services.rendered import Rendered
from services.sources import DocumentService
from services.views import LearnerView
from storage.database import Database
from storage.models import Learner
from tests.kit.author import ScriptedAuthor
from tests.kit.house import House, house

OPERATIONS = [*courses.OPERATIONS, *generations.OPERATIONS, *lessons.OPERATIONS, *documents.OPERATIONS]
BODY = "Flour and water come alive when they wait. A starter is *fed*, and then it waits again.\n\n" * 2


class ById:
    """The token is the caller's id; who they are is read from the database."""

    def __init__(self, learners: LearnerService) -> None:
        self._learners = learners

    async def caller(self, token: str) -> LearnerView:
        try:
            return await self._learners.get(int(token))
        except (ValueError, NotFound):
            raise NotSignedIn("invalid") from None


@dataclass
class Answer:
    """What came back."""

    status: int
    body: Any
    headers: Mapping[str, str]
    raw: bytes = b""


@dataclass
class School:
    """A served house."""

    house: House
    services: WebServices
    client: TestClient[web.Request, web.Application]
    people: int = 0
    roles: dict[int, str] = field(default_factory=dict)

    async def person(self, role: str = "learner", name: str = "Ada") -> int:
        """Somebody new; the id is the token."""
        self.people += 1
        came = await self.house.learners.arrive(7_000_000_000 + self.people, name, None, "en", self.house.clock.now())
        async with self.house.database.transaction() as session:
            await session.execute(update(Learner).where(Learner.id == came.id).values(role=role))
        return came.id

    async def ask(
        self, who: int | None, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """An answer to `who` (None: nobody) below /api/v1."""
        shown = {**({} if who is None else {"Authorization": f"Bearer {who}"}), **(headers or {})}
        more: dict[str, Any] = {} if body is None else {"json": body}
        async with self.client.request(method, f"/api/v1{path}", headers=shown, **more) as answer:
            raw = await answer.read()
            found = json.loads(raw) if raw and answer.content_type.endswith("json") else None
            return Answer(answer.status, found, answer.headers, raw)

    async def good(self, who: int | None, method: str, path: str, body: Any = None) -> Any:
        """The body of a good answer."""
        answer = await self.ask(who, method, path, body)
        assert answer.status < 300, (answer.status, answer.body)
        return answer.body

    async def course(self, who: int, **changes: Any) -> dict[str, Any]:
        """A course by hand, as it is read then."""
        made = await self.good(who, "POST", "/courses", outline(**changes))
        found: dict[str, Any] = await self.good(who, "GET", f"/courses/{made['id']}")
        return found

    async def published(self, who: int, **changes: Any) -> dict[str, Any]:
        """The same, published."""
        made = await self.course(who, **changes)
        await self.good(who, "POST", f"/courses/{made['id']}/publish")
        return made


def outline(**changes: Any) -> dict[str, Any]:
    """What a course by hand is made of."""
    lesson = {"title": "What lives in it", "objectives": ["Say what lives in a starter"]}
    sections = [{"title": f"Section {number}", "body": f"{BODY}{number}"} for number in range(2)]
    return {
        "title": "Sourdough from the beginning",
        "description": "Why a mix of flour and water comes alive, and how to steer it from day to day.",
        "objectives": ["Explain what lives in a starter", "Keep a starter alive", "Judge a dough by eye"],
        "level": "beginner",
        "lessons": [{**lesson, "title": f"Lesson {number}", "sections": sections} for number in range(3)],
        **changes,
    }


def question(**changes: Any) -> dict[str, Any]:
    """A question by hand; the second option is right."""
    options = [{"text": f"Option {name}", "explanation": f"Because of {name}."} for name in "ABC"]
    return {"prompt": "What lives in a starter?", "options": options, "key": 1, "hint": "Smell it.", **changes}


def order(**changes: Any) -> dict[str, Any]:
    """An approved request."""
    made = outline(**changes)
    del made["lessons"]
    return {"minutes": 60, **made}


@asynccontextmanager
async def school(
    database: Database, author: ScriptedAuthor | None = None, *, requests: int = 10_000
) -> AsyncIterator[School]:
    """Serve courses, lessons, generations and documents."""
    async with house(database, author) as made:
        shared: dict[str, Any] = {"database": database, "clock": made.clock, "library": made.library}
        limits = make_limits(made.clock, {"requests": Rule(requests, 900), "progress": Rule(10_000, 60)})
        services = WebServices(
            clock=made.clock,
            learners=made.learners,
            limits=limits,
            courses=made.courses,
            generations=made.generations,
            catalogue=Catalogue(**shared),
            editing=Editing(**shared),
            publishing=Publishing(**shared, generations=made.generations),
            rendered=Rendered(),
            progress=ProgressService(database, made.library),
            documents=DocumentService(database=database, clock=made.clock),
            support_contact="help@lectern.example",
        )
        health = HealthService(database=database, clock=made.clock, version="1", environment="test", probes={})
        door = TokenDoor(ById(made.learners), limits, made.clock)
        app = build_app(services, door, health, is_ready=lambda: True, version="1", operations=OPERATIONS)
        async with TestClient(TestServer(app), auto_decompress=True) as client:
            yield School(made, services, client)


async def frames(answer: ClientResponse) -> list[dict[str, str]]:
    """All frames of an event stream, once it has ended: their fields; comments have the name ``comment``."""
    found = []
    for block in (await answer.text()).split("\n\n"):
        frame: dict[str, str] = {}
        for line in block.split("\n"):
            name, _, value = line.partition(":")
            frame[name or "comment"] = value.removeprefix(" ")
        if block.strip():
            found.append(frame)
    return found
