"""People, the invitations that let them in, and where their conversation with the bot stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Id, Instant, Json


class Learner(Base):
    """A person who wrote to the bot or signed in. `admitted` is set by an invitation; `reachable` is false once they
    blocked us; `blocked_at` is when an admin blocked them. The learning preferences are empty until they are said;
    quiet hours are minutes after midnight in the person's own time zone. What somebody showed to sign in counts only
    if it was made after `signed_out_at`, when they signed out everywhere."""

    __tablename__ = "learner"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    telegram_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    name: Mapped[str] = mapped_column(Text)
    username: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    admitted: Mapped[bool]
    reachable: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    blocked_at: Mapped[datetime | None] = mapped_column(Instant)
    signed_out_at: Mapped[datetime | None] = mapped_column(Instant)
    level: Mapped[str | None] = mapped_column(Text)
    minutes_a_day: Mapped[int | None]
    interests: Mapped[list[str] | None] = mapped_column(Json)
    quiet_from: Mapped[int | None]
    quiet_to: Mapped[int | None]


class Invite(Base):
    """A code that admits `uses_left` more people."""

    __tablename__ = "invite"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    created_by: Mapped[int] = mapped_column(Id, ForeignKey("learner.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    uses_left: Mapped[int]


class Dialogue(Base):
    """The one open conversation of a learner; an ended one keeps its row so that its last update is remembered."""

    __tablename__ = "dialogue"

    learner_id: Mapped[int] = mapped_column(
        Id, ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str] = mapped_column(Text)
    step: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    update_id: Mapped[int] = mapped_column(BigInteger)
    updated_at: Mapped[datetime] = mapped_column(Instant)
