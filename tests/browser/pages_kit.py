"""The sidecar with real sign-in and what the pages for people ask of it, on a real socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from handlers.web.api import admin, analytics, auth, progress
from handlers.web.app import build_app
from handlers.web.door import TokenDoor
from handlers.web.operations import Operation
from handlers.web.services import WebServices
from services.activity import ActivityLog
from services.admin import AdminService
from services.analytics import AnalyticsService
from services.health import HealthService
from services.jobs import Jobs, NewWork, WorkItem
from services.library import Library
from services.limits import DEFAULTS, make_limits
from services.progress import ProgressService
from services.studies import StudyService
from storage.database import Database
from tests.kit.signing import Gate, gate

OPERATIONS = [*auth.OPERATIONS, *progress.OPERATIONS, *analytics.OPERATIONS, *admin.OPERATIONS]

# The least contrast between words that can be seen and what is behind them (WCAG asks for 4.5).
CONTRAST = """() => {
    const parts = (colour) => {
        const canvas = document.createElement('canvas').getContext('2d');
        canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const light = (colour) => {
        const [r, g, b] = parts(colour).map((one) => one / 255)
            .map((one) => one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (node) => {
        for (let at = node; at; at = at.parentElement) {
            const colour = getComputedStyle(at).backgroundColor;
            if (colour !== 'rgba(0, 0, 0, 0)') return colour;
        }
        return 'rgb(255, 255, 255)';
    };
    const words = [...document.querySelectorAll('h1, h2, h3, p, dt, dd, small, strong, span, label, button')];
    return Math.min(...words.filter((one) => one.textContent.trim() && one.offsetParent && !one.disabled).map((one) => {
        const [a, b] = [light(getComputedStyle(one).color), light(behind(one))].sort((x, y) => y - x);
        return (a + 0.05) / (b + 0.05);
    }));
}"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Served:
    """What is served, and what a test does about it."""

    gate: Gate
    jobs: Jobs
    progress: ProgressService
    client: TestClient[web.Request, web.Application]
    failing: bool = True

    def url(self, path: str) -> str:
        """Where that is."""
        return str(self.client.make_url(path))

    async def chore(self, item: WorkItem) -> None:
        """Work that fails until it is told not to."""
        if self.failing:
            raise ValueError("a person's own words")

    async def code(self, telegram_id: int) -> str:
        """What /login answers."""
        learner = await self.gate.learners.arrive(telegram_id, "Lena", None, "en", self.gate.clock.now())
        return await self.gate.auth.new_code(learner)


@asynccontextmanager
async def pages(database: Database, *more: Operation) -> AsyncIterator[Served]:
    """Serve it all, with `more` operations."""
    door = gate(database)
    shared: dict[str, Any] = {"database": database, "clock": door.clock}
    library = Library(database=database)
    done = ProgressService(database, library)
    jobs = Jobs(database, door.clock, worker="tests")
    limits = make_limits(door.clock, DEFAULTS)
    health = HealthService(**shared, version="1", environment="test", probes={})
    services = WebServices(
        clock=door.clock,
        learners=door.learners,
        auth=door.auth,
        limits=limits,
        health=health,
        progress=done,
        studies=StudyService(database=database, library=library, progress=done),
        analytics=AnalyticsService(**shared, library=library),
        activity=ActivityLog(**shared, learners=door.learners),
        admin=AdminService(**shared, learners=door.learners, jobs=jobs, limits={}),
    )
    app = build_app(
        services,
        TokenDoor(door.auth, limits, door.clock),
        health,
        is_ready=lambda: True,
        version="1",
        operations=[*OPERATIONS, *more],
    )
    async with TestClient(TestServer(app)) as client:
        served = Served(door, jobs, done, client)
        jobs.register("chore", served.chore)
        await jobs.start()
        yield served
        await jobs.stop(0)


def chore(number: int) -> NewWork:
    """A piece of work."""
    return NewWork("chore", f"lane {number}", f"key {number}", {})
