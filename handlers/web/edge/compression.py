"""brotli and gzip for answers from 1 KiB, where the client takes them, unless it asks for none (`X-No-Compression`)."""

from __future__ import annotations

import asyncio
from typing import Literal

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

Coding = Literal["br", "gzip"]
LEAST = 1024  # bytes
OFF = "X-No-Compression"
QUALITY = 4  # of brotli, for what is packed once for one client: as quick as gzip at 6, and smaller
_ON_THE_LOOP = 32 * 1024  # bytes: a thread takes longer to get going than these to be packed
_NAMES: dict[str, Coding] = {"br": "br", "gzip": "gzip", "x-gzip": "gzip"}
_PACKED = (
    "image/png",
    "image/jpeg",
    "image/webp",
    "video/",
    "audio/",
    "font/",
    "application/zip",
    "application/gzip",
    "application/pdf",
)


@web.middleware
async def compress(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Pack a body of known length (gzip at aiohttp's level, which is 6). Streams go out as they come."""
    response = await handler(request)
    if not isinstance(response, web.Response) or response.prepared or hdrs.CONTENT_ENCODING in response.headers:
        return response
    body = response.body
    if not isinstance(body, bytes | bytearray) or len(body) < LEAST or response.content_type.startswith(_PACKED):
        return response
    vary(response, "Accept-Encoding")
    coding = wanted(request)
    if coding == "gzip":
        response.enable_compression(web.ContentCoding.gzip)
    elif coding == "br":
        response.body = await _brotli(bytes(body))
        response.headers[hdrs.CONTENT_ENCODING] = "br"
    return response


def wanted(request: web.Request) -> Coding | None:
    """How the answer may be packed, for whoever keeps packed bytes ready: what the client likes best, brotli where it
    likes both alike."""
    offered = request.headers.get(hdrs.ACCEPT_ENCODING)
    if not offered or OFF in request.headers:
        return None
    liked: dict[Coding, float] = {}
    for one in offered.lower().split(","):
        name, _, parameters = one.partition(";")
        coding = _NAMES.get(name.strip())
        if coding is not None:
            liked[coding] = max(liked.get(coding, 0.0), _weight(parameters))
    best = max(liked, key=lambda coding: (liked[coding], coding == "br"), default=None)
    return best if best is not None and liked[best] > 0 else None


def _weight(parameters: str) -> float:
    for one in parameters.split(";"):
        name, _, value = one.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


async def _brotli(body: bytes) -> bytes:
    return _pack(body) if len(body) <= _ON_THE_LOOP else await asyncio.to_thread(_pack, body)


def _pack(body: bytes) -> bytes:
    import brotli

    packed: bytes = brotli.compress(body, quality=QUALITY)
    return packed


def vary(response: web.StreamResponse, name: str) -> None:
    """Say that the answer depends on the request header `name` (caches keep one answer for each value)."""
    said = response.headers.get(hdrs.VARY, "")
    if name.lower() not in {one.strip().lower() for one in said.split(",")}:
        response.headers[hdrs.VARY] = f"{said}, {name}" if said else name
