"""The front door of updates: stored before they are acknowledged, each in the lane of its person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.jobs import Jobs, NewWork
from services.meter import Meter

KIND = "update"

# Where in an update the person is, for the kinds of update that we ask for.
_WITH_PERSON = (
    "callback_query",
    "message",
    "edited_message",
    "poll_answer",
    "my_chat_member",
)
ALLOWED_UPDATES = list(_WITH_PERSON)

Update = dict[str, Any]


class IntakeService:
    """Takes raw updates, from polling or from a webhook, into the table of work."""

    def __init__(self, jobs: Jobs, meter: Meter | None = None) -> None:
        self._jobs = jobs
        self._meter = meter

    async def accept(self, updates: Sequence[Update]) -> None:
        """Store updates; those already known by their update_id are left out. When this returns they are safe and may
        be acknowledged. Raises StorageError if they could not be stored; then none was."""
        await self._jobs.put(*(_as_work(update) for update in updates))
        if self._meter is not None:
            self._meter.updates.update(kind for update in updates for kind in _WITH_PERSON if kind in update)


def _as_work(update: Update) -> NewWork:
    return NewWork(KIND, lane_of(update), f"tg:{update['update_id']}", _without_ballast(update))


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
