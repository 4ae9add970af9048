from __future__ import annotations

import asyncio
import ipaddress
import json
import socket
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from bot.localchat.engine import Engine
from bot.localchat.people import ADMIN, GROUP_ID, LEARNER
from bot.localchat.seats import Seat
from tests.bot.localchat.conftest import Api, buttons, png
from tests.bot.localchat.echo import served

ME = LEARNER.id


class Browser:
    """What the page's script does, with the headers a browser adds."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.session = session
        self.origin = "http://" + urlsplit(url).netloc

    async def get(self, path: str, **headers: str) -> tuple[int, Any]:
        async with self.session.get(self.url + path, headers=headers) as response:
            return response.status, await _body(response)

    async def do(self, action: str, body: Any, person: int = ME, **headers: str) -> tuple[int, Any]:
        url = f"{self.url}do/{action}?person={person}"
        sent = {"Origin": self.origin} | headers
        async with self.session.post(url, json=body, headers=sent) as response:
            return response.status, await _body(response)


async def _body(response: aiohttp.ClientResponse) -> Any:
    return await response.json() if response.content_type == "application/json" else await response.read()


@pytest.fixture
async def browser(engine: Engine) -> AsyncIterator[Browser]:
    async with served(engine) as url, aiohttp.ClientSession() as session:
        yield Browser(url, session)


@pytest.mark.parametrize("name", ["", "chat.css", "chat.js", "net.js", "text.js", "render.js", "log.js", "composer.js"])
async def test_the_page_is_served_with_strict_headers(browser: Browser, name: str) -> None:
    async with browser.session.get(browser.url + name) as response:
        assert response.status == 200
        policy = response.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        text = await response.text()
    assert "http://" not in text.replace("http://www.w3.org/", "").replace("`http://", "")
    assert "innerHTML" not in text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "localhost:1", ""])
async def test_other_hosts_are_refused(browser: Browser, host: str) -> None:
    for path in ("", "state", f"messages?person={ME}", "chat.js"):
        status, _ = await browser.get(path, Host=host)
        assert status in {400, 403}
    assert (await browser.do("send", {"text": "x"}, Host=host))[0] in {400, 403}


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", ""])
async def test_other_origins_are_refused(browser: Browser, learner: Seat, origin: str) -> None:
    assert (await browser.do("send", {"text": "x"}, Origin=origin))[0] == 403
    assert (await browser.get("state", Origin=origin))[0] == 403
    assert learner.messages() == []


async def test_a_post_without_an_origin_is_refused(browser: Browser) -> None:
    async with browser.session.post(f"{browser.url}do/send?person={ME}", json={"text": "x"}) as response:
        assert response.status == 403
        assert "Content-Security-Policy" in response.headers


async def test_other_sites_are_refused(browser: Browser) -> None:
    assert (await browser.get("state", **{"Sec-Fetch-Site": "cross-site"}))[0] == 403
    assert (await browser.get("state", **{"Sec-Fetch-Site": "same-origin"}))[0] == 200
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert (await browser.get("", **followed))[0] == 200
    assert (await browser.do("send", {"text": "x"}, ME, **followed, Origin="http://evil.example"))[0] == 403


async def test_other_machines_are_refused(engine: Engine) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nothing is sent: this only asks for the address of this machine
        except OSError:
            pytest.skip("this machine has no address but its loopback one")
        address = probe.getsockname()[0]
    if ipaddress.ip_address(address).is_loopback:
        pytest.skip("this machine has no address but its loopback one")
    async with served(engine, address=address) as url, aiohttp.ClientSession() as session:
        for path in ("", "state"):
            async with session.get(url + path) as response:
                assert response.status == 403


async def test_what_the_page_starts_with(browser: Browser, learner: Seat) -> None:
    status, state = await browser.get("state")
    assert status == 200
    assert [person["role"] for person in state["people"]] == ["learner", "instructor", "admin"]
    await learner.block()
    assert (await browser.get(f"state?person={ME}"))[1]["blocked"] is True
    assert (await browser.get(f"state?person={ADMIN.id}"))[1]["blocked"] is False


async def test_sending_correcting_pressing(browser: Browser, api: Api, learner: Seat) -> None:
    status, sent = await browser.do("send", {"text": "hello", "chat": ME})
    assert (status, sent["text"]) == (200, "hello")
    assert (await browser.do("edit", {"message_id": sent["message_id"], "text": "hullo"}))[1]["text"] == "hullo"
    asked = await api.say("?", reply_markup=buttons(["a"]))
    status, pressed = await browser.do("press", {"message_id": asked["message_id"], "data": "a"})
    updates = await api.ok("getUpdates")
    assert updates[-1]["callback_query"]["id"] == pressed["query_id"]
    assert [m["text"] for m in (await browser.get(f"messages?person={ME}"))[1]["messages"]] == ["hullo", "?"]
    assert (await browser.do("send", {"text": "all", "chat": GROUP_ID}))[0] == 200
    assert (await browser.do("sticker", {"emoji": "🎉"}))[0] == 200
    assert (await browser.do("voice", {"seconds": 4}))[0] == 200
    assert (await browser.do("location", {"latitude": 1.5, "longitude": 2}))[0] == 200
    assert (await browser.do("block", {}))[0] == 200
    status, refused = await browser.do("send", {"text": "x"})
    assert (status, "blocked" in refused["error"]) == (409, True)
    assert (await browser.do("unblock", {}))[0] == 200


async def test_voting(browser: Browser, api: Api) -> None:
    quiz = {"question": "?", "options": ["a", "b"], "type": "quiz", "correct_option_ids": [1]}
    poll = (await api.ok("sendPoll", chat_id=ME, **quiz))["poll"]
    page = (await browser.get(f"messages?person={ME}"))[1]
    assert "correct_option_ids" not in page["messages"][0]["poll"]
    assert (await browser.do("vote", {"poll_id": poll["id"], "options": [0]}))[0] == 200
    assert (await browser.do("vote", {"poll_id": poll["id"], "options": [1]}))[0] == 409
    page = (await browser.get(f"messages?person={ME}"))[1]
    assert page["messages"][0]["poll"]["correct_option_ids"] == [1]


@pytest.mark.parametrize(
    ("action", "body", "status"),
    [
        ("send", {}, 400),
        ("send", {"text": 5}, 400),
        ("send", {"text": "x", "chat": "me"}, 400),
        ("send", {"text": "x", "chat": 12}, 409),
        ("send", {"text": "x", "chat": 2**70}, 400),
        ("send", {"text": "  "}, 409),
        ("send", [], 400),
        ("edit", {"message_id": True, "text": "x"}, 400),
        ("edit", {"message_id": 99, "text": "x"}, 409),
        ("press", {"message_id": 1}, 400),
        ("vote", {"poll_id": "1", "options": ["a"]}, 400),
        ("vote", {"poll_id": "1", "options": [0]}, 409),
        ("location", {"latitude": "x", "longitude": 1}, 400),
        ("fly", {}, 404),
    ],
)
async def test_bad_input_gets_a_sentence(browser: Browser, action: str, body: Any, status: int) -> None:
    found, answer = await browser.do(action, body)
    assert found == status
    assert answer if status == 404 else answer["error"].endswith(".")


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b'{"text": ' + b"9" * 5000 + b"}", b"\xff", b""])
async def test_what_is_not_json(browser: Browser, body: bytes) -> None:
    headers = {"Origin": browser.origin, "Content-Type": "application/json"}
    async with browser.session.post(f"{browser.url}do/send?person={ME}", data=body, headers=headers) as response:
        assert response.status == 400


async def test_bodies_are_bounded(browser: Browser) -> None:
    assert (await browser.do("send", {"text": "x" * 600_000}))[0] == 413
    assert (await browser.do("send", {"text": "x"}, person=4))[0] == 409
    headers = {"Origin": browser.origin, "Content-Type": "text/plain"}
    async with browser.session.post(f"{browser.url}do/send?person={ME}", data="{}", headers=headers) as response:
        assert response.status == 400


async def put(browser: Browser, body: bytes, name: str = "a.txt", **fields: str) -> tuple[int, Any]:
    form = aiohttp.FormData(fields, quote_fields=False)
    form.add_field("file", body, filename=name, content_type="text/plain")
    url = f"{browser.url}upload?person={ME}"
    async with browser.session.post(url, data=form, headers={"Origin": browser.origin}) as response:
        return response.status, await _body(response)


async def test_files_up_and_down(browser: Browser, learner: Seat) -> None:
    status, sent = await put(browser, b"abc", "läse mich.txt", kind="document", chat=str(ME), caption="c")
    assert (status, sent["document"]["file_name"], sent["caption"]) == (200, "läse mich.txt", "c")
    async with browser.session.get(f"{browser.url}file/{sent['document']['file_id']}") as response:
        assert await response.read() == b"abc"
        assert response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''l%C3%A4se%20mich.txt"
        assert response.content_type == "application/octet-stream"
    status, photo = await put(browser, png(4, 4), "p.png", kind="photo")
    async with browser.session.get(f"{browser.url}file/{photo['photo'][0]['file_id']}") as response:
        assert response.content_type == "image/png"
    assert (await browser.get("file/none"))[0] == 404
    assert (await put(browser, b"<svg/>", "p.svg", kind="photo"))[0] == 409
    assert (await put(browser, b"", "empty.txt", kind="document"))[0] == 200


async def test_a_page_sent_as_a_file_is_never_shown_as_one(browser: Browser) -> None:
    _, sent = await put(browser, b"<script>alert(1)</script>", "x.html", kind="document")
    async with browser.session.get(f"{browser.url}file/{sent['document']['file_id']}") as response:
        assert response.content_type == "application/octet-stream"
        assert response.headers["Content-Disposition"].startswith("attachment")


async def test_a_file_that_is_too_big(browser: Browser) -> None:
    status, answer = await put(browser, bytes(50 * 2**20 + 1), kind="document")
    assert (status, answer["error"]) == (400, "A file can have up to 50 MB.")


async def test_older_messages_by_pages(browser: Browser, learner: Seat) -> None:
    for number in range(5):
        await learner.send_text(str(number))
    first = (await browser.get(f"messages?person={ME}&limit=2"))[1]
    assert ([m["text"] for m in first["messages"]], first["more"]) == (["3", "4"], True)
    before = first["messages"][0]["message_id"]
    second = (await browser.get(f"messages?person={ME}&limit=10&before={before}"))[1]
    assert ([m["text"] for m in second["messages"]], second["more"]) == (["0", "1", "2"], False)
    for query in ("", "?person=x", f"?person={ME}&limit=x"):
        assert (await browser.get(f"messages{query}"))[0] == 400


async def events(response: aiohttp.ClientResponse, count: int) -> list[tuple[int, Any]]:
    found: list[tuple[int, Any]] = []
    number = 0
    async with asyncio.timeout(30):
        async for line in response.content:
            if line.startswith(b"id: "):
                number = int(line[4:])
            elif line.startswith(b"data: "):
                found.append((number, json.loads(line[6:])))
                if len(found) == count:
                    break
    return found


async def test_what_happens_as_events_and_going_on_where_one_was(browser: Browser, engine: Engine, api: Api) -> None:
    url = f"{browser.url}events?person={ME}&after={engine.last_change}"
    async with browser.session.get(url) as response:
        assert response.content_type == "text/event-stream"
        await api.ok("sendMessage", chat_id=ADMIN.id, text="not for Lena")
        await api.say("a")
        await api.say("b")
        seen = await events(response, 2)
    assert [event["body"]["text"] for _, event in seen] == ["a", "b"]
    async with browser.session.get(url, headers={"Last-Event-ID": str(seen[0][0])}) as response:
        ((number, event),) = await events(response, 1)
    assert (number, event["body"]["text"]) == (seen[1][0], "b")
    async with browser.session.get(url, headers={"Last-Event-ID": "1"}) as response:
        ((_, event),) = await events(response, 1)
    assert event["kind"] == "reset"
    async with browser.session.get(url, headers={"Last-Event-ID": "x"}) as response:
        assert response.status == 400


async def test_open_streams_do_not_hold_up_the_end(engine: Engine) -> None:
    async with aiohttp.ClientSession() as session:
        async with served(engine) as url:
            response = await session.get(f"{url}events?person={ME}")
            began = asyncio.get_running_loop().time()
        assert asyncio.get_running_loop().time() - began < 0.9
        response.close()
