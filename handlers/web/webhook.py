"""Where Telegram posts updates: each is stored, then acknowledged. What is none is set aside and acknowledged as well,
because what is refused Telegram sends again for a day, and holds back what comes after it."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Callable
from typing import Any, Protocol

from aiohttp import web

from handlers.web import problems
from services.errors import Unavailable
from services.intake import IntakeService

PATH = "/telegram/webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
LARGEST = 1024 * 1024  # bytes of a body
PATIENCE = 8.0  # seconds for the body, and again for storing it: Telegram itself gives up after sixty
FULL = 5_000  # pieces of work in this process's hands; beyond, Telegram keeps updates until we have caught up
AGAIN = {"Retry-After": "2"}
log = logging.getLogger(__name__)


class HeldUp(Protocol):
    """Who says a word to people whose updates cannot be stored just now."""

    async def tell(self, updates: list[dict[str, Any]]) -> None:
        """Tell those who were not told yet that nothing is lost."""
        ...

    def over(self) -> None:
        """Updates are stored again."""
        ...


class Webhook:
    """`secret` is what Telegram shows with every update, `is_ready` False before the start and while we drain."""

    def __init__(
        self, intake: IntakeService, held_up: HeldUp, *, secret: str, is_ready: Callable[[], bool] = lambda: True
    ) -> None:
        self._intake = intake
        self._held_up = held_up
        self._secret = secret.encode()
        self._is_ready = is_ready

    async def post(self, request: web.Request) -> web.Response:
        """200 once it is safe; 401 without the secret, 413 beyond a mebibyte, 503 if it could not be stored."""
        shown = request.headers.get(HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(shown, self._secret):
            return _refused(problems.response(problems.problem(401, "unauthorized")))
        if not self._is_ready() or self._intake.waiting > FULL:
            return problems.response(problems.problem(503, "unavailable"), AGAIN)
        raw = await _body(request)
        if raw is None:
            return _refused(problems.response(problems.problem(413, "too_large")))
        try:
            async with asyncio.timeout(PATIENCE):
                await self._intake.receive(raw)
        except (Unavailable, TimeoutError) as error:
            log.warning("an update could not be stored: %s", error or "it took too long")
            await self._held_up.tell(self._intake.glimpse(raw))
            return problems.response(problems.problem(503, "unavailable"), AGAIN)
        self._held_up.over()
        return web.Response()


async def _body(request: web.Request) -> bytes | None:
    """The body; None if it is too large, told by its head where that says so."""
    if (request.content_length or 0) > LARGEST:
        return None
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for piece in request.content.iter_any():
                body += piece
                if len(body) > LARGEST:
                    return None
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    return bytes(body)


def _refused(response: web.Response) -> web.Response:
    """An answer after which the line is closed: what is left of the body is not read."""
    response.force_close()
    return response
