"""The activity log for those who may read it. Entries are written where the act is, in its transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.clock import Clock
from services.learners import LearnerService
from services.views import LearnerView
from storage.activity import ActivityRepository, Checked, NewEntry
from storage.database import Database

__all__ = ["ActivityLog", "ActivityPage", "ActivityView", "Checked"]


@dataclass(frozen=True, slots=True)
class ActivityView:
    """An entry. People are aliases; the ids beside them are None for nobody, and once the person was erased."""

    id: int
    at: datetime
    action: str
    actor: str | None
    actor_id: int | None
    whose: str | None
    whose_id: int | None
    object: str | None
    detail: dict[str, str | int | bool | None]
    hash: str


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """Some entries, the newest first; `before` leads to older ones, None at the end."""

    entries: tuple[ActivityView, ...]
    before: int | None


class ActivityLog:
    """Who did what to whose data, for admins."""

    def __init__(self, *, database: Database, clock: Clock, learners: LearnerService) -> None:
        self._database = database
        self._clock = clock
        self._learners = learners

    async def page(
        self, admin: LearnerView, *, before: int | None = None, action: str | None = None, limit: int = 50
    ) -> ActivityPage:
        """Some of the log; that it was read is itself an entry. Raises Forbidden("not_admin")."""
        await self._learners.require_admin(admin)
        async with self._database.transaction() as session:
            log = ActivityRepository(session)
            rows = await log.page(before=before, most=limit + 1, action=action)
            shown = rows[:limit]
            people = await log.people({name for row in shown for name in (row.actor, row.whose) if name is not None})
            await log.append(NewEntry("activity.read", admin.id, detail={"entries": len(shown)}), self._clock.now())
        entries = tuple(
            ActivityView(
                id=row.id,
                at=row.at,
                action=row.action,
                actor=row.actor,
                actor_id=people.get(row.actor or ""),
                whose=row.whose,
                whose_id=people.get(row.whose or ""),
                object=row.object,
                detail=row.detail,
                hash=row.hash,
            )
            for row in shown
        )
        return ActivityPage(entries, shown[-1].id if len(rows) > limit else None)

    async def check(self, admin: LearnerView) -> Checked:
        """Go through the chain. Raises Forbidden("not_admin")."""
        await self._learners.require_admin(admin)
        return await self.verify()

    async def verify(self) -> Checked:
        """Go through the chain, whoever wants to know."""
        async with self._database.reading() as session:
            return await ActivityRepository(session).check()
