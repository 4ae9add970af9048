"""Courses down to their questions, their pictures, and the documents that they rest on.

Ids of what buttons point to are never used again (AUTOINCREMENT on SQLite): an old button cannot open a new thing.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Id, Instant, Json


class Document(Base):
    """A learner's document after parsing; `source` is JSON text, kept undecoded because it can be megabytes."""

    __tablename__ = "document"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    learner_id: Mapped[int] = mapped_column(Id, ForeignKey("learner.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    words: Mapped[int]
    source: Mapped[str] = mapped_column(Text, deferred=True, deferred_raiseload=True)
    created_at: Mapped[datetime] = mapped_column(Instant)


def searchable(title: str, description: str) -> str:
    """The text of a course that a search looks in: folded here, because SQLite folds no letters beyond ASCII."""
    return fold(f"{title}\n{description}")


def fold(text: str) -> str:
    """Text without the difference of capital and small letters, of any script."""
    return unicodedata.normalize("NFC", text.casefold())


def _searchable(context: Any) -> str:
    given = context.get_current_parameters()  # SQLAlchemy's own way; it is not typed
    return searchable(given["title"], given["description"])


class Course(Base):
    """A course; `state` is making, ready or stopped; `visibility` is private or public (read by anybody once it is
    ready). `search` is `searchable` of title and description; `glossary` are terms with their meanings, `example` is
    the one that runs through it. `revision` rises with every change of what is read of the course, its lessons and
    sections included, in the transaction of that change (`storage.revisions`)."""

    __tablename__ = "course"
    __table_args__ = (Index("ix_course_visibility", "visibility", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    owner_id: Mapped[int] = mapped_column(Id, ForeignKey("learner.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    minutes_asked: Mapped[int]
    state: Mapped[str] = mapped_column(Text)
    objectives: Mapped[list[str]] = mapped_column(Json)
    credit: Mapped[dict[str, Any]] = mapped_column(Json)
    document_id: Mapped[int | None] = mapped_column(Id, ForeignKey("document.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    ready_at: Mapped[datetime | None] = mapped_column(Instant)
    visibility: Mapped[str] = mapped_column(Text, default="private", server_default="private")
    search: Mapped[str] = mapped_column(Text, default=_searchable, server_default=text("''"))
    revision: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    glossary: Mapped[list[dict[str, str]]] = mapped_column(Json, default=list, server_default=text("'[]'"))
    example: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))


class Lesson(Base):
    """A lesson; `position` counts from 0; `state` is waiting, writing, ready or failed (then `failure` is its code).

    It has no sections until its `contract` (needs, covered, avoid, example, handoff) is there; `made`: by whom that was
    written."""

    __tablename__ = "lesson"
    __table_args__ = (UniqueConstraint("course_id", "position"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    course_id: Mapped[int] = mapped_column(Id, ForeignKey("course.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    objectives: Mapped[list[str]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(Text)
    failure: Mapped[str | None] = mapped_column(Text)
    contract: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default=text("'{}'"))
    made: Mapped[dict[str, str] | None] = mapped_column(Json)


class Section(Base):
    """A section as planned (`focus`, `outcome`, `objectives`, `passages`) and, once `body` is not empty, as written.

    `failure` is the code of why it could not be written; `quiz` is missing, ready or unavailable (then `failure` says
    why its questions could not be made), and means nothing before there is a body; `findings` are what checks found in
    both, with what became of it; `made`: by whom the body was written."""

    __tablename__ = "section"
    __table_args__ = (UniqueConstraint("lesson_id", "position"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    course_id: Mapped[int] = mapped_column(Id, ForeignKey("course.id", ondelete="CASCADE"), index=True)
    lesson_id: Mapped[int] = mapped_column(Id, ForeignKey("lesson.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    focus: Mapped[str] = mapped_column(Text)
    passages: Mapped[list[str]] = mapped_column(Json)
    minutes: Mapped[int]
    body: Mapped[str] = mapped_column(Text, default="")
    citations: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    version: Mapped[int]
    written_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    objectives: Mapped[list[int]] = mapped_column(Json, default=list, server_default=text("'[]'"))
    made: Mapped[dict[str, str] | None] = mapped_column(Json)
    failure: Mapped[str | None] = mapped_column(Text)
    quiz: Mapped[str] = mapped_column(Text, default="ready", server_default=text("'ready'"))
    findings: Mapped[list[dict[str, str]]] = mapped_column(Json, default=list, server_default=text("'[]'"))


class SectionVersion(Base):
    """A section as it was before an edit; `replaced_at` is when, `replaced_by` who wrote the next version. `questions`
    are those that counted then (as in `Question`), None where that was not kept."""

    __tablename__ = "section_version"
    __table_args__ = (UniqueConstraint("section_id", "version"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    section_id: Mapped[int] = mapped_column(Id, ForeignKey("section.id", ondelete="CASCADE"))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int]
    citations: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    questions: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    replaced_at: Mapped[datetime] = mapped_column(Instant)
    replaced_by: Mapped[int | None] = mapped_column(Id, ForeignKey("learner.id", ondelete="SET NULL"), index=True)


class Question(Base):
    """A single-choice question; `key` is the right option's index, `seed` decides the order in which they are shown.
    `voided_at` is since when it does not count any more: it was found wrong, or another took its place.

    `objective` is the place of the course's objective that it tests, `bloom` the level it asks for, where they are
    known; `made`: by whom it was written."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("section_id", "position"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    section_id: Mapped[int] = mapped_column(Id, ForeignKey("section.id", ondelete="CASCADE"))
    position: Mapped[int]
    prompt: Mapped[str] = mapped_column(Text)
    options: Mapped[list[dict[str, str]]] = mapped_column(Json)
    key: Mapped[int]
    hint: Mapped[str] = mapped_column(Text)
    seed: Mapped[int]
    voided_at: Mapped[datetime | None] = mapped_column(Instant)
    objective: Mapped[int | None]
    bloom: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    made: Mapped[dict[str, str] | None] = mapped_column(Json)


class Picture(Base):
    """A course's picture; `file_id` is Telegram's name for it once it was sent."""

    __tablename__ = "picture"

    course_id: Mapped[int] = mapped_column(
        Id, ForeignKey("course.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    png: Mapped[bytes] = mapped_column(LargeBinary)
    alternative_text: Mapped[str] = mapped_column(Text)
    file_id: Mapped[str | None] = mapped_column(Text)
