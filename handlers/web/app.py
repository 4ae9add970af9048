"""The sidecar: an aiohttp application with its routes on one screen."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from handlers.web.health import HealthPages
from services.health import HealthService

BODY_LIMIT = 10 * 1024 * 1024  # bytes of a request's body


def build_app(health: HealthService, *, is_ready: Callable[[], bool]) -> web.Application:
    """The application. `is_ready` is False until the bot serves, and again while it drains."""
    pages = HealthPages(health, is_ready)
    app = web.Application(client_max_size=BODY_LIMIT)
    app.add_routes(
        [
            web.get("/health", pages.health),
            web.get("/health/live", pages.live),
            web.get("/health/ready", pages.ready),
        ]
    )
    return app
