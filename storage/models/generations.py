"""Generations, the durable jobs that make courses, and the ordered feed of what happened in each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Id, Instant, Json


class Generation(Base):
    """One making of a course. It outlives its course, because the allowance is counted from these rows.

    `order` is the approved request as JSON; `runs` counts how often it was started again (Go on, Try again) and names
    its rows in the table of work; `state` is waiting, running, ready, failed, stopped or discarded; `estimate` is what
    it was expected to cost, in millionths of a US dollar (None where nobody could say)."""

    __tablename__ = "generation"
    __table_args__ = (Index("ix_generation_quota", "learner_id", "created_at"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    course_id: Mapped[int | None] = mapped_column(Id, ForeignKey("course.id", ondelete="SET NULL"), index=True)
    learner_id: Mapped[int] = mapped_column(Id, ForeignKey("learner.id", ondelete="CASCADE"))
    request_key: Mapped[str] = mapped_column(Text, unique=True)
    order: Mapped[dict[str, Any]] = mapped_column("ordered", Json)
    state: Mapped[str] = mapped_column(Text)
    runs: Mapped[int]
    progress: Mapped[int]
    failure: Mapped[str | None] = mapped_column(Text)
    chat_id: Mapped[int | None] = mapped_column(BigInteger)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    message_replaced: Mapped[bool]
    estimate: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(Instant)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    told_at: Mapped[datetime | None] = mapped_column(Instant)


class GenerationEvent(Base):
    """One event of a generation's feed; `seq` counts from 1 without holes."""

    __tablename__ = "generation_event"
    __table_args__ = (UniqueConstraint("generation_id", "seq"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    generation_id: Mapped[int] = mapped_column(Id, ForeignKey("generation.id", ondelete="CASCADE"))
    seq: Mapped[int]
    progress: Mapped[int]
    code: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Instant)
