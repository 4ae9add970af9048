"""People and where their conversations stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Role = Literal["learner", "instructor", "admin"]


@dataclass(frozen=True, slots=True)
class LearnerView:
    """A person who uses the bot. `language` is one the bot has texts for; `reachable` is False after they blocked it;
    `admitted` is False while the access mode keeps them out. `first_meeting` is True on the very first update."""

    id: int
    telegram_id: int
    name: str
    language: str
    time_zone: str
    role: Role
    admitted: bool
    reachable: bool
    first_meeting: bool = False


@dataclass(frozen=True, slots=True)
class DialogueView:
    """Where a conversation stands: `kind` (request, rename, note…), `step`, free `data` (JSON-able), the message that
    shows it, and the update that brought it here (so that a redelivered update is not applied twice)."""

    learner_id: int
    kind: str
    step: str
    data: dict[str, Any]
    message_id: int | None
    update_id: int
