"""gzip for answers from 1 KiB, where the client takes it and does not ask for none (`X-No-Compression`)."""

from __future__ import annotations

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

LEAST = 1024  # bytes
OFF = "X-No-Compression"
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
    """Pack a body of known length (at aiohttp's level, which is 6). Streams go out as they come."""
    response = await handler(request)
    if not isinstance(response, web.Response) or response.prepared or hdrs.CONTENT_ENCODING in response.headers:
        return response
    size = len(response.body) if isinstance(response.body, bytes | bytearray) else 0
    if size < LEAST or response.content_type.startswith(_PACKED):
        return response
    vary(response, "Accept-Encoding")
    if wants_gzip(request):
        response.enable_compression(web.ContentCoding.gzip)
    return response


def wants_gzip(request: web.Request) -> bool:
    """Whether the answer may be packed: for whoever keeps packed bytes ready."""
    if OFF in request.headers:
        return False
    return any(_takes(one) for one in request.headers.get(hdrs.ACCEPT_ENCODING, "").split(","))


def _takes(offer: str) -> bool:
    coding, *parameters = (part.strip().lower() for part in offer.split(";"))
    refused = any(one.replace(" ", "") in {"q=0", "q=0.0", "q=0.00", "q=0.000"} for one in parameters)
    return coding in {"gzip", "x-gzip"} and not refused


def vary(response: web.StreamResponse, name: str) -> None:
    """Say that the answer depends on the request header `name` (caches keep one answer for each value)."""
    said = response.headers.get(hdrs.VARY, "")
    if name.lower() not in {one.strip().lower() for one in said.split(",")}:
        response.headers[hdrs.VARY] = f"{said}, {name}" if said else name
