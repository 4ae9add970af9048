"""What stands around every request, from the outside in, and what is done to every answer, in order."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from handlers.web import problems
from handlers.web.dispatch import PREFIX, Door
from handlers.web.edge.compression import compress
from handlers.web.edge.errors import remember_begun, word_errors
from handlers.web.edge.headers import always, security_headers
from handlers.web.edge.request_id import name_request
from handlers.web.operations import Limit
from services.errors import LecternError, LimitReached


def install(app: web.Application, door: Door) -> None:
    """Put them in place."""
    app.middlewares.extend([name_request, compress, word_errors, _refuse(door)])
    app.on_response_prepare.extend([remember_begun, always(security_headers())])


def _refuse(door: Door) -> Middleware:
    """Words what is refused. Calls that no operation takes count as well: an unknown address is a call, too."""

    @web.middleware
    async def refuse(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            if request.match_info.http_exception is not None and request.path.startswith(f"{PREFIX}/"):
                await door.count(request, None, Limit.REQUESTS)
            return await handler(request)
        except LimitReached as error:
            found, headers = problems.of(error)
            return problems.response(found, {**headers, **door.refusal(error)})
        except LecternError as error:
            found, headers = problems.of(error)
            return problems.response(found, headers)

    return refuse
