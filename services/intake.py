"""The front door of updates: stored before they are acknowledged, each in the lane of its person."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Sequence
from typing import Any

from services import raw_updates
from services.clock import Clock, SystemClock
from services.gathering import Gathering
from services.jobs import Jobs, NewWork
from services.meter import Meter

KIND = "update"
UNREADABLE = "unreadable"  # kind of work that nobody can do: what was posted as an update and is none
KEPT = 16 * 1024  # bytes of it that are kept
log = logging.getLogger(__name__)

# Where in an update the person is, for the kinds of update that we ask for.
_WITH_PERSON = (
    "callback_query",
    "message",
    "edited_message",
    "poll_answer",
    "my_chat_member",
)
ALLOWED_UPDATES = list(_WITH_PERSON)

_LANE = re.compile(r"u:-?[0-9]{1,19}")

Update = dict[str, Any]


class IntakeService:
    """Takes raw updates, from polling or from a webhook, into the table of work."""

    def __init__(self, jobs: Jobs, meter: Meter | None = None, clock: Clock | None = None) -> None:
        self._jobs = jobs
        self._meter = meter
        self._gathering = Gathering(jobs.put, clock or SystemClock())

    @property
    def waiting(self) -> int:
        """How much work this process holds and has not done."""
        return self._jobs.waiting

    async def accept(self, updates: Sequence[Update]) -> None:
        """Store updates; those already known by their update_id are left out. When this returns they are safe and may
        be acknowledged. Raises StorageError if they could not be stored; then none was."""
        items: list[NewWork] = []
        for update in updates:
            try:
                items.append(_as_work(update))
            except raw_updates.Unreadable as why:
                await self._set_aside(repr(update).encode("utf-8", "replace"), str(why))
        await self._jobs.put(*items)
        self._count(updates)

    async def receive(self, raw: bytes) -> None:
        """Store one update as it was posted, in a group with others while many come. What is none is set aside for
        people to look at. When this returns it is safe. Raises StorageError if it could not be stored."""
        try:
            update = raw_updates.read(raw)
            item = _as_work(update)
        except raw_updates.Unreadable as why:
            await self._set_aside(raw, str(why))
            return
        await self._gathering.add(item)
        self._count([update])

    def glimpse(self, raw: bytes) -> list[Update]:
        """The update in `raw`, for telling its person that it could not be stored; empty if it is none."""
        try:
            return [_as_work(raw_updates.read(raw)).payload]
        except raw_updates.Unreadable:
            return []

    def _count(self, updates: Sequence[Update]) -> None:
        if self._meter is not None:
            self._meter.updates.update(kind for update in updates for kind in _WITH_PERSON if kind in update)

    async def _set_aside(self, raw: bytes, why: str) -> None:
        log.warning("something that is no update was set aside: %s, %d bytes", why, len(raw))
        key = f"{UNREADABLE}:{hashlib.sha256(raw).hexdigest()}"
        kept = {"bytes": len(raw), "begins": raw[:KEPT].decode("utf-8", "replace")}
        await self._jobs.put_aside(NewWork(UNREADABLE, key, key, kept), why)


def _as_work(update: Update) -> NewWork:
    """Raises Unreadable for what has not the form of an update."""
    raw_updates.check(update)
    try:
        lane = lane_of(update)
        if not _LANE.fullmatch(lane):
            raise raw_updates.Unreadable("of a person without a number")
        return NewWork(KIND, lane, f"tg:{update['update_id']}", _without_ballast(update))
    except (AttributeError, KeyError, TypeError):
        raise raw_updates.Unreadable("not in the form of an update") from None


def lane_of(update: Update) -> str:
    """The lane that keeps a person's updates in order, whatever their kind: a person's messages and taps come through
    different queues of Telegram's and would overtake each other."""
    for kind in _WITH_PERSON:
        if kind in update:
            body = update[kind]
            person = body.get("from") or body.get("user") or body.get("chat") or {}
            return f"u:{person.get('id', 0)}"
    return "u:0"


def _without_ballast(update: Update) -> Update:
    """A tap carries the whole message it stands under; screens come from our own data, so only where it is remains: in
    the form in which Telegram tells of a message that is out of reach (date 0), which takes a tenth of the parsing."""
    query = update.get("callback_query")
    if query is None or "message" not in query:
        return update
    message = query["message"]
    kept = {"message_id": message["message_id"], "date": 0, "chat": message["chat"]}
    return {**update, "callback_query": {**query, "message": kept}}
