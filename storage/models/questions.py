"""What learners answered, and what they say is wrong with a question. Scores are derived from these rows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Id, Instant


class Attempt(Base):
    """One try (`nth` is 1 or 2) of a learner at a question. `choice` is the option's place as its author wrote it, None
    where the question was skipped; `settled` says that this try was the last one, right, wrong or skipped."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("learner_id", "question_id", "nth"),
        Index("ix_attempt_learner_course", "learner_id", "course_id"),
        Index("ix_attempt_course", "course_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    learner_id: Mapped[int] = mapped_column(Id, ForeignKey("learner.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(Id, ForeignKey("question.id", ondelete="CASCADE"), index=True)
    section_id: Mapped[int] = mapped_column(Id)
    course_id: Mapped[int] = mapped_column(Id)
    nth: Mapped[int]
    choice: Mapped[int | None]
    correct: Mapped[bool]
    skipped: Mapped[bool]
    settled: Mapped[bool]
    at: Mapped[datetime] = mapped_column(Instant)


class Dispute(Base):
    """A learner's word that a question is wrong, once a question. `state` is open, upheld (the question counts for
    nobody any more), rejected or unsolved (its owner has to say); `decided_by` is the owner if it was they who said."""

    __tablename__ = "dispute"
    __table_args__ = (
        UniqueConstraint("learner_id", "question_id"),
        Index("ix_dispute_quota", "learner_id", "at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    learner_id: Mapped[int] = mapped_column(Id, ForeignKey("learner.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(Id, ForeignKey("question.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(Id, ForeignKey("learner.id", ondelete="SET NULL"), index=True)
