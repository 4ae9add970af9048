"""What the checks said of each course, the last time they were made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Id, Instant, Json


class QualityReport(Base):
    """The report of a course; it says itself of which state of the course."""

    __tablename__ = "quality_report"

    course_id: Mapped[int] = mapped_column(
        Id, ForeignKey("course.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    checked_at: Mapped[datetime] = mapped_column(Instant)
    report: Mapped[dict[str, Any]] = mapped_column(Json)
