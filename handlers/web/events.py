"""The feed of a generation as Server-Sent Events: each event with its number, heartbeats between, and how it ended."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import hdrs, web
from aiohttp_sse import EventSourceResponse

from handlers.phrases import because_of
from handlers.texts import plain
from handlers.web import notices
from services.errors import Fault, Invalid, Unavailable
from services.views import FeedEvent, GenerationView

HEARTBEAT = 15.0  # seconds between two comments
SEND_TIMEOUT = 10.0  # seconds that a client may leave bytes unacknowledged
LOOK_EVERY = 1.0  # seconds between two looks whether the client is still there
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Story:
    """What a stream tells: the events as they come, and at the end `view`, from which it is said how it ended.
    `language` is the listener's; `access_url` is where the course is then."""

    course_id: int
    follow: AsyncIterator[FeedEvent]
    view: Callable[[], Awaitable[GenerationView]]
    after: int
    language: str
    access_url: str
    support_contact: str | None


def resume_after(request: web.Request) -> int:
    """The number of the last event that the client has, 0 for all. Raises Invalid for what is no number of ours."""
    said = request.headers.get("Last-Event-ID", "").strip()
    if not said:
        return 0
    if _NUMBER.fullmatch(said) is None:
        raise Invalid(Fault("Last-Event-ID", "unknown", "something else", "the id of an event"))
    return int(said)


async def tell(request: web.Request, story: Story, *, heartbeat: float = HEARTBEAT) -> web.StreamResponse:
    """Stream a story until it ends or nobody listens any more; then nothing of it is left running. HEAD is told that
    there is a stream, and nothing of it."""
    stream = EventSourceResponse(sep="\n", allow_all_methods=True, send_timeout=SEND_TIMEOUT, ping_interval=heartbeat)
    await stream.prepare(request)
    if request.method == hdrs.METH_HEAD:
        stream.stop_streaming()
        return stream
    async with stream:
        telling = asyncio.create_task(_tell(stream, story), name="event stream")
        watching = asyncio.create_task(_gone(request, stream), name="event stream's listener")
        try:
            await asyncio.wait({telling, watching}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (telling, watching):
                task.cancel()
            ends = await asyncio.gather(telling, watching, return_exceptions=True)
    # While the database is away the stream is over, and the client comes back for the rest.
    if isinstance(ends[0], Exception) and not isinstance(ends[0], OSError | Unavailable):
        raise ends[0]
    return stream


async def _tell(stream: EventSourceResponse, story: Story) -> None:
    last = story.after
    async for event in story.follow:
        last = event.seq
        await stream.send(_json(event_data(event, story.course_id, story.language)), id=str(last))
    view = await story.view()
    if view.state not in {"waiting", "running"}:  # else it goes on already, and the client comes back for more
        name, data = ending(view, story)
        await stream.send(_json(data), id=str(last), event=name)


async def _gone(request: web.Request, stream: EventSourceResponse) -> None:
    """Until the client is gone: a handler that waits for news is not told of it by aiohttp."""
    for _ in itertools.count():
        if not stream.is_connected() or request.transport is None or request.transport.is_closing():
            return
        await asyncio.sleep(LOOK_EVERY)


def event_data(event: FeedEvent, course_id: int, language: str) -> dict[str, Any]:
    """The `data` of an event; `course_id` is 0 for a course that is gone. Notices are in its `data` and its words."""
    data = dict(event.data)
    said = notices.enough_for(data.pop("enough_for", 0), language)
    return {
        "course_id": course_id or None,
        "progress": event.progress,
        "message": " ".join((_message(event, language), *(one.message for one in said))),
        "timestamp": event.at.isoformat(),
        "data": {"code": event.code, **data, **_noticed(said)},
    }


def ending(view: GenerationView, story: Story) -> tuple[str, dict[str, Any]]:
    """The name and `data` of the last event: ``complete``, or ``error`` with a code and what it means."""
    if view.state == "ready":
        done = {"lessons_count": len(view.steps), "estimated_duration": view.minutes, "access_url": story.access_url}
        said = _noticed(notices.of_generation(view, story.language))
        return "complete", {"course_id": view.course_id, **done, **said}
    because = because_of(view.failure, story.language)
    meaning = plain(story.language, f"feed.{view.state}.meaning", because=because)
    return "error", {
        "course_id": view.course_id or None,
        "code": view.failure or view.state,
        "message": meaning,
        "support_contact": story.support_contact,
    }


def _noticed(said: Sequence[notices.NoticeOut]) -> dict[str, Any]:
    """``notices``, if there are any, as in `NoticeOut`."""
    return {"notices": [one.model_dump(mode="json") for one in said]} if said else {}


def _message(event: FeedEvent, language: str) -> str:
    data, key = event.data, f"feed.{event.code}"
    if event.code == "accepted" and data.get("again"):
        key = "feed.accepted.again"
    if event.code == "lesson_failed" and data.get("sections"):
        key = "feed.lesson_failed_in_part"
    return plain(
        language,
        key,
        n=len(data.get("lessons", ())),
        lesson=data.get("lesson", 0) + 1,
        section=data.get("section", 0) + 1,
        title=data.get("title", ""),
        because=because_of(data.get("failure"), language),
    )


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
