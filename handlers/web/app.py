"""The sidecar: an aiohttp application with its routes on one screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from aiohttp import web

from handlers.web import middleware, people_pages
from handlers.web.dispatch import PREFIX, Door, mount
from handlers.web.docs_page import DocsPage
from handlers.web.edge import cors
from handlers.web.edge.addresses import ADDRESSES, Addresses
from handlers.web.health import HealthPages
from handlers.web.metrics import MetricsPage, counting, watching
from handlers.web.openapi import describe
from handlers.web.operations import Limit, Operation
from handlers.web.services import WebServices
from handlers.web.table import operations as all_operations
from handlers.web.webhook import PATH as WEBHOOK_PATH
from handlers.web.webhook import Webhook
from services.health import HealthService

BODY_LIMIT = 10 * 1024 * 1024  # bytes of a request's body


def build_app(
    services: WebServices,
    door: Door,
    health: HealthService,
    *,
    is_ready: Callable[[], bool],
    version: str,
    cors_origins: Sequence[str] = (),
    trusted_proxies: Sequence[str] = (),
    webhook: Webhook | None = None,
    operations: Sequence[Operation] | None = None,
) -> web.Application:
    """The application. `is_ready` is False until the bot serves, and again while it drains. `cors_origins` may call
    from their pages, `trusted_proxies` (addresses, networks) are believed about whom they speak for. `webhook` takes
    Telegram's updates, where they are posted to us. `operations` in place of the whole table are for tests."""
    listed = list(all_operations() if operations is None else operations)
    app = web.Application(client_max_size=BODY_LIMIT)
    app[ADDRESSES] = Addresses(trusted_proxies)
    middleware.install(app, door)

    async def count(request: web.Request) -> None:
        await door.count(request, None, Limit.REQUESTS)

    app.add_routes(
        [
            *HealthPages(health, is_ready, door.caller).routes(),
            *DocsPage(partial(describe, listed, version=version), count).routes(),
            *people_pages.routes(),
        ]
    )
    if webhook is not None:
        app.router.add_post(WEBHOOK_PATH, webhook.post)
    if services.metrics is not None:
        app.middlewares.insert(0, counting(services.metrics.meter))
        app.cleanup_ctx.append(watching(services.metrics))
        app.add_routes([web.get("/metrics", MetricsPage(services.metrics, door.caller).page)])
    mount(app, listed, door, services)
    cors.share(app, cors_origins, PREFIX)
    return app
