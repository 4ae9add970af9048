"""Single requests to a provider without its SDK: which models are there, is this text in order, paint a picture.

An SDK holds 50 to 80 MB and takes seconds to load: too much for a look at the start, for the health check, and for
whoever has a key for pictures only. What it sends its requests with (httpx2) is small, and lets us bound an answer.
"""

from __future__ import annotations

import asyncio
import importlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from services.authors.model.faults import WireFault, author_error, retry_after_seconds
from services.authors.model.line import translated
from services.authors.model.real_calls import check_address
from services.errors import AuthorBusy, AuthorError, AuthorUnusable

if TYPE_CHECKING:
    from httpx2 import AsyncClient


async def looked_up(url: str, headers: Mapping[str, str], seconds: float, now: datetime) -> dict[str, Any]:
    """The JSON object at `url`, within `seconds` seconds, asked for once. Raises `AuthorError`."""
    check_address(url)
    client, failures = await asyncio.to_thread(_client, seconds)
    try:
        async with asyncio.timeout(seconds), client:
            response = await client.get(url, headers=dict(headers))
    except TimeoutError as error:
        raise AuthorBusy("timed_out") from error
    except failures as error:
        raise translated(error, now) from error
    if response.status_code != 200:
        raise _refusal(response.status_code, response.headers.get("retry-after"), response.content, now)
    if (value := _decoded(response.content)) is None:
        raise AuthorBusy("dropped")
    return value


async def posted(
    url: str, headers: Mapping[str, str], body: Mapping[str, object], seconds: float, now: datetime, *, most: int
) -> dict[str, Any]:
    """The JSON object that comes back for `body`, within `seconds` seconds and `most` bytes, asked for once. Raises
    `AuthorError`, ``invalid_answer`` for what is larger or is no JSON object."""
    check_address(url)
    client, failures = await asyncio.to_thread(_client, seconds)
    try:
        async with (
            asyncio.timeout(seconds),
            client,
            client.stream("POST", url, headers=dict(headers), json=body) as response,
        ):
            content = bytearray()
            async for piece in response.aiter_bytes():
                content += piece
                if len(content) > most:
                    raise AuthorUnusable("invalid_answer")
    except TimeoutError as error:
        raise AuthorBusy("timed_out") from error
    except failures as error:
        raise translated(error, now) from error
    if response.status_code != 200:
        raise _refusal(response.status_code, response.headers.get("retry-after"), bytes(content), now)
    if (value := await asyncio.to_thread(_decoded, bytes(content))) is None:
        raise AuthorUnusable("invalid_answer")
    return value


def entries(listed: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a list of models holds, as far as it has the form that both protocols give it."""
    data = listed.get("data")
    return [each for each in data if isinstance(each, dict)] if isinstance(data, list) else []


def _client(seconds: float) -> tuple[AsyncClient, tuple[type[Exception], ...]]:
    http = importlib.import_module("httpx2")
    client: AsyncClient = http.AsyncClient(timeout=seconds)
    return client, (http.HTTPError, http.InvalidURL)


def _decoded(content: bytes) -> dict[str, Any] | None:
    """The JSON object in `content`, if it holds one."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _refusal(status: int, wait: str | None, content: bytes, now: datetime) -> AuthorError:
    error = (_decoded(content) or {}).get("error")
    words = error if isinstance(error, dict) else {}
    kind, code = (str(words.get(name) or "") or None for name in ("type", "code"))
    return author_error(WireFault(status, type=kind, code=code, retry_after=retry_after_seconds(wait, now)))
