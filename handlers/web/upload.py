"""A file that comes in, as the body itself or as a part of a form; never more of it than is taken."""

from __future__ import annotations

from typing import Final

from aiohttp import BodyPartReader, hdrs, web
from aiohttp.http_exceptions import HttpProcessingError

from services.errors import Fault, Invalid

FIELD: Final = "file"
FORM: Final = "multipart/form-data"
_NAME = "document"
_PIECE = 256 * 1024  # bytes
_MOST_PARTS = 20
# What clients call the kinds of documents that are read. What a file really is, its bytes decide.
KINDS = {
    "application/octet-stream": "",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "text/markdown": ".md",
    "text/plain": ".txt",
}


async def received(request: web.Request, name: str) -> tuple[str, bytes]:
    """The file's name and bytes; `name` is for a body that has none. Raises Invalid for a form without a file,
    web.HTTPUnsupportedMediaType, and web.HTTPRequestEntityTooLarge beyond what the application takes."""
    if request.content_type == FORM:
        return await _part(request, name)
    if request.content_type not in KINDS:
        raise web.HTTPUnsupportedMediaType
    return name or _NAME + KINDS[request.content_type], await request.read()


async def _part(request: web.Request, name: str) -> tuple[str, bytes]:
    try:
        reader = await request.multipart()
        for _ in range(_MOST_PARTS):
            part = await reader.next()
            if part is None:
                break
            if not isinstance(part, BodyPartReader):
                raise ValueError("forms in forms are not taken")
            if part.name == FIELD:
                return part.filename or name or _NAME, await _bytes(request, part)
            await part.release()
    except (ValueError, RuntimeError, AssertionError, KeyError, HttpProcessingError):
        raise Invalid(Fault("body", "form", "something that is no form", FORM)) from None
    raise Invalid(Fault(FIELD, "missing", "", f"a part named {FIELD!r}"))


async def _bytes(request: web.Request, part: BodyPartReader) -> bytes:
    if hdrs.CONTENT_TRANSFER_ENCODING in part.headers or hdrs.CONTENT_ENCODING in part.headers:
        raise ValueError("parts come as they are")
    data = bytearray()
    while piece := await part.read_chunk(_PIECE):
        data += piece
        if len(data) > request.client_max_size:
            raise web.HTTPRequestEntityTooLarge(request.client_max_size, len(data))
    return bytes(data)
