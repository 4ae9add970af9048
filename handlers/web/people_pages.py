"""The pages for people: one's own progress at /app/ (a Telegram Mini App) and the state of everything at /admin/.

They are plain files of ours; what they show they get from the API, with the sign-in of whoever looks."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from pathlib import Path

from aiohttp import hdrs, web

_FOLDER = Path(__file__).parent / "pages"
_KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_LOOK_AGAIN = "public, no-cache"
_SHARED = ("base.css", "session.js", "draw.js")
# Telegram on the web shows Mini Apps in a frame of its own; nobody else may.
_IN_TELEGRAM = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' https: data:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self' https://web.telegram.org"
}


class Page:
    """A folder of files at an address. `headers` come with each of them."""

    def __init__(self, address: str, folder: str, own: tuple[str, ...], headers: Mapping[str, str]) -> None:
        self._address = address
        self._headers = dict(headers)
        self._files = {name: _FOLDER / folder / name for name in own}
        self._files |= {name: _FOLDER / "shared" / name for name in _SHARED}

    def routes(self) -> list[web.RouteDef]:
        """What is to be added to the application; without the slash at the end the files would not be found."""
        return [
            web.get(self._address, self.index),
            web.get(self._address.rstrip("/"), self.move),
            web.get(self._address + "{name}", self.file),
        ]

    async def move(self, request: web.Request) -> web.Response:
        """On to the address with the slash; what stands behind a # goes with it."""
        return web.Response(status=308, headers={hdrs.LOCATION: self._address})

    async def index(self, request: web.Request) -> web.Response:
        """The page."""
        return await self._answer(request, "index.html")

    async def file(self, request: web.Request) -> web.Response:
        """What the page is made of."""
        name = request.match_info["name"]
        if name not in self._files:
            raise web.HTTPNotFound
        return await self._answer(request, name)

    async def _answer(self, request: web.Request, name: str) -> web.Response:
        body = await asyncio.to_thread(self._files[name].read_bytes)
        tag = hashlib.sha256(body).hexdigest()[:32]
        headers = {hdrs.ETAG: f'"{tag}"', hdrs.CACHE_CONTROL: _LOOK_AGAIN, **self._headers}
        if any(one.value in {tag, "*"} for one in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, content_type=_KINDS[Path(name).suffix], charset="utf-8", headers=headers)


def routes() -> list[web.RouteDef]:
    """Those of both pages."""
    progress = Page("/app/", "progress", ("index.html", "progress.css", "progress.js", "words.js"), _IN_TELEGRAM)
    status = Page("/admin/", "status", ("index.html", "status.css", "status.js"), {})
    return [*progress.routes(), *status.routes()]
