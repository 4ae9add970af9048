"""Small questions to a provider that cost nothing (which models are there?), without its SDK.

An SDK holds 50 to 80 MB and takes seconds to load: too much for a look at the start, or for the health check. What it
sends its requests with (httpx2) is small.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from services.authors.model.faults import WireFault, author_error, retry_after_seconds
from services.authors.model.line import translated
from services.authors.model.real_calls import check_address
from services.errors import AuthorBusy, AuthorError

if TYPE_CHECKING:
    from httpx2 import AsyncClient, Response


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
        raise _refusal(response, now)
    return _object(response)


def entries(listed: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a list of models holds, as far as it has the form that both protocols give it."""
    data = listed.get("data")
    return [each for each in data if isinstance(each, dict)] if isinstance(data, list) else []


def _client(seconds: float) -> tuple[AsyncClient, tuple[type[Exception], ...]]:
    http = importlib.import_module("httpx2")
    client: AsyncClient = http.AsyncClient(timeout=seconds)
    return client, (http.HTTPError, http.InvalidURL)


def _object(response: Response) -> dict[str, Any]:
    try:
        value = response.json()
    except ValueError as error:
        raise AuthorBusy("dropped") from error
    if not isinstance(value, dict):
        raise AuthorBusy("dropped")
    return value


def _refusal(response: Response, now: datetime) -> AuthorError:
    wait = retry_after_seconds(response.headers.get("retry-after"), now)
    try:
        said = response.json()
    except ValueError:
        said = {}
    error = said.get("error") if isinstance(said, dict) else None
    words = error if isinstance(error, dict) else {}
    kind, code = (str(words.get(name) or "") or None for name in ("type", "code"))
    return author_error(WireFault(response.status_code, type=kind, code=code, retry_after=wait))
