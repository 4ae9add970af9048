"""Who did what to whose data: entries that are only ever added, and the aliases that stand for people in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import ForeignKey, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.append_only import keep_rows
from storage.models.base import Base, Id, Instant, Json


class ActivityAlias(Base):
    """The random name of a learner in the log. Once this row is gone (it goes with the learner), nothing says whom the
    entries are about, and their chain still holds."""

    __tablename__ = "activity_alias"

    learner_id: Mapped[int] = mapped_column(
        Id, ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    alias: Mapped[str] = mapped_column(Text, unique=True)


class ActivityEntry(Base):
    """One act. `actor` did `action` to `object` (``course:12``), which is `whose`; `detail` holds codes, never what
    people wrote. Ids count without gaps, and `hash` is over the entry and the hash of the one before. The database
    refuses to change or remove an entry: who is erased loses the alias, never an entry."""

    __tablename__ = "activity_entry"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str | None] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    whose: Mapped[str | None] = mapped_column(Text, index=True)
    object: Mapped[str | None] = mapped_column(Text)
    detail: Mapped[dict[str, Any]] = mapped_column(Json)
    hash: Mapped[str] = mapped_column(Text)


keep_rows(cast(Table, ActivityEntry.__table__))
