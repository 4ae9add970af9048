"""Whatever goes wrong leaves as problem details: an unknown address, a body too large, a fault of ours."""

from __future__ import annotations

import logging

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from handlers.web import problems
from handlers.web.edge.request_id import REQUEST_ID
from services.errors import Unavailable

_CODES = {
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported",
}
RETRY_SECONDS = 5  # after which a client may ask again while the database is away
_BEGUN: web.RequestKey[bool] = web.RequestKey("begun", bool)
log = logging.getLogger(__name__)


@web.middleware
async def word_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn exceptions into problems. What a sub-application says in words of its own is left as it is."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400 or len(request.match_info.apps) > 1:
            raise
        return _worded(error)
    except web.RequestPayloadError:  # a body that is not packed or chunked as it says it is
        return problems.response(problems.problem(400, "malformed"), {"Connection": "close"})
    except Unavailable as error:
        if request.get(_BEGUN) or _gone(request):
            raise
        log.warning("%s %s was put off: %s", request.method, request.path, error)
        return problems.response(problems.problem(503, "unavailable"), {hdrs.RETRY_AFTER: str(RETRY_SECONDS)})
    except Exception:
        if request.get(_BEGUN) or _gone(request):  # half an answer is out, or nobody is there to be told
            raise
        log.exception("%s %s failed", request.method, request.path)
        return problems.response(problems.problem(500, "internal", request_id=request.get(REQUEST_ID, "")))


def _gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


async def remember_begun(request: web.Request, response: web.StreamResponse) -> None:
    """The hook that notes that an answer is on its way."""
    request[_BEGUN] = True


def _worded(error: web.HTTPException) -> web.Response:
    code = _CODES.get(error.status, "malformed" if error.status < 500 else "internal")
    kept = {name: error.headers[name] for name in ("Allow", "WWW-Authenticate") if name in error.headers}
    return problems.response(problems.problem(error.status, code), kept)
