"""Who is signed in where, and the one-time codes that sign in. Of every secret only a hash is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Id, Instant


class SignIn(Base):
    """A session: one sign-in and the refresh tokens that came of it, of which only the last counts.

    `family` is the hash of the part that all its refresh tokens share, `turn` that of the part that changes;
    `proof` is the hash of what was shown to sign in, where that can be shown twice."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    learner_id: Mapped[int] = mapped_column(Id, ForeignKey("learner.id", ondelete="CASCADE"), index=True)
    way: Mapped[str] = mapped_column(Text)
    proof: Mapped[str | None] = mapped_column(Text, index=True)
    family: Mapped[str] = mapped_column(Text, unique=True)
    turn: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class SignInCode(Base):
    """A one-time code from the chat; a learner has at most one that works."""

    __tablename__ = "sign_in_code"

    learner_id: Mapped[int] = mapped_column(
        Id, ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    code: Mapped[str] = mapped_column(Text, unique=True)
    expires_at: Mapped[datetime] = mapped_column(Instant)
