"""People and where their conversations stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Role = Literal["learner", "instructor", "admin"]


@dataclass(frozen=True, slots=True)
class LearnerView:
    """A person who uses the bot. `language` is one the bot has texts for; `reachable` is False after they blocked it;
    `admitted` is False while the access mode, or an admin (`blocked`), keeps them out; who is blocked is not reachable
    either. `interests` are what examples are drawn from. `first_meeting` is True on the very first update."""

    id: int
    telegram_id: int
    name: str
    language: str
    time_zone: str
    role: Role
    admitted: bool
    reachable: bool
    first_meeting: bool = False
    blocked: bool = False
    interests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProfileView:
    """What a person says about how they learn; None where nothing was said. `quiet_from` and `quiet_to` are minutes
    after midnight in `time_zone`, both or neither."""

    id: int
    name: str
    username: str | None
    role: Role
    language: str
    time_zone: str
    level: str | None
    minutes_a_day: int | None
    interests: tuple[str, ...]
    quiet_from: int | None
    quiet_to: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as an admin sees them: nothing of what or how they learn."""

    id: int
    telegram_id: int
    name: str
    username: str | None
    role: Role
    language: str
    admitted: bool
    reachable: bool
    blocked_at: datetime | None
    created_at: datetime
    seen_at: datetime


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
