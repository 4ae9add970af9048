"""Making courses over REST: asked for, looked at, followed as events, decided on."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Literal, cast

from aiohttp import hdrs, web

from handlers.web import answers, events, speaking
from handlers.web.api.courses_in import GenerateIn
from handlers.web.dispatch import PREFIX
from handlers.web.notices import NoticeOut, of_generation
from handlers.web.operations import Call, Handler, Id, In, Limit, Operation, Out
from services.authors.protocol import Level, Order
from services.documents.asked_in import asked_in
from services.errors import Fault, Invalid
from services.generation import GenerationService
from services.views import GenerationState, GenerationView, LessonState

_KEY = re.compile(r"[!-~]{1,200}")
_STREAM = "text/event-stream"


class GenerationPath(In):
    """Which generation."""

    generation_id: Id


class RetryPath(GenerationPath):
    """Which lesson of which generation."""

    lesson_id: Id


class StepOut(Out):
    """A lesson on its way; `failure` is the code of why it could not be written. `without_questions` are the places,
    from 0, of its sections whose questions could not be made."""

    lesson_id: int
    position: int
    title: str
    state: LessonState
    failure: str | None
    without_questions: tuple[int, ...]


class GenerationOut(Out):
    """A generation as of now. `progress` is per cent and never falls; `first_section_id` is where reading can begin
    already; `can_keep` says whether what is written makes a course. `course_id` is null once that is gone. `notices`
    are what is otherwise than it was asked for."""

    id: int
    course_id: int | None
    state: GenerationState
    title: str
    description: str
    progress: int
    planned: bool
    picture: Literal["waiting", "drawing", "ready"]
    steps: tuple[StepOut, ...]
    started_at: datetime
    elapsed_seconds: int
    remaining_seconds: int | None
    sections_total: int
    minutes: int
    lessons_written: int
    failure: str | None
    first_section_id: int | None
    can_keep: bool
    notices: tuple[NoticeOut, ...]


async def generate(call: Call) -> web.StreamResponse:
    """Have a course made. The answer is the job, or its events at once for a client that accepts
    `text/event-stream`. With the same `Idempotency-Key` the same request is the same job, another one a 409."""
    body: GenerateIn = call.body
    key = _key(call.request)
    language = body.language
    if language is None:
        language = await asyncio.to_thread(asked_in, f"{body.title}. {body.description}", call.me.language)
    order = Order(
        title=body.title,
        description=body.description,
        objectives=body.objectives,
        level=cast(Level, body.level),
        minutes=body.minutes,
        language=language,
        interests=body.interests,
    )
    after = events.resume_after(call.request)
    view: GenerationView = await call.services.courses.request(
        call.me, order, key=key, document_id=body.document_id, exact=True
    )
    if _STREAM in call.request.headers.get(hdrs.ACCEPT, ""):
        return await _stream(call, view, after)
    return answers.made(generation_out(view), f"/generations/{view.id}", 202)


async def state(call: Call) -> GenerationOut:
    """One's own generation as of now."""
    return generation_out(await _own(call))


async def follow(call: Call) -> web.StreamResponse:
    """The events of one's own generation, from the first or from the one after `Last-Event-ID`, until its end. Each has
    `data` = {course_id, progress, message, timestamp, data}; the last is named `complete` or `error`."""
    after = events.resume_after(call.request)
    return await _stream(call, await _own(call), after)


async def cancel(call: Call) -> GenerationOut:
    """Stop it. What is written stays."""
    return await _decide(call, _generations(call).cancel)


async def keep(call: Call) -> GenerationOut:
    """Make what is written of a stopped generation a course."""
    return await _decide(call, _generations(call).keep)


async def go_on(call: Call) -> GenerationOut:
    """Go on with a stopped or failed generation from what is written."""
    return await _decide(call, _generations(call).go_on)


async def discard(call: Call) -> None:
    """Give up an unfinished generation and its course."""
    await _generations(call).discard(call.me.id, call.path.generation_id)


async def retry_lesson(call: Call) -> GenerationOut:
    """Write a failed lesson again; the course can be read meanwhile."""
    path: RetryPath = call.path
    return generation_out(await _generations(call).retry_lesson(call.me.id, path.generation_id, path.lesson_id))


async def retry_questions(call: Call) -> GenerationOut:
    """Make the questions that could not be made, of all lessons that are written; they can be read meanwhile."""
    return await _decide(call, _generations(call).retry_questions)


def generation_out(view: GenerationView) -> GenerationOut:
    """A generation; where its status message is in the chat is nobody's business here."""
    own = {"course_id", "steps", "notices"}
    shown = {name: getattr(view, name) for name in GenerationOut.model_fields if name not in own}
    steps = tuple(map(StepOut.model_validate, view.steps))
    notices = of_generation(view, speaking.language())
    return GenerationOut(**shown, course_id=view.course_id or None, steps=steps, notices=notices)


async def _stream(call: Call, view: GenerationView, after: int) -> web.StreamResponse:
    generations, services = _generations(call), call.services
    story = events.Story(
        course_id=view.course_id,
        follow=generations.follow(view.id, after),
        view=lambda: generations.view(view.id),
        after=after,
        language=call.me.language,
        access_url=f"{services.public_url.rstrip('/')}{PREFIX}/courses/{view.course_id}",
        support_contact=services.support_contact,
    )
    return await events.tell(call.request, story)


def _key(request: web.Request) -> str:
    given = request.headers.getall("Idempotency-Key", [])
    if not given:
        return f"rest-once:{secrets.token_urlsafe(12)}"
    if len(given) > 1 or _KEY.fullmatch(given[0]) is None:
        raise Invalid(Fault("Idempotency-Key", "pattern", "something else", "1–200 visible ASCII characters"))
    return f"rest:{given[0]}"


async def _decide(call: Call, decision: Callable[[int, int], Awaitable[GenerationView]]) -> GenerationOut:
    return generation_out(await decision(call.me.id, call.path.generation_id))


async def _own(call: Call) -> GenerationView:
    return await _generations(call).view_for(call.me.id, call.path.generation_id)


def _generations(call: Call) -> GenerationService:
    found: GenerationService = call.services.generations
    return found


_ONE = "/generations/{generation_id}"


def _on_one(method: str, path: str, summary: str, handler: Handler, **more: Any) -> Operation:
    given: dict[str, Any] = {"answers": GenerationOut, "tag": "generation", "path_in": GenerationPath, **more}
    return Operation(method=method, path=_ONE + path, summary=summary, handler=handler, **given)


OPERATIONS = [
    Operation(
        method="POST",
        path="/courses/generate",
        summary="Have a course made",
        handler=generate,
        limit=Limit.GENERATIONS,
        body_in=GenerateIn,
        answers=GenerationOut,
        status=202,
        content=_STREAM,
        errors=(409,),
        tag="generation",
        headers={"Location": "Where the job is"},
    ),
    _on_one("GET", "", "How far a generation is", state),
    _on_one("GET", "/events", "Follow a generation", follow, answers=None, content=_STREAM),
    _on_one("POST", "/cancel", "Stop a generation", cancel, errors=(409,)),
    _on_one("POST", "/keep", "Keep what is written", keep, errors=(409,)),
    _on_one("POST", "/go-on", "Go on with a generation", go_on, errors=(409,)),
    _on_one("POST", "/discard", "Discard a generation", discard, answers=None, status=204, errors=(409,)),
    _on_one("POST", "/questions/retry", "Make missing questions again", retry_questions, errors=(409,)),
    _on_one(
        "POST",
        "/lessons/{lesson_id}/retry",
        "Write a failed lesson again",
        retry_lesson,
        path_in=RetryPath,
        errors=(409,),
    ),
]
