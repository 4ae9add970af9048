"""What becomes of answers that are not what was asked for, through real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from aiohttp import web

from services.authors.model.looking_up import entries, looked_up
from services.errors import AuthorBusy, AuthorError, AuthorUnusable

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ERROR = {"error": {"type": "authentication_error", "message": "no"}}


@asynccontextmanager
async def saying(answer: web.Response) -> AsyncIterator[str]:
    """The address of a service that always answers so."""

    async def handle(request: web.Request) -> web.StreamResponse:
        return web.Response(status=answer.status, text=answer.text, headers=answer.headers)

    handler: Callable[[web.Request], Awaitable[web.StreamResponse]] = handle
    app = web.Application()
    app.router.add_get("/v1/models", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1/models"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("answer", "kind", "why"),
    [
        (web.json_response(ERROR, status=401), AuthorUnusable, "key_refused"),
        (web.Response(text="oh", status=500), AuthorBusy, "service_error"),
        (web.Response(text="gone", status=404), AuthorUnusable, "model_unknown"),
        (web.json_response([], status=429), AuthorBusy, "rate_limited"),
        (web.json_response({"error": "no"}, status=403), AuthorUnusable, "key_refused"),
        (web.Response(text="<html>"), AuthorBusy, "dropped"),
        (web.json_response([1]), AuthorBusy, "dropped"),
        (web.Response(status=302, headers={"location": "http://192.0.2.1/"}), AuthorBusy, "service_error"),
    ],
)
async def test_what_is_no_list_is_an_error(answer: web.Response, kind: type[AuthorError], why: str) -> None:
    async with saying(answer) as url:
        with pytest.raises(AuthorError) as raised:
            await looked_up(url, {"x-api-key": "k"}, 5.0, NOW)
    assert (type(raised.value), raised.value.why) == (kind, why)


@pytest.mark.parametrize(
    ("listed", "found"),
    [({"data": [{"id": "a"}, 1, None]}, [{"id": "a"}]), ({}, []), ({"data": None}, []), ({"data": "abc"}, [])],
)
async def test_only_what_has_the_form_counts(listed: dict[str, object], found: list[object]) -> None:
    async with saying(web.json_response(listed)) as url:
        assert entries(await looked_up(url, {}, 5.0, NOW)) == found
