"""What calls to models cost: one row for each call, and what is used of each budget."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Id, Instant


class Spending(Base):
    """One call to a model. Amounts are millionths of a US dollar: `reserved` is its worst case, `spent` what it came to
    (None until it is settled). `budgets` names those that it counts in, separated by blanks."""

    __tablename__ = "spending"
    __table_args__ = (
        Index("ix_spending_at", "at"),
        Index("ix_spending_open", "at", postgresql_where=text("spent IS NULL"), sqlite_where=text("spent IS NULL")),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    learner_id: Mapped[int | None] = mapped_column(Id, ForeignKey("learner.id", ondelete="SET NULL"), index=True)
    generation_id: Mapped[int | None] = mapped_column(Id, ForeignKey("generation.id", ondelete="SET NULL"), index=True)
    provider: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    step: Mapped[str] = mapped_column(Text)
    budgets: Mapped[str] = mapped_column(Text)
    reserved: Mapped[int] = mapped_column(BigInteger)
    spent: Mapped[int | None] = mapped_column(BigInteger)
    fresh: Mapped[int] = mapped_column(BigInteger, default=0)
    cached: Mapped[int] = mapped_column(BigInteger, default=0)
    written: Mapped[int] = mapped_column(BigInteger, default=0)
    output: Mapped[int] = mapped_column(BigInteger, default=0)


class Budget(Base):
    """What is used of a budget, reservations included: the sum of its rows in `Spending`, changed in the same
    transactions. `name` is ``bot:2026-11-23``, ``learner:7:2026-11-23`` or ``course:12`` (a generation's id)."""

    __tablename__ = "budget"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    used: Mapped[int] = mapped_column(BigInteger, default=0)
