"""Errors over HTTP: RFC 9457 problem details with a stable code, in words about the learning, not the plumbing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from handlers.texts import DEFAULT, plain, texts
from handlers.web import speaking
from services.errors import Conflict, Fault, Forbidden, Invalid, LecternError, LimitReached, NotFound, NotSignedIn

TYPE = "application/problem+json"


class FaultOut(BaseModel):
    """One broken rule."""

    field: str
    rule: str
    found: str
    allowed: str


class Problem(BaseModel):
    """RFC 9457 problem details. `code` is stable; `detail` says what it means for the learner."""

    model_config = ConfigDict(extra="allow")

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    faults: list[FaultOut] = Field(default_factory=list)


def problem(status: int, code: str, detail: str | None = None, **more: Any) -> Problem:
    """A problem with the words for its code, in the language of who calls; `more` are extension members."""
    language = speaking.language()
    known = _words(language, code) or _words(language, code.partition(".")[0])
    words = detail or known or plain(language, "problem.malformed" if status < 500 else "problem.internal")
    title = _words(language, f"title.{status}") or plain(language, "problem.title.500")
    return Problem(title=title, status=status, code=code, detail=words, **more)


def _words(language: str, code: str) -> str | None:
    key = f"problem.{code}"
    return plain(language, key) if key in texts(DEFAULT) else None


def response(found: Problem, headers: dict[str, str] | None = None) -> web.Response:
    """The problem as a response."""
    body = found.model_dump(mode="json", exclude_none=True)
    if not found.faults:
        body.pop("faults")
    return web.json_response(
        body, status=found.status, content_type=TYPE, headers={"Cache-Control": "no-store", **(headers or {})}
    )


def of(error: LecternError) -> tuple[Problem, dict[str, str]]:
    """The problem and the headers for one of our own errors."""
    if isinstance(error, NotFound):
        return problem(404, f"not_found.{error.what}"), {}
    if isinstance(error, NotSignedIn):
        return problem(401, f"unauthorized.{error.why}"), {"WWW-Authenticate": "Bearer"}
    if isinstance(error, Forbidden):
        return problem(403, f"forbidden.{error.why}"), {}
    if isinstance(error, Invalid):
        return problem(422, "invalid", faults=[_fault(fault) for fault in error.faults]), {}
    if isinstance(error, Conflict):
        return problem(409, f"conflict.{error.why}", **_at(error.at)), {}
    if isinstance(error, LimitReached):
        return problem(429, f"limit_reached.{error.limit}", retry_at=error.retry_at.isoformat()), {}
    why = _why(error)
    words = _words(speaking.language(), f"{error.code}.{why}")
    return problem(502 if error.again else 422, error.code, words, **({"why": why} if why else {})), {}


def _fault(fault: Fault) -> FaultOut:
    return FaultOut(field=fault.field, rule=fault.rule, found=fault.found, allowed=fault.allowed)


def _at(at: datetime | None) -> dict[str, str]:
    return {} if at is None else {"at": at.isoformat()}


def _why(error: LecternError) -> str:
    return str(getattr(error, "why", ""))
