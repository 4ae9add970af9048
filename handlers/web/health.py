"""Health over HTTP: whole, alive, ready. Who is not signed in as an admin gets the words, no details."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import hdrs, web

from services.health import HealthService
from services.views import LearnerView, ProbeView

NEVER_STORED = {"Cache-Control": "no-store"}

# What people lose while something is away, by the code that a probe gives.
_LOSES = {
    "database": "Nothing can be read or kept just now. What was done before is safe.",
    "work": "What was asked for takes longer than usual.",
    "chat": "The chat on Telegram does not answer just now; what is written there is answered later.",
    "author": "New courses cannot be made just now. Courses that are there can be read and completed.",
    "cache": "Pages take a little longer to come than usual. Nothing is lost, and everything can be done.",
    "mail": "E-mails come later than usual.",
}
_SOMETHING = "A part of Lectern does not work just now."
Caller = Callable[[web.Request], Awaitable[LearnerView | None]]


class HealthPages:
    """Healthy and degraded answer 200, unhealthy 503; liveness asks nobody. `caller` says who asks, if they show it."""

    def __init__(self, health: HealthService, is_ready: Callable[[], bool], caller: Caller | None = None) -> None:
        self._health = health
        self._is_ready = is_ready
        self._caller = caller

    def routes(self) -> list[web.RouteDef]:
        """Where they are."""
        return [
            web.get("/health", self.health),
            web.get("/health/live", self.live),
            web.get("/health/ready", self.ready),
        ]

    async def health(self, request: web.Request) -> web.Response:
        """Each dependency in one word, and in a sentence what people lose; for admins how long each took, and why."""
        view = await self._health.glance()
        detailed = await self._is_admin(request)
        body = {
            "status": view.status,
            "timestamp": view.at.isoformat(),
            "version": view.version,
            "environment": view.environment,
            "loses": [words for words in map(_words, view.probes) if words is not None],
            "checks": {probe.name: _check(probe, detailed) for probe in view.probes},
        }
        return web.json_response(body, status=503 if view.status == "unhealthy" else 200, headers=NEVER_STORED)

    async def live(self, request: web.Request) -> web.Response:
        """The process runs and its loop turns: nothing else is asked."""
        return web.json_response({"status": "alive"}, headers=NEVER_STORED)

    async def ready(self, request: web.Request) -> web.Response:
        """Whether people can be served: started, not draining, and the database answers."""
        ready = self._is_ready() and (await self._health.glance()).status != "unhealthy"
        return web.json_response(
            {"status": "ready" if ready else "not ready"}, status=200 if ready else 503, headers=NEVER_STORED
        )

    async def _is_admin(self, request: web.Request) -> bool:
        if self._caller is None or hdrs.AUTHORIZATION not in request.headers:
            return False
        # Whatever goes wrong with signing in (the database may be what is away), health is told.
        (who,) = await asyncio.gather(self._caller(request), return_exceptions=True)
        return isinstance(who, LearnerView) and who.role == "admin"


def _check(probe: ProbeView, detailed: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"status": probe.state}
    if detailed:
        found |= {"latency_ms": round(probe.latency_ms, 1), "detail": probe.detail}
    return found


def _words(probe: ProbeView) -> str | None:
    if probe.state not in {"failed", "slow"}:
        return None
    return _LOSES.get(probe.loses or probe.name, _SOMETHING)
