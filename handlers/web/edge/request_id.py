"""A name for each request: taken from whoever calls if it is a sane one, told back, and in every line of the log."""

from __future__ import annotations

import random
import re

from aiohttp import web
from aiohttp.typedefs import Handler
from structlog.contextvars import bind_contextvars, unbind_contextvars

HEADER = "X-Request-Id"
_names = random.Random()  # a name is no secret, and the system's randomness costs a call to the kernel
REQUEST_ID: web.RequestKey[str] = web.RequestKey("request_id", str)
_SANE = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")  # what can stand in a header and in a log without doing harm there


@web.middleware
async def name_request(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request its name before anything else sees it."""
    given = request.headers.get(HEADER, "")
    name = request[REQUEST_ID] = given if _SANE.fullmatch(given) else f"{_names.getrandbits(64):016x}"
    bind_contextvars(request_id=name)
    try:
        return await handler(request)
    finally:
        unbind_contextvars("request_id")  # the connection's task goes on to its next request
