"""What a learner did in a course: enrolled, opened, completed, noted. Progress is derived from these rows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Id, Instant


class Enrolment(Base):
    """A learner and a course. Archiving hides the course from this learner's list only. `revision` rises with every
    change of what the learner has done in the course, in the transaction of that change."""

    __tablename__ = "enrolment"

    learner_id: Mapped[int] = mapped_column(Id, ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    course_id: Mapped[int] = mapped_column(
        Id, ForeignKey("course.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    enrolled_at: Mapped[datetime] = mapped_column(Instant)
    last_accessed_at: Mapped[datetime] = mapped_column(Instant)
    archived_at: Mapped[datetime | None] = mapped_column(Instant)
    revision: Mapped[int] = mapped_column(default=0, server_default=text("0"))


class Completion(Base):
    """One learner × one section, once. `key` names the update that brought it, if one did."""

    __tablename__ = "completion"
    __table_args__ = (
        UniqueConstraint("learner_id", "section_id"),
        Index("ix_completion_learner_course", "learner_id", "course_id"),
        Index("ix_completion_learner_at", "learner_id", "completed_at"),
        Index("ix_completion_course", "course_id", "completed_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    learner_id: Mapped[int] = mapped_column(Id, ForeignKey("learner.id", ondelete="CASCADE"))
    section_id: Mapped[int] = mapped_column(Id, ForeignKey("section.id", ondelete="CASCADE"), index=True)
    lesson_id: Mapped[int] = mapped_column(Id)
    course_id: Mapped[int] = mapped_column(Id)
    completed_at: Mapped[datetime] = mapped_column(Instant)
    seconds: Mapped[int]
    interactions: Mapped[int] = mapped_column(default=0)
    key: Mapped[str | None]


class Reading(Base):
    """The timer of a learner on a section. `touched_at` is set while it is the open one, None while it is closed;
    `seconds` is what was counted up to then (pauses over ten minutes are not)."""

    __tablename__ = "reading"
    __table_args__ = (
        Index("ix_reading_learner_course", "learner_id", "course_id"),
        Index(
            "ix_reading_open",
            "learner_id",
            postgresql_where=text("touched_at IS NOT NULL"),
            sqlite_where=text("touched_at IS NOT NULL"),
        ),
    )

    learner_id: Mapped[int] = mapped_column(Id, ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    section_id: Mapped[int] = mapped_column(
        Id, ForeignKey("section.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    course_id: Mapped[int] = mapped_column(Id)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    touched_at: Mapped[datetime | None] = mapped_column(Instant)
    seconds: Mapped[int] = mapped_column(default=0)


class LearningEvent(Base):
    """What a client reported of a section: ``interaction`` (how many, in `interactions`) or ``time`` (in `seconds`,
    which are counted in the section's `Reading` as well). Kept for the learning path; never changed."""

    __tablename__ = "learning_event"
    __table_args__ = (Index("ix_learning_event_path", "learner_id", "course_id", "at", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    learner_id: Mapped[int] = mapped_column(Id, ForeignKey("learner.id", ondelete="CASCADE"))
    section_id: Mapped[int] = mapped_column(Id, ForeignKey("section.id", ondelete="CASCADE"), index=True)
    lesson_id: Mapped[int] = mapped_column(Id)
    course_id: Mapped[int] = mapped_column(Id)
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    seconds: Mapped[int] = mapped_column(default=0)
    interactions: Mapped[int] = mapped_column(default=0)


class Note(Base):
    """What a learner wrote about a section; `key` names the update that brought it, so that it is kept once."""

    __tablename__ = "note"
    __table_args__ = (UniqueConstraint("learner_id", "key"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    learner_id: Mapped[int] = mapped_column(Id, ForeignKey("learner.id", ondelete="CASCADE"))
    section_id: Mapped[int] = mapped_column(Id, ForeignKey("section.id", ondelete="CASCADE"), index=True)
    key: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
