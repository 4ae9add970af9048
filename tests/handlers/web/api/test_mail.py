"""Mail over the wire: one's own choices, and the links of a letter, which work without signing in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from handlers.web.api import mail
from handlers.web.app import build_app
from handlers.web.door import TokenDoor
from handlers.web.services import WebServices
from services.health import HealthService
from services.limits import DEFAULTS, make_limits
from storage.database import Database
from tests.handlers.web.api.callers import OPERATIONS, Web
from tests.kit.database import database, postgres, sqlite
from tests.kit.house import eventually
from tests.kit.mail_server import mail_server
from tests.kit.signing import gate
from tests.services.mail_kit import Post, post, token_in

__all__ = ["database", "postgres", "sqlite"]

NOTHING = {
    "address": None,
    "pending": None,
    "welcome": False,
    "course_completed": False,
    "weekly_digest": False,
}


@asynccontextmanager
async def served(database: Database, made: Post | None) -> AsyncIterator[Web]:
    """The sidecar with sign-in, and with mail if there is any."""
    door = gate(database)
    limits = make_limits(door.clock, DEFAULTS)
    health = HealthService(database=database, clock=door.clock, version="1", environment="test", probes={})
    services = WebServices(
        clock=door.clock, learners=door.learners, auth=door.auth, limits=limits, mail=made.mail if made else None
    )
    app = build_app(
        services,
        TokenDoor(door.auth, limits, door.clock),
        health,
        is_ready=lambda: True,
        version="1",
        operations=[*OPERATIONS, *mail.OPERATIONS],
    )
    async with TestClient(TestServer(app)) as client:
        yield Web(door, client)


class Form(HTMLParser):
    """How a page's form is sent, and where to."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {"script", "img", "link"}
        if tag == "form":
            self.forms.append(dict(attrs))


async def page(web: Web, method: str, path: str, **more: Any) -> tuple[int, str, dict[str, str]]:
    async with web.client.request(method, f"/api/v1{path}", **more) as answer:
        return answer.status, await answer.text(), dict(answer.headers)


async def test_an_address_is_confirmed_by_a_button_and_not_by_a_look(database: Database) -> None:
    async with mail_server() as server, post(database, server) as made, served(database, made) as web:
        lena, ivo = await web.somebody(), await web.somebody(5)
        assert await lena.ask("GET", "/mail") == (200, NOTHING)
        assert await lena.ask("PATCH", "/mail", {"welcome": True}) == (200, {**NOTHING, "welcome": True})
        asked = {**NOTHING, "welcome": True, "pending": "lena@example.org"}
        assert await lena.ask("PUT", "/mail/address", {"address": "lena@example.org"}) == (200, asked)
        await eventually(made.count, lambda count: count == 1)
        link = f"/mail/confirm?token={made.token()}"
        status, text, headers = await page(web, "GET", link)
        assert status == 200
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "private, no-store"
        assert "script" not in headers["Content-Security-Policy"]
        form = Form()
        form.feed(text)
        assert form.forms == [{"method": "post"}]  # to the page's own address
        assert await lena.ask("GET", "/mail") == (200, asked)
        status, _, _ = await page(web, "POST", link, data={})
        assert status == 200
        confirmed = {**asked, "address": "lena@example.org", "pending": None}
        assert await lena.ask("GET", "/mail") == (200, confirmed)
        status, text, _ = await page(web, "POST", link)
        assert (status, "not_found.link" in text) == (404, True)
        assert await ivo.ask("GET", "/mail") == (200, NOTHING)
        assert await lena.ask("DELETE", "/mail/address") == (200, {**confirmed, "address": None})


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"List-Unsubscribe": "One-Click"}},
        {"data": b"List-Unsubscribe=One-Click", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        {"data": b"--b\r\n\r\n--b--", "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
        {},
    ],
    ids=["form", "bytes", "multipart", "nothing"],
)
async def test_one_click_needs_nothing_but_the_link(sqlite: Database, body: dict[str, Any]) -> None:
    async with mail_server() as server, post(sqlite, server) as made, served(sqlite, made) as web:
        lena = await web.somebody()
        await made.confirmed(lena.id, "lena@example.org")
        await lena.ask("PATCH", "/mail", {"welcome": True, "course_completed": True})
        await eventually(made.count, lambda count: count == 1)
        (letter,) = server.taken
        link = f"/mail/unsubscribe?token={token_in(letter['List-Unsubscribe'].strip('<>'))}"
        status, text, _ = await page(web, "GET", link)
        assert (status, "<button>" in text) == (200, True)
        assert (await lena.ask("GET", "/mail"))[1]["welcome"] is True
        for _ in range(2):
            assert (await page(web, "POST", link, **body))[0] == 200
        _, found = await lena.ask("GET", "/mail")
        assert (found["welcome"], found["course_completed"]) == (False, True)
        assert (await page(web, "POST", link[:-2]))[0] == 404


async def test_too_much_and_wrong_is_said(sqlite: Database) -> None:
    async with mail_server() as server, post(sqlite, server) as made, served(sqlite, made) as web:
        lena = await web.somebody()
        for method, path, body in (
            ("PUT", "/mail/address", {"address": "lena"}),
            ("PUT", "/mail/address", {"address": "a@b.example\r\nBcc: c@d.example"}),
            ("PUT", "/mail/address", {"address": "a@b.example", "confirmed_at": 1}),
            ("PATCH", "/mail", {}),
            ("PATCH", "/mail", {"welcome": None}),
            ("PATCH", "/mail", {"welcome": 1}),
            ("PATCH", "/mail", {"address": "a@b.example"}),
            ("PATCH", "/mail", {"welcome": True, "learner_id": 1}),
        ):
            assert (await lena.ask(method, path, body))[0] == 422, body
        assert await lena.ask("GET", "/mail") == (200, NOTHING)
        for number in range(3):
            await lena.ask("PUT", "/mail/address", {"address": f"lena{number}@example.org"})
        status, found, headers = await lena.whole("PUT", "/mail/address", {"address": "lena9@example.org"})
        assert (status, found["code"]) == (429, "limit_reached.mail")
        assert int(headers["Retry-After"]) == 24 * 3600
        for path in ("/mail/confirm", "/mail/unsubscribe"):
            for query in ("", "?token=", "?token=%00", "?token=a%0Ab", f"?token={'a' * 201}"):
                for method in ("GET", "POST"):
                    assert (await page(web, method, path + query))[0] == 422, (method, path, query)
        assert (await web.nobody.ask("GET", "/mail"))[0] == 401


async def test_without_a_mail_server_nothing_pretends(sqlite: Database) -> None:
    async with served(sqlite, None) as web:
        lena = await web.somebody()
        for method, path, body in (
            ("GET", "/mail", None),
            ("PATCH", "/mail", {"welcome": True}),
            ("PUT", "/mail/address", {"address": "lena@example.org"}),
            ("DELETE", "/mail/address", None),
            ("GET", "/mail/confirm?token=a", None),
            ("POST", "/mail/confirm?token=a", None),
            ("GET", "/mail/unsubscribe?token=a", None),
            ("POST", "/mail/unsubscribe?token=a", None),
        ):
            status, found = await lena.ask(method, path, body)
            assert (status, found["code"]) == (404, "not_found.mail"), path
