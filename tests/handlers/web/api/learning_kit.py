"""The sidecar with everything about learning behind it, on a real socket. Who calls is told by the id in the token."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import update

from handlers.web.api import analytics, progress
from handlers.web.app import build_app
from handlers.web.door import TokenDoor
from handlers.web.services import WebServices
from services.analytics import AnalyticsService
from services.errors import NotSignedIn
from services.health import HealthService
from services.learners import LearnerService
from services.library import Library
from services.limits import DEFAULTS, make_limits
from services.progress import ProgressService
from services.studies import StudyService
from services.views import LearnerView
from storage.database import Database
from storage.models import Course, Section
from tests.kit.clocks import HeldClock

OPERATIONS = [*progress.OPERATIONS, *analytics.OPERATIONS]


class ById:
    """The token is the caller's id; who they are is read from the database."""

    def __init__(self, learners: LearnerService) -> None:
        self._learners = learners

    async def caller(self, token: str) -> LearnerView:
        if not token.isdecimal():
            raise NotSignedIn("invalid")
        return await self._learners.get(int(token))


@dataclass
class School:
    """A served school."""

    database: Database
    clock: HeldClock
    progress: ProgressService
    client: TestClient[web.Request, web.Application]

    async def whole(
        self, who: int, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Any, Mapping[str, str]]:
        """Status, body (parsed if it is JSON) and headers of an answer to `who` below /api/v1."""
        more = {"json": body} if body is not None else {}
        shown = {"Authorization": f"Bearer {who}", **(headers or {})}
        async with self.client.request(method, f"/api/v1{path}", headers=shown, **more) as answer:
            is_json = answer.content_type.endswith("json")
            return answer.status, await (answer.json(content_type=None) if is_json else answer.text()), answer.headers

    async def ask(self, who: int, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """The same without the headers."""
        status, found, _ = await self.whole(who, method, path, body)
        return status, found

    async def get(self, who: int, path: str) -> Any:
        """The body of a good answer to a GET."""
        status, found = await self.ask(who, "GET", path)
        assert status == 200, found
        return found


@asynccontextmanager
async def school(database: Database) -> AsyncIterator[School]:
    """Serve progress and analytics."""
    clock = HeldClock()
    limits = make_limits(clock, DEFAULTS)
    library = Library(database=database)
    done = ProgressService(database, library)
    health = HealthService(database=database, clock=clock, version="1", environment="test", probes={})
    services = WebServices(
        clock=clock,
        limits=limits,
        health=health,
        progress=done,
        studies=StudyService(database=database, library=library, progress=done),
        analytics=AnalyticsService(database=database, clock=clock, library=library),
    )
    learners = LearnerService(database=database, clock=clock, languages=frozenset({"en"}))
    door = TokenDoor(ById(learners), limits, clock)
    app = build_app(services, door, health, is_ready=lambda: True, version="1", operations=OPERATIONS)
    async with TestClient(TestServer(app)) as client:
        yield School(database, clock, done, client)


async def lessons_of(database: Database, sections: list[int]) -> list[int]:
    """The lesson of each section."""
    async with database.reading() as session:
        return [row.lesson_id for row in [await session.get_one(Section, one) for one in sections]]


async def publish(database: Database, course: int) -> None:
    """Make a course public."""
    async with database.transaction() as session:
        await session.execute(update(Course).where(Course.id == course).values(visibility="public"))


async def unwrite(database: Database, section: int) -> None:
    """Take a section's text away."""
    async with database.transaction() as session:
        await session.execute(update(Section).where(Section.id == section).values(body=""))
