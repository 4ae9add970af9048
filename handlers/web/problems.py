"""Errors over HTTP: RFC 9457 problem details with a stable code, in words about the learning, not the plumbing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

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


_TITLES = {
    400: "The request could not be understood",
    401: "Sign in first",
    403: "This is not yours to do",
    404: "Nothing here",
    405: "This cannot be done here",
    406: "No such form of the answer",
    409: "It is not like that any more",
    413: "That is too large",
    415: "This kind of content cannot be read",
    422: "Something in it needs another look",
    429: "A little later, please",
    500: "That did not work",
    502: "That did not work",
    503: "Not just now",
}
_DETAILS = {
    "unauthorized": "Sign in to go on learning where you left off.",
    "unauthorized.expired": "That sign-in is too old. Open Lectern anew, or write /login in the chat for a code.",
    "unauthorized.reused": "For your safety you were signed out, because an old sign-in was used again. Sign in anew.",
    "unauthorized.code": "This code does not work (any more). Write /login in the chat for a new one.",
    "forbidden.blocked": "Your learning is paused by the people who run this. They can tell you more.",
    "forbidden.not_admitted": "Lectern teaches a closed circle here. An invitation lets you in.",
    "forbidden.no_telegram": "Signing in through Telegram is not possible here. Write /login in the chat for a code.",
    "conflict.yourself": "That is your own account; another admin can do this for you.",
    "conflict.admin_by_setting": "This admin is named in the settings, so that is the place to change it.",
    "conflict.completed": "This section was done before; that record stands, and nothing was changed.",
    "forbidden.not_enrolled": "You can see this course, but you are not learning it.",
    "not_found.enrolment": "You have not begun this course yet. Complete a section, and it is yours to follow.",
    "conflict.not_ready": "This course is still being made. Once it is ready, this can be done.",
    "conflict.being_made": "This course is being written just now. Wait until it is ready, or stop it first.",
    "conflict.newer_version": "This section was changed since you read it. Nothing was overwritten; read it again.",
    "conflict.other_lessons": "These are not the lessons that the course has now. Read it again and go on from there.",
    "conflict.not_enrolled": "This course is not in your list. Join it first.",
    "conflict.other_request": "This key was used for another request before. Nothing new was started.",
    "conflict.not_running": "It is not being made any more, so there is nothing to stop.",
    "conflict.not_stopped": "It was not stopped, so there is nothing to keep or to go on with.",
    "conflict.too_little": "Too little is written for a course: three lessons of two sections are needed.",
    "conflict.already_ready": "This course is ready already. It can be deleted like any other.",
    "conflict.refused": "The author declined this subject. Another way of asking may work.",
    "conflict.still_running": "It is still being made. This lesson can be tried again afterwards.",
    "conflict.not_aside": "This work is not set aside: it is waiting, or being done just now.",
    "conflict.not_failed": "This lesson did not fail, so there is nothing to try again.",
    "limit_reached.generations": "That is as many courses as can be asked for in a short time. The next one can wait.",
    "author_failed.needs_source": "A course here is made from a text: send a document, or take a bundled one.",
    "author_failed": "The author cannot be had just now. Nothing was started.",
    "author_refused": "The author declined this subject. Another way of asking may work.",
    "document_refused": "This file cannot be made into a course. Another one may do.",
    "document_refused.empty": "There is nothing in this file.",
    "document_refused.too_large": "This file is larger than can be read.",
    "document_refused.too_long": "This text is longer than one course can be. A part of it may do.",
    "document_refused.encrypted": "This file is locked with a password. Without it, it can be read.",
    "document_refused.no_text": "There is no text in this file, perhaps only pictures of pages.",
    "document_refused.wrong_kind": "A PDF, DOCX, Markdown or text file can be read; this is none.",
    "document_refused.not_a_document": "A PDF, DOCX, Markdown or text file can be read; this is none.",
    "document_refused.too_thin": "There is too little in this text for three lessons of two sections.",
    "document_refused.broken": "This file is damaged. Saved anew, it may be readable.",
    "not_found.course": "This course is not among those you can read.",
    "not_found.lesson": "This lesson is not part of the course any more.",
    "not_found.section": "This section is not part of the lesson, or is not written yet.",
    "not_found.version": "The section was never like that, or it is just now.",
    "not_found.mail": "No letters are sent from here.",
    "not_found.link": "This link does not work (any more). Ask for a new letter, or choose in Lectern.",
    "not_found": "There is nothing at this address that you can see.",
    "forbidden": "You can see this, but changing it is for somebody else.",
    "conflict": "Something changed in the meantime; read it again and go on from there.",
    "invalid": "Nothing was changed. Have another look at the fields that are named.",
    "limit_reached": "You have done a lot in a short time. Nothing is lost; go on in a moment.",
    "limit_reached.mail": "That is as many letters of confirmation as are sent in a day. Tomorrow there are more.",
    "limit_reached.requests": "That was a lot of calls in a short time. Nothing is lost; go on in a moment.",
    "limit_reached.progress": "That was a lot of progress at once. Nothing is lost; send the rest in a moment.",
    "method_not_allowed": "This address is for something else; nothing was changed.",
    "unsupported": "This kind of content cannot be read here; nothing was changed.",
    "malformed": "The request could not be read, so nothing was changed.",
    "too_large": "This is more than can be taken at once; nothing was changed.",
    "internal": "That did not work, and it is not your doing. Nothing of yours is lost.",
    "unavailable": "Learning is out of reach for a moment. What you have done is safe; try again shortly.",
}


def problem(status: int, code: str, detail: str | None = None, **more: Any) -> Problem:
    """A problem with the words for its code; `more` are extension members."""
    known = _DETAILS.get(code) or _DETAILS.get(code.partition(".")[0])
    words = detail or known or _DETAILS["malformed" if status < 500 else "internal"]
    return Problem(title=_TITLES.get(status, _TITLES[500]), status=status, code=code, detail=words, **more)


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
    words = _DETAILS.get(f"{error.code}.{why}")
    return problem(502 if error.again else 422, error.code, words, **({"why": why} if why else {})), {}


def _fault(fault: Fault) -> FaultOut:
    return FaultOut(field=fault.field, rule=fault.rule, found=fault.found, allowed=fault.allowed)


def _at(at: datetime | None) -> dict[str, str]:
    return {} if at is None else {"at": at.isoformat()}


def _why(error: LecternError) -> str:
    return str(getattr(error, "why", ""))
