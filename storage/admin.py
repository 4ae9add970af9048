"""What admins do to the table of work: look, try again, drop, and put announcements into it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from storage.models import Generation, Work
from storage.models.base import to_ms
from storage.work import NewWork, WorkRepository

# Everybody in one statement: each has a lane of their own, so that a long list holds nobody's updates up.
_ANNOUNCE = """
INSERT INTO work (kind, lane, key, payload, state, tries, due, owner, created_at)
SELECT 'announcement', 'a:' || l.id, CAST(:key AS TEXT) || ':' || l.id,
    '{{"learner_id":' || l.id || ',"text":' || CAST(:text AS TEXT) || '}}',
    'open', 0, CAST(:now AS BIGINT) + (ROW_NUMBER() OVER (ORDER BY l.id) - 1) * CAST(:pace AS BIGINT), NULL,
    CAST(:now AS BIGINT)
FROM learner AS l WHERE l.reachable AND l.blocked_at IS NULL {whom}
ON CONFLICT (key) DO NOTHING
"""
_OF_COURSE = """
AND EXISTS (SELECT 1 FROM enrolment AS e WHERE e.learner_id = l.id AND e.course_id = CAST(:course AS BIGINT))
"""
_TO_ALL = text(_ANNOUNCE.format(whom=""))
_TO_COURSE = text(_ANNOUNCE.format(whom=_OF_COURSE))


class AdminRepository:
    """The table of work inside somebody's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def work(self, *, state: str, kind: str | None, after: int, most: int) -> list[Work]:
        """Up to `most` rows with ids above `after`, by id, without their payloads (these hold what people wrote)."""
        query = select(Work).where(Work.state == state, Work.id > after).order_by(Work.id).limit(most)
        if kind is not None:
            query = query.where(Work.kind == kind)
        return list(await self._session.scalars(query.options(defer(Work.payload, raiseload=True))))

    async def aside(self, work_id: int) -> Work | None:
        """The row with that id, locked for this transaction, if it is set aside."""
        query = select(Work).where(Work.id == work_id, Work.state == "aside").with_for_update()
        return (await self._session.scalars(query)).one_or_none()

    async def state_of(self, work_id: int) -> str | None:
        """How that row stands; None if there is none."""
        return await self._session.scalar(select(Work.state).where(Work.id == work_id))

    async def again(self, row: Work, now: datetime) -> Work:
        """Have what was set aside done once more: a new row at the end of its lane, as the older ones of a lane may be
        in somebody's hands already."""
        new = NewWork(row.kind, row.lane, row.key, row.payload)
        await self._session.delete(row)
        await self._session.flush()
        await WorkRepository(self._session).put([new], now)
        return (await self._session.scalars(select(Work).where(Work.key == new.key))).one()

    async def drop(self, row: Work, now: datetime) -> None:
        """Give up what was set aside. Its key stays known for a while, so that nobody brings it again."""
        row.state, row.payload, row.finished_at = "cancelled", {}, now
        await self._session.flush()

    async def generations(self) -> dict[str, int]:
        """How many generations there are, by state."""
        found = await self._session.execute(select(Generation.state, func.count()).group_by(Generation.state))
        return {state: int(count) for state, count in found}

    async def announce(self, key: str, words: str, course_id: int | None, now: datetime, pace_ms: int) -> int:
        """Put one piece of work for everybody who can be reached (of a course: who is enrolled), `pace_ms` apart;
        returns for how many. Those who have it under this key are left out."""
        params: dict[str, Any] = {"key": key, "text": json.dumps(words), "now": to_ms(now), "pace": pace_ms}
        if course_id is not None:
            params["course"] = course_id
        done = await self._session.execute(_TO_ALL if course_id is None else _TO_COURSE, params)
        return cast("CursorResult[Any]", done).rowcount
