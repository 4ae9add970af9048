"""Which pages of other origins may call: those of the allow-list, with credentials."""

from __future__ import annotations

from collections.abc import Sequence

import aiohttp_cors
from aiohttp import web

from handlers.web.edge.compression import vary

EXPOSED = (
    "ETag",
    "Location",
    "Retry-After",
    "RateLimit-Limit",
    "RateLimit-Policy",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "X-Request-Id",
)
_REMEMBER_SECONDS = 600  # how long a browser may keep what it was told before a request


def share(app: web.Application, origins: Sequence[str], prefix: str) -> None:
    """Let pages of `origins` call every route below `prefix`; without origins nothing changes. Call it last."""
    if not origins:
        return
    options = {
        "allow_credentials": True,
        "expose_headers": EXPOSED,
        "allow_headers": "*",
        "max_age": _REMEMBER_SECONDS,
    }
    cors = aiohttp_cors.setup(app, defaults=dict.fromkeys(origins, options))
    for route in list(app.router.routes()):
        if route.resource is not None and route.resource.canonical.startswith(prefix):
            cors.add(route)
    app.on_response_prepare.append(_depends_on_origin)


async def _depends_on_origin(request: web.Request, response: web.StreamResponse) -> None:
    vary(response, "Origin")
