"""The API's description as a document (`openapi.json`) and as a page for people (`docs`), served by ourselves."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import hdrs, web

from handlers.web.dispatch import PREFIX

_FOLDER = Path(__file__).parent / "pages" / "docs"
_FILES = {"docs.css": "text/css", "docs.js": "text/javascript"}
_LOOK_AGAIN = "public, no-cache"  # may be kept, but is asked about each time, which costs a 304

Count = Callable[[web.Request], Awaitable[None]]


class DocsPage:
    """`describe` makes the document, a third of a second's work that waits until somebody wants to see it. `count`
    counts a call like any other of the API. Raises LimitReached."""

    def __init__(self, describe: Callable[[], dict[str, Any]], count: Count) -> None:
        self._describe = describe
        self._count = count
        self._document = b""
        self._turn = asyncio.Lock()

    def routes(self) -> list[web.RouteDef]:
        """What is to be added to the application."""
        return [
            web.get(f"{PREFIX}/openapi.json", self.document),
            web.get(f"{PREFIX}/docs", self.page),
            web.get(f"{PREFIX}/docs/{{name}}", self.file),
        ]

    async def document(self, request: web.Request) -> web.Response:
        """The OpenAPI document."""
        await self._count(request)
        async with self._turn:
            self._document = self._document or await asyncio.to_thread(self._written)
        return _answer(request, self._document, "application/json")

    async def page(self, request: web.Request) -> web.Response:
        """The page that shows it."""
        await self._count(request)
        return _answer(request, await _read("index.html"), "text/html")

    async def file(self, request: web.Request) -> web.Response:
        """What the page is made of."""
        await self._count(request)
        name = request.match_info["name"]
        if name not in _FILES:
            raise web.HTTPNotFound
        return _answer(request, await _read(name), _FILES[name])

    def _written(self) -> bytes:
        return json.dumps(self._describe(), ensure_ascii=False, separators=(",", ":")).encode()


async def _read(name: str) -> bytes:
    return await asyncio.to_thread((_FOLDER / name).read_bytes)


def _answer(request: web.Request, body: bytes, kind: str) -> web.Response:
    tag = hashlib.sha256(body).hexdigest()[:32]
    headers = {hdrs.ETAG: f'"{tag}"', hdrs.CACHE_CONTROL: _LOOK_AGAIN}
    if any(one.value in {tag, "*"} for one in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, content_type=kind, charset="utf-8", headers=headers)
