"""Where somebody wants letters sent, and which."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Id, Instant, Json


class Mailbox(Base):
    """A learner's address and choices. `address` is one that was confirmed; `pending` is to be, by a link whose token
    is kept as a hash only. `asked_at` are the times (ms) of the last requests, so that nobody's box is flooded."""

    __tablename__ = "mailbox"

    learner_id: Mapped[int] = mapped_column(
        Id, ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    address: Mapped[str | None] = mapped_column(Text)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    pending: Mapped[str | None] = mapped_column(Text)
    token: Mapped[str | None] = mapped_column(Text, unique=True)
    token_until: Mapped[datetime | None] = mapped_column(Instant)
    asked_at: Mapped[list[int]] = mapped_column(Json)
    welcome: Mapped[bool]
    course_completed: Mapped[bool]
    weekly_digest: Mapped[bool]
    welcomed_at: Mapped[datetime | None] = mapped_column(Instant)
