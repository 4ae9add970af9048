"""python-telegram-bot's requests over aiohttp: a third of the stock client's CPU, and connections that stay open."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import aiohttp
from aiohttp.connector import Connection
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from services.meter import Meter

CONNECTIONS = 256
KEEP_ALIVE = 75.0  # seconds an idle connection is kept: a slow chat pays no handshake for every tap
CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 10.0
UPLOAD_TIMEOUT = 60.0
GATEWAY_AGAIN = (0.1, 0.3, 0.9, 1.5)  # seconds before a call that a gateway before Telegram refused is made again
_GATEWAY = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})
_UNGUARDED = ContextVar("unguarded", default=False)


@contextmanager
def unguarded() -> Iterator[None]:
    """What is sent inside is sent even by a worker that cannot know whether it still counts: for words that are true
    whoever says them, such as that nothing can be written down."""
    token = _UNGUARDED.set(True)
    try:
        yield
    finally:
        _UNGUARDED.reset(token)


class AiohttpRequest(BaseRequest):
    """Implements `BaseRequest`. The session is made by `initialize`, on the loop that uses it. `guard` is asked before
    anything is sent, and raises where nothing may be: by a worker whose work others do now. It is asked once more when
    the connection is there: a worker may have slept while it was made, or between two tries."""

    def __init__(self, meter: Meter | None = None, guard: Callable[[], Awaitable[None]] | None = None) -> None:
        self._meter = meter
        self._guard = guard
        self._session: aiohttp.ClientSession | None = None
        self._request_class = aiohttp.ClientRequest if guard is None else _asking(guard)

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer unless the caller says otherwise."""
        return READ_TIMEOUT

    async def initialize(self) -> None:
        """Open the session, once."""
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEEP_ALIVE)
            self._session = aiohttp.ClientSession(
                connector=connector,
                request_class=self._request_class,
                headers={"User-Agent": self.USER_AGENT},
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=True,
            )

    async def shutdown(self) -> None:
        """Close the session and its connections."""
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One request; returns status and body. Raises TimedOut or NetworkError, as python-telegram-bot expects."""
        if self._session is None:
            raise RuntimeError("the request is not initialized")
        if self._guard is not None and not _UNGUARDED.get():
            await self._guard()
        for pause in () if url.lower().endswith("/getupdates") else GATEWAY_AGAIN:  # who fetches waits by itself
            status, answer = await self._once(self._session, url, method, request_data, read_timeout, connect_timeout)
            if status not in _GATEWAY:
                return status, answer
            await asyncio.sleep(pause)
        return await self._once(self._session, url, method, request_data, read_timeout, connect_timeout)

    async def _once(
        self,
        session: aiohttp.ClientSession,
        url: str,
        method: str,
        request_data: RequestData | None,
        read_timeout: Any,
        connect_timeout: Any,
    ) -> tuple[int, bytes]:
        body, default = _body(request_data)
        timeout = _timeout(_or_default(connect_timeout, CONNECT_TIMEOUT), _or_default(read_timeout, default))
        try:
            async with session.request(method, url, timeout=timeout, **body) as response:
                if response.status == HTTPStatus.TOO_MANY_REQUESTS and self._meter is not None:
                    self._meter.refused += 1
                return response.status, await response.read()
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(f"{type(error).__name__}: {error}") from error


def _asking(guard: Callable[[], Awaitable[None]]) -> type[aiohttp.ClientRequest]:
    """A request that asks when nothing is left to be waited for before its first byte."""

    class Asking(aiohttp.ClientRequest):
        async def send(self, conn: Connection) -> aiohttp.ClientResponse:
            if not _UNGUARDED.get():
                await guard()
            return await super().send(conn)

    return Asking


@lru_cache(maxsize=64)
def _timeout(connect: float | None, read: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, sock_connect=connect, sock_read=read)


def _or_default(given: Any, default: float) -> float | None:
    if given is BaseRequest.DEFAULT_NONE:
        return default
    return None if given is None else float(given)


def _body(data: RequestData | None) -> tuple[dict[str, Any], float]:
    """The body as aiohttp takes it, and how long an answer to it may take."""
    if data is None:
        return {}, READ_TIMEOUT
    if not data.contains_files:
        return {"data": data.json_payload, "headers": {"Content-Type": "application/json"}}, READ_TIMEOUT
    form = aiohttp.FormData(quote_fields=False)  # names of files as they are, in UTF-8: Telegram undoes no quoting
    plain = str.maketrans(dict.fromkeys('"\\\r\n', "_"))
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in (data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename.translate(plain), content_type=mime)
    return {"data": form}, UPLOAD_TIMEOUT
