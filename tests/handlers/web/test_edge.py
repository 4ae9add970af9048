"""The edge over a real socket: what every answer carries, and that no input whatever is answered with a 5xx."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

import pytest
from aiohttp import ClientPayloadError, web
from pydantic import Field
from structlog.contextvars import get_contextvars

from handlers.web.operations import Call, Id, In, Operation, Out, Who
from storage.database import Database
from tests.handlers.web.sidecar import Sidecar, sidecar

ORIGIN = "https://learn.example"
LONG = "sourdough " * 200
log = logging.getLogger("tests.edge")


class EchoIn(In):
    text: Annotated[str, Field(max_length=20_000_000)] = ""
    number: int = 0
    share: float = 0.0
    more: dict[str, Any] = Field(default_factory=dict)
    list_: list[Any] = Field(default_factory=list, alias="list")


class TextOut(Out):
    text: str
    number: int = 0


class ThingIn(In):
    thing_id: Id


class FindIn(In):
    q: str = ""
    n: int | None = None


async def echo(call: Call) -> TextOut:
    """Says it again."""
    return TextOut(text=call.body.text, number=call.body.number)


async def thing(call: Call) -> TextOut:
    """A thing by its id."""
    return TextOut(text=call.query.q, number=call.path.thing_id)


async def long(call: Call) -> TextOut:
    """Much text, and a line in the log."""
    log.info("telling much")
    return TextOut(text=LONG)


async def short(call: Call) -> TextOut:
    """A word."""
    return TextOut(text="short")


async def taught(call: Call) -> TextOut:
    """For instructors."""
    return TextOut(text="taught")


async def broken(call: Call) -> None:
    """Fails in a way that nobody thought of."""
    raise ZeroDivisionError("the secret reason")


async def remove(call: Call) -> None:
    """Takes it away."""


async def stream(call: Call) -> web.StreamResponse:
    """A stream."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(call.request)
    await response.write(b"data: 1\n\n" * 400)
    if call.request.headers.get("X-Break"):
        raise ZeroDivisionError("half way")
    return response


async def packed(call: Call) -> web.Response:
    """What the handler has packed itself."""
    return web.Response(body=gzip.compress(LONG.encode()), headers={"Content-Encoding": "gzip"})


async def upload(call: Call) -> TextOut:
    """Reads its body itself."""
    return TextOut(text="", number=len(await call.request.read()))


OPERATIONS = [
    Operation(method="POST", path="/echo", summary="Echo", handler=echo, body_in=EchoIn, answers=TextOut),
    Operation(
        method="GET",
        path="/things/{thing_id}",
        summary="Thing",
        handler=thing,
        who=Who.ANYBODY,
        path_in=ThingIn,
        query_in=FindIn,
        answers=TextOut,
    ),
    Operation(method="DELETE", path="/things/{thing_id}", summary="Away", handler=remove, path_in=ThingIn, status=204),
    Operation(method="GET", path="/long", summary="Long", handler=long, who=Who.ANYBODY, answers=TextOut),
    Operation(method="GET", path="/short", summary="Short", handler=short, who=Who.ANYBODY, answers=TextOut),
    Operation(method="GET", path="/broken", summary="Broken", handler=broken, who=Who.ANYBODY),
    Operation(
        method="GET", path="/stream", summary="Stream", handler=stream, who=Who.ANYBODY, content="text/event-stream"
    ),
    Operation(method="GET", path="/packed", summary="Packed", handler=packed, who=Who.ANYBODY, content="text/plain"),
    Operation(
        method="POST", path="/upload", summary="Upload", handler=upload, takes=("application/pdf",), answers=TextOut
    ),
    Operation(method="GET", path="/taught", summary="Taught", handler=taught, who=Who.INSTRUCTOR, answers=TextOut),
]


@pytest.fixture
async def bare(tmp_path: Path) -> AsyncIterator[Database]:
    """A database without tables: nobody asks it for more than whether it is there."""
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'bare.db'}")
    yield database
    await database.close()


@pytest.fixture
async def web_(bare: Database) -> AsyncIterator[Sidecar]:
    async with sidecar(bare, OPERATIONS, origins=[ORIGIN]) as served:
        yield served


SECURITY = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' https: data:",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/short", 200),
        ("GET", "/api/v1/stream", 200),
        ("GET", "/api/v1/echo", 405),
        ("POST", "/api/v1/echo", 401),
        ("GET", "/api/v1/nowhere", 404),
        ("GET", "/api/v1/broken", 500),
        ("GET", "/api/v1/docs", 200),
        ("GET", "/api/v1/openapi.json", 200),
        ("GET", "/nowhere", 404),
        ("GET", "/health/live", 200),
        ("PUT", "/health", 405),
    ],
)
async def test_every_answer_is_secured_and_named(web_: Sidecar, method: str, path: str, status: int) -> None:
    async with web_.client.request(method, path, headers={"X-Request-Id": "my-name:1"}) as answer:
        assert answer.status == status
        assert answer.headers["X-Request-Id"] == "my-name:1"
        assert "aiohttp" not in answer.headers["Server"]
        for name, value in SECURITY.items():
            assert value in answer.headers[name], name
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        if status >= 400:
            assert answer.content_type == "application/problem+json"
            problem = await answer.json(content_type=None)
            assert (problem["status"], bool(problem["code"]), bool(problem["detail"])) == (status, True, True)
            assert ("not your doing" in problem["detail"]) == (status == 500)
        if status == 405:
            assert answer.headers["Allow"]


@pytest.mark.parametrize("given", ["", "two words", "x" * 129, "ü", "a;b"])
async def test_a_name_that_could_do_harm_is_replaced(web_: Sidecar, given: str) -> None:
    _, _, headers = await web_.ask("GET", "/short", headers={"X-Request-Id": given})
    assert headers["X-Request-Id"] != given
    assert len(headers["X-Request-Id"]) == 16
    _, _, again = await web_.ask("GET", "/short")
    assert again["X-Request-Id"] != headers["X-Request-Id"]


async def test_the_name_is_in_what_is_logged_meanwhile_and_not_after(
    web_: Sidecar, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[dict[str, Any]] = []

    class Seen(logging.Filter):
        def filter(self, record: logging.LogRecord) -> bool:
            seen.append(get_contextvars())
            return True

    look = Seen()
    log.addFilter(look)
    try:
        with caplog.at_level(logging.INFO, logger=log.name):
            for name in ("first", "second"):
                await web_.ask("GET", "/long", headers={"X-Request-Id": name})
    finally:
        log.removeFilter(look)
    assert [one["request_id"] for one in seen] == ["first", "second"]
    assert "request_id" not in get_contextvars()


async def test_a_fault_of_ours_is_told_by_its_name_only(web_: Sidecar, caplog: pytest.LogCaptureFixture) -> None:
    status, problem, headers = await web_.ask("GET", "/broken")
    assert (status, problem["code"]) == (500, "internal")
    assert problem["request_id"] == headers["X-Request-Id"]
    assert "secret" not in json.dumps(problem)
    assert "ZeroDivision" not in json.dumps(problem)
    assert "ZeroDivisionError: the secret reason" in caplog.text


async def test_a_stream_that_breaks_is_cut_off(web_: Sidecar) -> None:
    answer = await web_.client.get("/api/v1/stream", headers={"X-Break": "1"})
    assert answer.status == 200
    with pytest.raises(ClientPayloadError):
        await answer.read()
    assert (await web_.ask("GET", "/short"))[0] == 200


@pytest.mark.parametrize(
    ("path", "asked", "packed_"),
    [
        ("/long", {"Accept-Encoding": "gzip"}, "gzip"),
        ("/long", {"Accept-Encoding": "deflate, GZIP;q=0.5"}, "gzip"),
        ("/long", {"Accept-Encoding": "gzip;q=0"}, None),
        ("/long", {"Accept-Encoding": "br"}, "br"),
        ("/long", {"Accept-Encoding": "gzip, deflate, br"}, "br"),
        ("/long", {"Accept-Encoding": "gzip;q=1.0, BR;q=0.9"}, "gzip"),
        ("/long", {"Accept-Encoding": "gzip; q=0.8, br; q=0.9"}, "br"),
        ("/long", {"Accept-Encoding": "br;q=0, gzip;q=0.001"}, "gzip"),
        ("/long", {"Accept-Encoding": "br;q=much, gzip;q=0"}, None),
        ("/long", {"Accept-Encoding": "zstd, deflate"}, None),
        ("/long", {"Accept-Encoding": "br, gzip", "X-No-Compression": "1"}, None),
        ("/short", {"Accept-Encoding": "br, gzip"}, None),
        ("/stream", {"Accept-Encoding": "br, gzip"}, None),
        ("/packed", {"Accept-Encoding": "gzip"}, "gzip"),
        ("/openapi.json", {"Accept-Encoding": "gzip"}, "gzip"),
        ("/openapi.json", {"Accept-Encoding": "br"}, "br"),
    ],
)
async def test_answers_are_packed_from_one_kib_on(
    web_: Sidecar, path: str, asked: dict[str, str], packed_: str | None
) -> None:
    _, shown, plain = await web_.ask("GET", path, headers={"Accept-Encoding": "identity"})
    _, body, headers = await web_.ask("GET", path, headers=asked)
    assert headers.get("Content-Encoding") == packed_
    assert body == shown
    varies = [one.strip() for one in headers.get("Vary", "").split(",")]
    if path in {"/long", "/openapi.json"}:
        assert "Accept-Encoding" in varies
    if path == "/long" and packed_:
        assert int(headers["Content-Length"]) == len(gzip.compress(b"x")) or int(headers["Content-Length"]) < 200
        assert int(plain["Content-Length"]) > 2000


async def test_a_body_of_ten_mib_is_taken_and_no_more(web_: Sidecar) -> None:
    limit = 10 * 1024 * 1024
    token = web_.of("lena")
    assert (await web_.ask("POST", "/upload", headers=token, data=b"x" * limit))[1]["number"] == limit
    for path, data in (
        ("/upload", b"x" * (limit + 1)),
        ("/echo", b'{"text": "' + b"x" * limit + b'"}'),
        ("/echo", chunks(b"x" * 65_536, 170)),
    ):
        status, problem, _ = await web_.ask(
            "POST", path, headers={**token, "Content-Type": "application/json"}, data=data
        )
        assert (status, problem["code"]) == (413, "too_large")


async def test_a_small_body_that_unpacks_to_much_is_refused(web_: Sidecar) -> None:
    bomb = gzip.compress(b"x" * 100_000_000)
    headers = {**web_.of("lena"), "Content-Type": "application/json", "Content-Encoding": "gzip"}
    status, problem, _ = await web_.ask("POST", "/echo", headers=headers, data=bomb)
    assert (status, problem["code"]) in {(413, "too_large"), (400, "malformed")}


async def chunks(one: bytes, count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield one


DEEP = 100_000
BAD_BODIES = {
    "nothing": b"",
    "nested lists": b'{"list": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    "nested objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "only opened": b"[" * DEEP,
    "many digits": b'{"number": ' + b"9" * 5_000 + b"}",
    "many digits inside": b'{"more": {"a": ' + b"9" * 5_000 + b'}, "number": "x"}',
    "beyond 64 bits as text": b'{"number": "9223372036854775808"}',
    "NaN": b'{"share": NaN}',
    "infinity": b'{"share": Infinity}',
    "an infinite exponent": b'{"share": 1e999}',
    "NUL": b'{"text": "a\\u0000b"}',
    "NUL in a name": b'{"more": {"a\\u0000": 1}}',
    "NUL far inside": b'{"more": {"a": [{"b": "\\u0000"}]}}',
    "a raw NUL": b'{"text": "a\x00b"}',
    "half a pair": b'{"text": "\\ud83d"}',
    "the other half": b'{"text": "\\udc00 and so on"}',
    "half a pair in a name": b'{"\\ud83d": 1}',
    "not UTF-8": b'{"text": "\xff\xfe"}',
    "surrogates in UTF-8": b'{"text": "\xed\xa0\xbd"}',
    "latin-1": '{"text": "ü"}'.encode("latin-1"),
    "UTF-16": '{"text": "x"}'.encode("utf-16"),
    "a list": b"[]",
    "a word": b"null",
    "two": b"{}{}",
    "text for a number": b'{"number": "1"}',
    "a fraction for a number": b'{"number": 1.5}',
    "true for a number": b'{"number": true}',
    "something unknown": b'{"role": "admin"}',
}


@pytest.mark.parametrize("what", BAD_BODIES)
async def test_no_body_is_answered_with_a_5xx(web_: Sidecar, what: str) -> None:
    headers = {**web_.of("lena"), "Content-Type": "application/json"}
    status, problem, _ = await web_.ask("POST", "/echo", headers=headers, data=BAD_BODIES[what])
    assert (status, problem["code"]) == (422, "invalid"), what
    assert problem["faults"]
    assert len(json.dumps(problem)) < 4_000


async def test_a_backslash_before_u0000_is_text_like_any_other(web_: Sidecar) -> None:
    headers = {**web_.of("lena"), "Content-Type": "application/json"}
    status, body, _ = await web_.ask("POST", "/echo", headers=headers, data=b'{"text": "C:\\\\u0000 \\ud83d\\ude00"}')
    assert (status, body["text"]) == (200, "C:\\u0000 😀")


@pytest.mark.parametrize(
    "path",
    [
        "/things/0",
        "/things/-1",
        "/things/9223372036854775808",
        "/things/" + "9" * 5_000,
        "/things/1e3",
        "/things/one",
        "/things/%00",
        "/things/%ff",
        "/things/%ED%A0%BD",
        "/things/1?q=%00",
        "/things/1?n=" + "9" * 5_000,
        "/things/1?n=x",
        "/things/1?n=1&n=2",
        "/things/1?unknown=1",
        "/things/1?%00=1",
        "/short?a=1",
    ],
)
async def test_no_address_is_answered_with_a_5xx(web_: Sidecar, path: str) -> None:
    status, problem, _ = await web_.ask("GET", path)
    assert (status, problem["code"]) == (422, "invalid")


@pytest.mark.parametrize("path", ["/things/1?q=%ff", "/things/1?q=%ED%A0%BD", "/things/1?q=%F0%9F%98%80"])
async def test_odd_bytes_in_a_query_never_become_text_that_cannot_be_kept(web_: Sidecar, path: str) -> None:
    status, body, _ = await web_.ask("GET", path)
    assert status in {200, 422}
    json.dumps(body, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /api/v1/things/\xff HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /api/v1/short HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \xff\xfe\r\n\r\n",
        b"POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer lena\r\nContent-Type: application/json\r\n"
        b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
        b"POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer lena\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\nnope\r\n",
        b"POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"GET /api/v1/short HTTP/1.1\r\nHost: a\r\nX-Request-Id: a\xff\r\n\r\n",
        b"GET http://[::1/api HTTP/1.1\r\nHost: a\r\n\r\n",
        b"nonsense\r\n\r\n",
    ],
)
async def test_no_bytes_are_answered_with_a_5xx(web_: Sidecar, raw: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", web_.client.port)
    writer.write(raw)
    line = await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    assert line.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4", b"HTTP/1.1 200")), line


async def test_pages_of_listed_origins_may_call_with_credentials(web_: Sidecar) -> None:
    for path in ("/short", "/echo", "/stream"):
        method = "POST" if path == "/echo" else "GET"
        status, _, headers = await web_.ask(method, path, headers={"Origin": ORIGIN})
        assert status in {200, 401}
        assert headers["Access-Control-Allow-Origin"] == ORIGIN
        assert headers["Access-Control-Allow-Credentials"] == "true"
        assert "RateLimit-Remaining" in headers["Access-Control-Expose-Headers"]
        assert "Origin" in headers["Vary"]


async def test_pages_of_other_origins_may_not(web_: Sidecar) -> None:
    for origin in ("https://evil.example", "null", f"{ORIGIN}.evil.example", ORIGIN.upper()):
        _, _, headers = await web_.ask("GET", "/short", headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in headers
        assert "Origin" in headers["Vary"]
        asked = {"Origin": origin, "Access-Control-Request-Method": "GET"}
        status, _, headers = await web_.ask("OPTIONS", "/short", headers=asked)
        assert status == 403
        assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("DELETE", 200), ("PUT", 403)])
async def test_a_browser_may_ask_before_it_calls(web_: Sidecar, method: str, status: int) -> None:
    asked = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
    }
    found, _, headers = await web_.ask("OPTIONS", "/things/1", headers=asked)
    assert found == status
    if status == 200:
        assert headers["Access-Control-Allow-Methods"] == method
        assert "IDEMPOTENCY-KEY" in headers["Access-Control-Allow-Headers"].upper()


async def test_without_a_list_nobody_from_elsewhere_may_call(bare: Database) -> None:
    async with sidecar(bare, OPERATIONS) as served:
        _, _, headers = await served.ask("GET", "/short", headers={"Origin": ORIGIN})
        assert "Access-Control-Allow-Origin" not in headers
        assert (await served.ask("OPTIONS", "/short", headers={"Origin": ORIGIN}))[0] == 405


@pytest.mark.parametrize(
    ("path", "who", "status", "code"),
    [
        ("/short", None, 200, None),
        ("/short", "lena", 200, None),
        ("/short", "nobody", 401, "unauthorized.invalid"),
        ("/short", "blocked", 403, "forbidden.blocked"),
        ("/taught", None, 401, "unauthorized"),
        ("/taught", "lena", 403, "forbidden.role"),
        ("/taught", "ines", 200, None),
        ("/taught", "ada", 200, None),
        ("/short", "x" * 4_097, 401, "unauthorized.invalid"),
    ],
)
async def test_who_may_call(web_: Sidecar, path: str, who: str | None, status: int, code: str | None) -> None:
    found, body, headers = await web_.ask("GET", path, headers=web_.of(who) if who else {})
    assert (found, body.get("code")) == (status, code)
    assert ("WWW-Authenticate" in headers) == (status == 401)


@pytest.mark.parametrize("header", ["Basic bGVuYQ==", "Bearer", "lena", "Bearer ", "Bearer lena lena"])
async def test_what_is_no_bearer_token_does_not_count(web_: Sidecar, header: str) -> None:
    assert (await web_.ask("GET", "/short", headers={"Authorization": header}))[0] == 401


async def test_answers_to_people_are_not_kept_by_caches(web_: Sidecar) -> None:
    for path in ("/short", "/broken", "/nowhere"):
        assert "no-store" in (await web_.ask("GET", path))[2]["Cache-Control"]
