"""For admins: health in detail, work set aside, the activity log, limits, announcements."""

from __future__ import annotations

import re
import secrets
from typing import Any

from aiohttp import web

from handlers.web.api.admin_out import (
    ActivityOut,
    ActivityPageOut,
    ActivityQuery,
    AnnouncedOut,
    AnnouncementIn,
    ChainOut,
    HealthOut,
    LimitOut,
    LimitsOut,
    ProbeOut,
    WorkloadOut,
    WorkOut,
    WorkPageOut,
    WorkPath,
    WorkQuery,
)
from handlers.web.operations import Call, Handler, Operation, Who
from services.activity import ActivityLog
from services.admin import AdminService
from services.errors import Fault, Invalid
from services.health import HealthService

_KEY = re.compile(r"[!-~]{1,100}")


async def health(call: Call) -> HealthOut:
    """Health with its details, and the table of work in figures."""
    service: HealthService = call.services.health
    view = await service.check()
    return HealthOut(
        status=view.status,
        at=view.at,
        version=view.version,
        environment=view.environment,
        probes=tuple(ProbeOut.model_validate(one) for one in view.probes),
        workload=WorkloadOut.model_validate(await service.workload()),
    )


async def work(call: Call) -> WorkPageOut:
    """Work that was set aside, or that is open."""
    query: WorkQuery = call.query
    page = await _admin(call).work(
        call.me, state=query.state, kind=query.kind, after=int(query.cursor or 0), limit=query.limit
    )
    items = tuple(WorkOut.model_validate(one) for one in page.work)
    return WorkPageOut(items=items, next_cursor=str(page.after) if page.after else None)


async def retry(call: Call) -> WorkOut:
    """Have what was set aside tried again; it comes last in its lane, mostly under a new id."""
    return WorkOut.model_validate(await _admin(call).retry(call.me, call.path.work_id))


async def drop(call: Call) -> None:
    """Give up what was set aside."""
    await _admin(call).drop(call.me, call.path.work_id)


async def activity(call: Call) -> ActivityPageOut:
    """Who did what to whose data. Reading this is written down, too."""
    query: ActivityQuery = call.query
    before = int(query.cursor) if query.cursor else None
    page = await _log(call).page(call.me, before=before, action=query.action, limit=query.limit)
    items = tuple(ActivityOut.model_validate(one) for one in page.entries)
    return ActivityPageOut(items=items, next_cursor=str(page.before) if page.before else None)


async def check_activity(call: Call) -> ChainOut:
    """Go through the chain of the log: whether anything in it was changed."""
    found = await _log(call).check(call.me)
    return ChainOut(intact=found.broken_at is None, entries=found.entries, broken_at=found.broken_at, head=found.head)


async def limits(call: Call) -> LimitsOut:
    """The limits in force."""
    admin = _admin(call)
    items = tuple(
        LimitOut(name=name, allowed=rule.allowed, window_seconds=rule.window_seconds)
        for name, rule in sorted(admin.limits.items())
    )
    return LimitsOut(items=items, shared=admin.shared_limits)


async def announce(call: Call) -> AnnouncedOut:
    """Tell everybody something, or a course's learners: in the chat, to whoever has not blocked the bot, after their
    quiet hours. With the same `Idempotency-Key` nobody is told twice."""
    body: AnnouncementIn = call.body
    key = _key(call.request)
    return AnnouncedOut(people=await _admin(call).announce(call.me, body.text, course_id=body.course_id, key=key))


def _key(request: web.Request) -> str:
    given = request.headers.getall("Idempotency-Key", [])
    if not given:
        return f"once:{secrets.token_urlsafe(12)}"
    if len(given) > 1 or _KEY.fullmatch(given[0]) is None:
        raise Invalid(Fault("Idempotency-Key", "pattern", "something else", "1–100 visible ASCII characters"))
    return f"rest:{given[0]}"


def _admin(call: Call) -> AdminService:
    found: AdminService = call.services.admin
    return found


def _log(call: Call) -> ActivityLog:
    found: ActivityLog = call.services.activity
    return found


def _for_admins(method: str, path: str, summary: str, handler: Handler, **more: Any) -> Operation:
    return Operation(
        method=method, path="/admin" + path, summary=summary, handler=handler, who=Who.ADMIN, tag="admin", **more
    )


OPERATIONS = [
    _for_admins("GET", "/health", "Health with its details", health, answers=HealthOut),
    _for_admins("GET", "/jobs", "Work set aside or open", work, query_in=WorkQuery, answers=WorkPageOut),
    _for_admins(
        "POST",
        "/jobs/{work_id}/retry",
        "Try again what was set aside",
        retry,
        path_in=WorkPath,
        answers=WorkOut,
        errors=(409,),
    ),
    _for_admins(
        "DELETE", "/jobs/{work_id}", "Give up what was set aside", drop, path_in=WorkPath, status=204, errors=(409,)
    ),
    _for_admins("GET", "/activity", "The activity log", activity, query_in=ActivityQuery, answers=ActivityPageOut),
    _for_admins("GET", "/activity/check", "Whether the log was changed", check_activity, answers=ChainOut),
    _for_admins("GET", "/limits", "The limits in force", limits, answers=LimitsOut),
    _for_admins(
        "POST",
        "/announcements",
        "Tell everybody, or a course's learners",
        announce,
        body_in=AnnouncementIn,
        answers=AnnouncedOut,
        status=202,
    ),
]
