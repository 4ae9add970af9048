"""Health over HTTP: whole, alive, ready. Without sign-in only the words, no details."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from services.health import HealthService

NEVER_STORED = {"Cache-Control": "no-store"}


class HealthPages:
    """Healthy and degraded answer 200, unhealthy 503; liveness asks nobody."""

    def __init__(self, health: HealthService, is_ready: Callable[[], bool]) -> None:
        self._health = health
        self._is_ready = is_ready

    async def health(self, request: web.Request) -> web.Response:
        """Each dependency in one word, with the time it took; whose loss costs users what."""
        view = await self._health.check()
        body = {
            "status": view.status,
            "timestamp": view.at.isoformat(),
            "version": view.version,
            "environment": view.environment,
            "checks": {
                probe.name: {"status": probe.state, "latency_ms": round(probe.latency_ms, 1), "loses": probe.loses}
                for probe in view.probes
            },
        }
        return web.json_response(body, status=503 if view.status == "unhealthy" else 200, headers=NEVER_STORED)

    async def live(self, request: web.Request) -> web.Response:
        """The process runs and its loop turns: nothing else is asked."""
        return web.json_response({"status": "alive"}, headers=NEVER_STORED)

    async def ready(self, request: web.Request) -> web.Response:
        """Whether people can be served: started, not draining, and the database answers."""
        ready = self._is_ready() and (await self._health.check()).status != "unhealthy"
        return web.json_response(
            {"status": "ready" if ready else "not ready"}, status=200 if ready else 503, headers=NEVER_STORED
        )
