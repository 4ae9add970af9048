"""Reports on the quality of courses: one for each course, the last one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Course, QualityReport
from storage.upsert import insert_or_update


class QualityRepository:
    """The reports as they are stored."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, course_id: int) -> tuple[datetime, dict[str, Any]] | None:
        """When the course was last checked, and what was found."""
        columns = (QualityReport.checked_at, QualityReport.report)
        row = (await self._session.execute(select(*columns).where(QualityReport.course_id == course_id))).one_or_none()
        return None if row is None else (row.checked_at, row.report)

    async def put(self, course_id: int, checked_at: datetime, report: dict[str, Any]) -> bool:
        """Keep a report in place of the one before; False if the course is gone."""
        locked = select(Course.id).where(Course.id == course_id).with_for_update()
        if await self._session.scalar(locked) is None:
            return False
        values = {"course_id": course_id, "checked_at": checked_at, "report": report}
        await insert_or_update(self._session, QualityReport, values, unique=["course_id"])
        return True
