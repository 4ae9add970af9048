"""What an operation answers, as OpenAPI: the success, and every problem that it can meet."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from handlers.web.operations import Operation
from handlers.web.problems import TYPE

Json = dict[str, Any]
# A token that does not count is refused even where none is needed, and an unknown parameter is a 422 anywhere.
_ALWAYS = (400, 401, 403, 404, 422, 429, 500, 503)
_HEADERS = {
    "RateLimit-Limit": ("integer", "How many are allowed in a window."),
    "RateLimit-Policy": ("string", "The same with the window's length in seconds: `1000;w=900`."),
    "RateLimit-Remaining": ("integer", "How many are left."),
    "RateLimit-Reset": ("integer", "Seconds until there are more again."),
    "X-Request-Id": ("string", "The name of this request, as it stands in the log; your own, if you sent a sane one."),
}


@dataclass(slots=True)
class Components:
    """What many operations share; problems are described once for each status that occurs."""

    problem: Json
    statuses: set[int] = field(default_factory=set)

    def refuse(self, status: int) -> Json:
        """The reference to the problem of a status."""
        self.statuses.add(status)
        return {"$ref": f"#/components/responses/Problem{status}"}

    def responses(self) -> Json:
        """`components.responses`."""
        return {f"Problem{status}": self._response(status) for status in sorted(self.statuses)}

    def headers(self) -> Json:
        """`components.headers`."""
        retry = {"description": "Seconds after which the same request may be granted.", "schema": {"type": "integer"}}
        shared = {name: {"description": said, "schema": {"type": kind}} for name, (kind, said) in _HEADERS.items()}
        return {**shared, "Retry-After": retry}

    def _response(self, status: int) -> Json:
        named = (*_HEADERS, "Retry-After") if status in {429, 503} else tuple(_HEADERS)
        return {
            "description": HTTPStatus(status).phrase,
            "headers": {name: _header(name) for name in named},
            "content": {TYPE: {"schema": self.problem}},
        }


def responses(operation: Operation, answer: Json | None, components: Components) -> Json:
    """`responses` of an operation; `answer` is the schema of its model."""
    found = _successes(operation, answer)
    for status in sorted({*_problems(operation), *operation.errors}):
        found[str(status)] = _unchanged() if status == 304 else components.refuse(status)
    return found


def _successes(operation: Operation, answer: Json | None) -> Json:
    other = operation.content if operation.content != "application/json" else None
    if answer is None:
        content: Json = {} if other is None else {other: {}}
        status = 204 if other is None and operation.status == 200 else operation.status
        return {str(status): _success(status, content, operation)}
    found = {str(operation.status): _success(operation.status, {"application/json": {"schema": answer}}, operation)}
    if other is not None:
        found.setdefault("200", _success(200, {}, operation)).setdefault("content", {})[other] = {}
    return found


def _success(status: int, content: Json, operation: Operation) -> Json:
    own = {name: {"description": said, "schema": {"type": "string"}} for name, said in operation.headers.items()}
    found: Json = {
        "description": HTTPStatus(status).phrase,
        "headers": {**{name: _header(name) for name in _HEADERS}, **own},
    }
    return {**found, "content": content} if content else found


def _unchanged() -> Json:
    return {"description": "What you have is what there is", "headers": {name: _header(name) for name in _HEADERS}}


def _problems(operation: Operation) -> set[int]:
    large = {413} if operation.body_in is not None or operation.takes else set()
    return {*_ALWAYS, *large}


def _header(name: str) -> Json:
    return {"$ref": f"#/components/headers/{name}"}
