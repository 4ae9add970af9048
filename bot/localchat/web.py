"""The chat page over HTTP: the page itself, what a person does as JSON, what happens as server-sent events.

For this machine alone: every request must come from a loopback address, name one of the allowed hosts, and, if it
says where it comes from, come from the page itself.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
from dataclasses import asdict
from pathlib import Path
from urllib.parse import quote

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.localchat import picture
from bot.localchat.actions import ACTIONS, BadInput, upload
from bot.localchat.changes import Change
from bot.localchat.engine import Engine
from bot.localchat.people import GROUP
from bot.localchat.seats import NotPossible, Seat
from bot.localchat.store import Json

ENGINE: web.AppKey[Engine] = web.AppKey("engine", Engine)
_STREAMS: web.AppKey[set[asyncio.Task[object]]] = web.AppKey("streams", set)
_PAGE = Path(__file__).parent / "page"
_ASSETS = {
    "": ("index.html", "text/html"),
    "chat.css": ("chat.css", "text/css"),
    "chat.js": ("chat.js", "text/javascript"),
    "net.js": ("net.js", "text/javascript"),
    "text.js": ("text.js", "text/javascript"),
    "render.js": ("render.js", "text/javascript"),
    "composer.js": ("composer.js", "text/javascript"),
    "log.js": ("log.js", "text/javascript"),
    "icon.svg": ("icon.svg", "image/svg+xml"),
}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_JSON_BYTES = 512 * 1024
_HEARTBEAT_SECONDS = 10.0


def routes(engine: Engine, *, allowed_hosts: frozenset[str]) -> web.Application:
    """The sub-application to be mounted at ``/chat/``. `allowed_hosts` are names with port (``127.0.0.1:8080``)."""
    app = web.Application(middlewares=[_guard(allowed_hosts)])
    app[ENGINE] = engine
    app[_STREAMS] = set()
    for path in _ASSETS:
        app.router.add_get(f"/{path}", _asset)
    app.router.add_get("/state", _state)
    app.router.add_get("/messages", _messages)
    app.router.add_get("/events", _events)
    app.router.add_get("/file/{file_id}", _file)
    app.router.add_post("/upload", _upload)
    app.router.add_post("/do/{action}", _do)
    app.on_response_prepare.append(_secure)
    app.on_shutdown.append(_end_streams)
    return app


def _guard(allowed_hosts: frozenset[str]) -> Middleware:
    origins = {f"http://{host}" for host in allowed_hosts}

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        foreign = origin not in origins if origin is not None else request.method not in {"GET", "HEAD"}
        if not _is_loopback(request) or request.host not in allowed_hosts or foreign:
            raise web.HTTPForbidden(text="The local chat is for the browser of this machine only.\n")
        site = request.headers.get("Sec-Fetch-Site", "none")
        if site not in {"same-origin", "none"} and request.headers.get("Sec-Fetch-Mode") != "navigate":
            raise web.HTTPForbidden(text="The local chat is for its own page only.\n")
        try:
            return await handler(request)
        except BadInput as error:
            return web.json_response({"error": str(error)}, status=400)
        except NotPossible as error:
            return web.json_response({"error": str(error)}, status=409)

    return guard


def _is_loopback(request: web.Request) -> bool:
    peer = request.transport.get_extra_info("peername") if request.transport else None
    try:
        return peer is not None and ipaddress.ip_address(peer[0]).is_loopback
    except (ValueError, IndexError):
        return False


async def _secure(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_HEADERS)


async def _end_streams(app: web.Application) -> None:
    for task in app[_STREAMS]:
        task.cancel()


async def _asset(request: web.Request) -> web.Response:
    name, kind = _ASSETS[request.path.rsplit("/", 1)[-1]]
    body = await asyncio.to_thread((_PAGE / name).read_bytes)
    return web.Response(body=body, content_type=kind, charset="utf-8")


def _seat(request: web.Request) -> Seat:
    try:
        return request.app[ENGINE].person(int(request.query.get("person", "")))
    except ValueError as error:
        raise BadInput("Say who you are: person=<number>.") from error


def _number(request: web.Request, name: str) -> int | None:
    try:
        return int(request.query[name]) if name in request.query else None
    except ValueError as error:
        raise BadInput(f"{name} must be a whole number.") from error


async def _state(request: web.Request) -> web.Response:
    engine = request.app[ENGINE]
    people = [asdict(person) for person in engine.people]
    answer: Json = {"bot": engine.bot, "group": GROUP, "people": people, "last": engine.last_change}
    answer["description"] = engine.description
    if "person" in request.query:
        seat = _seat(request)
        answer["blocked"] = seat.has_blocked
        answer["commands"] = {"private": seat.commands(), "group": seat.commands(GROUP["id"])}
    return web.json_response(answer)


async def _messages(request: web.Request) -> web.Response:
    seat, engine = _seat(request), request.app[ENGINE]
    last = engine.last_change
    limit = min(max(_number(request, "limit") or 60, 1), 200)
    found = seat.messages(_number(request, "chat"), limit=limit, before=_number(request, "before"))
    return web.json_response({"messages": found, "last": last, "more": len(found) == limit})


async def _events(request: web.Request) -> web.StreamResponse:
    seat, engine = _seat(request), request.app[ENGINE]
    try:
        at = int(request.headers.get("Last-Event-ID") or request.query.get("after") or engine.last_change)
    except ValueError as error:
        raise BadInput("Last-Event-ID must be a whole number.") from error
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
    await response.prepare(request)
    task = asyncio.current_task()
    if task is not None:
        request.app[_STREAMS].add(task)
    try:
        await response.write(b"retry: 1000\n\n")
        while True:
            changes = await engine.wait(at, _HEARTBEAT_SECONDS)
            at = changes[-1].id if changes else at
            lines = "".join(_event(seat, change) for change in changes if seat.sees(change))
            await response.write(lines.encode() or b": alive\n\n")
    except (ConnectionError, asyncio.CancelledError):
        return response
    finally:
        if task is not None:
            request.app[_STREAMS].discard(task)


def _event(seat: Seat, change: Change) -> str:
    body = seat.view(change.body) if change.kind in {"message", "edited"} else change.body
    data = json.dumps({"kind": change.kind, "chat": change.chat, "body": body})
    return f"id: {change.id}\ndata: {data}\n\n"


async def _file(request: web.Request) -> web.Response:
    found = await request.app[ENGINE].download(request.match_info["file_id"])
    if found is None:
        raise web.HTTPNotFound(text="There is no such file.\n")
    kind, about, body = found
    shown = picture.mime(body) if kind == "photo" else ""
    name = quote(str(about.get("file_name") or f"{kind}.bin"), safe="")
    headers = {} if shown else {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return web.Response(body=body, content_type=shown or "application/octet-stream", headers=headers)


async def _do(request: web.Request) -> web.Response:
    action = ACTIONS.get(request.match_info["action"])
    if action is None:
        raise web.HTTPNotFound(text="There is no such action.\n")
    return web.json_response(await action(_seat(request), await _json(request)))


async def _json(request: web.Request) -> Json:
    if request.content_type != "application/json":
        raise BadInput("Send JSON.")
    body = bytearray()
    async for chunk in request.content.iter_chunked(65_536):
        body += chunk
        if len(body) > _JSON_BYTES:
            raise web.HTTPRequestEntityTooLarge(_JSON_BYTES, len(body), text="That is too much at once.\n")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadInput("This is not JSON.") from error
    if not isinstance(found, dict):
        raise BadInput("Send a JSON object.")
    return found


async def _upload(request: web.Request) -> web.Response:
    seat = _seat(request)
    if not request.content_type.startswith("multipart/"):
        raise BadInput("Send the file as multipart/form-data.")
    return web.json_response(await upload(seat, await request.multipart()))
