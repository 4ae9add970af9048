"""What comes in and goes out where admins look after the whole."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from handlers.web.operations import Id, In, Out
from services.admin import ANNOUNCEMENT

_Cursor = Annotated[str, Field(pattern="^[1-9][0-9]{0,17}$", description="`next_cursor` of the page before")]
_Most = Annotated[int, Field(ge=1, le=100)]


class ProbeOut(Out):
    """One dependency as it answered; `loses` says what people lose while it is away."""

    name: str
    state: Literal["ok", "off", "slow", "failed"]
    latency_ms: float
    loses: str | None
    detail: str


class WorkloadOut(Out):
    """The table of work in figures: open by kind, set aside, age of the oldest open one."""

    open: dict[str, int]
    aside: int
    oldest_seconds: float


class HealthOut(Out):
    """Health with its details."""

    status: Literal["healthy", "degraded", "unhealthy"]
    at: datetime
    version: str
    environment: str
    probes: tuple[ProbeOut, ...]
    workload: WorkloadOut


class WorkOut(Out):
    """A piece of work, without what people wrote: of an error only its kind."""

    id: int
    kind: str
    state: str
    tries: int
    created_at: datetime
    due: datetime
    held: bool
    age_seconds: float
    error: str | None


class WorkPageOut(Out):
    """Some work, the oldest first."""

    items: tuple[WorkOut, ...]
    next_cursor: str | None


class ActivityOut(Out):
    """An entry of the log. `actor` and `whose` are aliases; their ids are null for nobody and for who was erased."""

    id: int
    at: datetime
    action: str
    actor: str | None
    actor_id: int | None
    whose: str | None
    whose_id: int | None
    object: str | None
    detail: dict[str, str | int | bool | None]
    hash: str


class ActivityPageOut(Out):
    """Some of the log, the newest first."""

    items: tuple[ActivityOut, ...]
    next_cursor: str | None


class ChainOut(Out):
    """Whether the log is as it was written: so many entries hold, then `broken_at`; `head` is the last good hash."""

    intact: bool
    entries: int
    broken_at: int | None
    head: str


class LimitOut(Out):
    """`allowed` in any `window_seconds`."""

    name: str
    allowed: int
    window_seconds: int


class LimitsOut(Out):
    """The limits in force; `shared`: all processes count together."""

    items: tuple[LimitOut, ...]
    shared: bool


class AnnouncedOut(Out):
    """How many people will be told."""

    people: int


class WorkPath(In):
    """Which piece of work."""

    work_id: Id


class WorkQuery(In):
    """Which work."""

    state: Literal["open", "aside"] = "aside"
    kind: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    cursor: _Cursor | None = None
    limit: _Most = 50


class ActivityQuery(In):
    """Which entries."""

    action: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    cursor: _Cursor | None = None
    limit: _Most = 50


class AnnouncementIn(In):
    """What to say, as plain text, and to whom: a course's learners, else everybody."""

    text: Annotated[
        str,
        Field(
            min_length=ANNOUNCEMENT[0], max_length=4 * ANNOUNCEMENT[1], json_schema_extra={"maxLength": ANNOUNCEMENT[1]}
        ),
    ]
    course_id: Id | None = None
