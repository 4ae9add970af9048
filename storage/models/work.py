"""The one table of work that must happen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Id, Instant, Json

_OPEN = text("state = 'open'")


class Work(Base):
    """One piece of work. Rows of one `lane` are done in the order of their ids; `key` makes a piece unique.

    `state`: open, done, aside (given up, with its `error`) or cancelled. An open row with an `owner` is held by that
    worker. `tries` counts those that failed, `crashes` the workers that died with it in hand. `since` is when `due` was
    put off to later: an earlier time than that means that the clock was set back. Done work has no payload."""

    __tablename__ = "work"
    __table_args__ = (
        Index("ix_work_open_lane", "lane", "id", postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_work_open_due", "owner", "due", postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_work_finished", "state", "finished_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    kind: Mapped[str]
    lane: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    payload: Mapped[Any] = mapped_column(Json)
    state: Mapped[str] = mapped_column(default="open")
    tries: Mapped[int] = mapped_column(default=0)
    crashes: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    due: Mapped[datetime] = mapped_column(Instant)
    since: Mapped[datetime | None] = mapped_column(Instant)
    owner: Mapped[str | None]
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class Worker(Base):
    """A process that does work. It is named anew at each start and whenever it was given up for dead; `beat` counts up
    for as long as it lives. `seen_at` and `label` (host and process) are for people."""

    __tablename__ = "worker"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    label: Mapped[str] = mapped_column(Text)
    beat: Mapped[int] = mapped_column(BigInteger)
    started_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)


class Lease(Base):
    """Something that one worker at a time may do (fetch updates): it ends with the worker."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    owner: Mapped[str] = mapped_column(Text, ForeignKey("worker.name", ondelete="CASCADE"), index=True)
