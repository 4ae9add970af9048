"""Answers that say more than a model: where a new thing is, and whether what the client has is still the same."""

from __future__ import annotations

from aiohttp import hdrs, web
from pydantic import BaseModel

from handlers.web.dispatch import PREFIX
from handlers.web.edge.compression import vary, wanted
from services.rendered import Page

PRIVATE = "private, no-cache"  # kept by the client only, and asked about each time
PUBLIC = "public, no-cache"
NEVER_STORED = "private, no-store"
_CODINGS = ("", "-br", "-gzip")  # packed bytes are other bytes, so their tag is another one


def made(model: BaseModel, path: str, status: int = 201) -> web.Response:
    """Something new, and where it is (`path` below the API's root)."""
    return as_json(model.model_dump_json().encode(), {hdrs.LOCATION: PREFIX + path}, status)


def as_json(body: bytes, headers: dict[str, str], status: int = 200) -> web.Response:
    """Bytes that are JSON already."""
    return web.Response(body=body, status=status, headers=headers, content_type="application/json", charset="utf-8")


def page(request: web.Request, kept: Page, cache: str) -> web.Response:
    """A kept page as it is, packed where the client takes that; 304 if the client has it."""
    coding = wanted(request)
    tag = kept.tag if coding is None else f"{kept.tag}-{coding}"
    headers: dict[str, str] = {hdrs.ETAG: f'"{tag}"', hdrs.CACHE_CONTROL: cache}
    if has(request, kept.tag):
        answer = web.Response(status=304, headers=headers)
    else:
        if coding is not None:
            headers[hdrs.CONTENT_ENCODING] = coding
        answer = as_json(kept.raw if coding is None else kept.packed[coding], headers)
    vary(answer, "Accept-Encoding")
    return answer


def has(request: web.Request, tag: str) -> bool:
    """Whether the client says that it has the version with this tag, packed or not."""
    named = request.if_none_match or ()
    return any(one.value in {"*", *(tag + coding for coding in _CODINGS)} for one in named)
