"""From a request to a handler and back: parse, sign in, count, call, serialise. Bad input is never a 5xx."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from aiohttp import hdrs, web
from pydantic import BaseModel, ValidationError

from handlers.web import problems, speaking
from handlers.web.edge.text import refuse_unfit, refuse_unfit_json
from handlers.web.operations import Call, Limit, Operation, Who
from services.errors import Fault, Forbidden, Invalid, LecternError, LimitReached
from services.views import LearnerView

PREFIX = "/api/v1"
_RANK = {Who.ANYBODY: 0, Who.LEARNER: 1, Who.INSTRUCTOR: 2, Who.ADMIN: 3}
M = TypeVar("M", bound=BaseModel)
_JSON = {hdrs.CONTENT_TYPE: "application/json; charset=utf-8", hdrs.CACHE_CONTROL: "private, no-store"}
_SHOWN = 60  # characters of what was found that a problem repeats
_PACK_ON_THE_LOOP = 32 * 1024  # bytes: a thread takes longer to get going than these to be packed


class Door(Protocol):
    """What the dispatcher asks before a handler is called."""

    async def caller(self, request: web.Request) -> LearnerView | None:
        """Who calls, by the request's token, with the role as the database says now; None without a token.

        Raises NotSignedIn for a token that does not count, and Forbidden for who is known but not to be let in."""
        ...

    async def count(self, request: web.Request, learner: LearnerView | None, limit: Limit) -> None:
        """Count the call. Raises LimitReached; what is left is put into `request[RATE]` for the headers."""
        ...

    def refusal(self, error: LimitReached) -> dict[str, str]:
        """The headers that say when to come back."""
        ...


def mount(app: web.Application, operations: list[Operation], door: Door, services: Any) -> None:
    """Add a route for each operation; those of one path share a resource, so that it knows all its methods. Where
    there is GET there is HEAD: the same answer, of which aiohttp sends no more than the head.

    aiohttp tries those that begin alike one after the other; each address is one resource's, so their order is free:
    what comes in numbers, completions, is tried first, then the longest."""
    routes = routes_of([one.path for one in operations])
    for operation in sorted(
        operations, key=lambda one: (one.limit is not Limit.PROGRESS, -one.path.count("/"), one.path)
    ):
        handler = _handler(operation, door, services)
        for method in ("GET", "HEAD") if operation.method == "GET" else (operation.method,):
            app.router.add_route(method, PREFIX + routes[operation.path], handler)


def routes_of(paths: Sequence[str]) -> dict[str, str]:
    """The paths as the router takes them. Where a path has a word (``/courses/generate``), that word is no id for the
    paths that have an id there: each address is one resource, which knows its methods."""
    split = [path.split("/") for path in paths]
    return {"/".join(parts): "/".join(_part(parts, at, split) for at in range(len(parts))) for parts in split}


def _part(parts: list[str], at: int, paths: list[list[str]]) -> str:
    if not parts[at].startswith("{"):
        return parts[at]
    beside = {
        other[at]
        for other in paths
        if len(other) == len(parts) and other[:at] == parts[:at] and not other[at].startswith("{")
    }
    if not beside:
        return parts[at]
    words = "|".join(re.escape(word) for word in sorted(beside))
    return f"{{{parts[at][1:-1]}:(?!(?:{words})(?:/|$))[^/]+}}"


def _handler(operation: Operation, door: Door, services: Any) -> Any:
    """What serves an operation. What it raises is worded by the middleware around it."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            learner = await door.caller(request)
        except LecternError:
            await door.count(request, None, Limit.REQUESTS)
            raise
        if learner is not None:
            speaking.speak(learner.language)
        await door.count(request, learner, Limit.REQUESTS)
        if learner is None and operation.who is not Who.ANYBODY:
            return _unauthorized()
        if learner is not None and _RANK[Who(learner.role)] < _RANK[operation.who]:
            raise Forbidden("role")
        path = _parse(operation.path_in, dict(request.match_info), "path")
        query = _parse(operation.query_in, _query(request), "query")
        body = await _body(operation, request)
        if operation.limit is not Limit.REQUESTS:
            await door.count(request, learner, operation.limit)
        answer = await operation.handler(Call(request, services, learner, path, query, body))
        return _answer(operation, answer)

    return handle


def _unauthorized() -> web.Response:
    return problems.response(problems.problem(401, "unauthorized"), {"WWW-Authenticate": "Bearer"})


def _query(request: web.Request) -> dict[str, str]:
    if not request.query_string:
        return {}
    query = request.query
    if len(query) != len(set(query)):
        raise Invalid(Fault("query", "repeated", "a parameter given twice", "each parameter once"))
    return dict(query)


def _parse(model: type[M] | None, values: dict[str, str], where: str) -> M | None:
    """Path and query are text, so numbers are read from text here (and only here)."""
    if model is None and not values:
        return None
    refuse_unfit(values)
    if model is None:
        if where == "query":
            raise Invalid(Fault(where, "unknown", ", ".join(sorted(values))[:100], "no parameters"))
        return None
    try:
        return model.model_validate_strings(values)
    except ValidationError as error:
        raise Invalid(*_faults(error, where)) from None


async def _body(operation: Operation, request: web.Request) -> Any:
    if (request.content_length or 0) > request.client_max_size:
        raise web.HTTPRequestEntityTooLarge(request.client_max_size, request.content_length or 0)
    if operation.body_in is None:
        return None
    if request.content_type != "application/json":
        raise Invalid(Fault("body", "content_type", request.content_type[:_SHOWN], "application/json"))
    raw = await request.read()
    try:
        body = _validated(operation.body_in, raw)
    except ValidationError as error:
        raise Invalid(*_faults(error, "body")) from None
    except (ValueError, RecursionError):
        raise Invalid(Fault("body", "json", "something that is not JSON", "a JSON object")) from None
    refuse_unfit_json(raw)
    return body


def _validated(model: type[M], raw: bytes) -> M:
    """To JSON 3.0 is a whole number as 3 is, and so it is to the description that we publish: where that is what is
    wrong with a body, it is read anew."""
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        if not any(one["type"] == "int_type" and isinstance(one["input"], float) for one in found):
            raise
    return model.model_validate_json(json.dumps(json.loads(raw, parse_float=_number)))


def _number(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() else number


def _faults(error: ValidationError, where: str) -> list[Fault]:
    """pydantic's findings as ours: every one, with what was found cut short and never echoed whole."""
    found = []
    for one in error.errors(include_url=False, include_context=False)[:50]:
        place = _place(one["loc"]) or where
        found.append(Fault(place[:120], one["type"], _shown(one.get("input")), one["msg"][:200]))
    return found


def _place(steps: tuple[int | str, ...]) -> str:
    """Where it is, as the services name it: ``lessons[0].title``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")


def _shown(given: Any) -> str:
    """A glimpse of what was found: short, and nothing that takes long to write down."""
    if isinstance(given, str):
        return json.dumps(given[:_SHOWN])[:_SHOWN]
    if isinstance(given, int) and abs(given) >= 10**_SHOWN:
        return "a number of very many digits"
    if isinstance(given, int | float):
        return json.dumps(given)
    return type(given).__name__


def _answer(operation: Operation, answer: Any) -> web.StreamResponse:
    if isinstance(answer, web.StreamResponse):
        return answer
    if answer is None or operation.answers is None:
        return web.Response(status=204)
    if not isinstance(answer, operation.answers):
        raise TypeError(f"{operation.name} answered {type(answer).__name__}")
    return web.Response(
        body=answer.model_dump_json().encode(),
        status=operation.status,
        headers=_JSON,
        zlib_executor_size=_PACK_ON_THE_LOOP,
    )
