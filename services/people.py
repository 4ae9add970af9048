"""People: what they say about how they learn, and what admins do about them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from services.errors import Fault, Invalid, NotFound
from services.learners import LearnerService
from services.rules import preferences as rules
from services.views import LearnerView, PersonView, ProfileView, Role
from storage.activity import ActivityRepository, NewEntry
from storage.database import Database
from storage.learners import LearnerRepository
from storage.models import Learner


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Some people, by id; `after` is the last one's id if there are more."""

    people: tuple[PersonView, ...]
    after: int | None


class PeopleService:
    """Profiles for everybody, people for admins."""

    def __init__(self, *, database: Database, learners: LearnerService) -> None:
        self._database = database
        self._learners = learners

    async def profile(self, learner_id: int) -> ProfileView:
        """What somebody says about how they learn. Raises NotFound("learner")."""
        return _profile(await self._row(learner_id))

    async def change(self, learner_id: int, changes: Mapping[str, Any]) -> ProfileView:
        """Set what `changes` names (``language``, ``time_zone``, ``level``, ``minutes_a_day``, ``interests``,
        ``quiet_from``, ``quiet_to``) and nothing else; None forgets, where that means something.

        Raises Invalid with every fault (then nothing is changed), NotFound("learner")."""
        values, faults = await self._checked(changes)
        if faults:
            raise Invalid(*faults)
        if not values:
            return await self.profile(learner_id)
        async with self._database.transaction() as session:
            row = await LearnerRepository(session).change(learner_id, **values)
        if row is None:
            raise NotFound("learner")
        self._learners.changed(row)
        return _profile(row)

    async def quiet_until(self, learner_id: int, now: datetime) -> datetime | None:
        """Until when this person is not to be disturbed, None if they may be now. Raises NotFound("learner")."""
        row = await self._row(learner_id)
        return await asyncio.to_thread(rules.quiet_until, now, row.time_zone, row.quiet_from, row.quiet_to)

    async def people(
        self, admin: LearnerView, *, search: str = "", role: str | None = None, after: int = 0, limit: int = 50
    ) -> PeoplePage:
        """Some of the people, for an admin; `search` is part of a name or user name, or a Telegram id. Raises
        Forbidden("not_admin")."""
        await self._learners.require_admin(admin)
        async with self._database.reading() as session:
            rows = await LearnerRepository(session).page(after=after, limit=limit + 1, search=search, role=role)
        await self._note(NewEntry("people.read", admin.id, detail={"people": len(rows[:limit])}))
        found = tuple(self._person(row) for row in rows[:limit])
        return PeoplePage(found, found[-1].id if len(rows) > limit else None)

    async def person(self, admin: LearnerView, learner_id: int) -> PersonView:
        """One person, for an admin. Raises Forbidden("not_admin"), NotFound("learner")."""
        await self._learners.require_admin(admin)
        found = self._person(await self._row(learner_id))
        await self._note(NewEntry("person.read", admin.id, learner_id))
        return found

    async def set_role(self, admin: LearnerView, learner_id: int, role: str) -> PersonView:
        """As `LearnerService.set_role`."""
        await self._learners.set_role(admin, learner_id, role)
        return self._person(await self._row(learner_id))

    async def set_blocked(self, admin: LearnerView, learner_id: int, blocked: bool) -> PersonView:
        """As `LearnerService.set_blocked`."""
        await self._learners.set_blocked(admin, learner_id, blocked)
        return self._person(await self._row(learner_id))

    async def _note(self, entry: NewEntry) -> None:
        """Write down that an admin looked, before what was seen is shown."""
        async with self._database.transaction() as session:
            await ActivityRepository(session).append(entry, self._learners.clock.now())

    async def _row(self, learner_id: int) -> Learner:
        async with self._database.reading() as session:
            row = await LearnerRepository(session).get(learner_id)
        if row is None:
            raise NotFound("learner")
        return row

    async def _checked(self, changes: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
        values, faults = dict(changes), list[Fault]()
        if "language" in values:
            faults += self._learners.language_faults(values["language"])
        if "time_zone" in values:
            faults += await self._learners.time_zone_faults(values["time_zone"])
        if "level" in values:
            faults += rules.level_faults(values["level"])
        if "minutes_a_day" in values:
            faults += rules.minutes_faults(values["minutes_a_day"])
        if "interests" in values:
            kept, found = rules.checked_interests(values["interests"])
            values["interests"] = list(kept)
            faults += found
        if "quiet_from" in values or "quiet_to" in values:
            faults += rules.quiet_faults(values.get("quiet_from"), values.get("quiet_to"))
        return values, faults

    def _person(self, row: Learner) -> PersonView:
        return PersonView(
            id=row.id,
            telegram_id=row.telegram_id,
            name=row.name,
            username=row.username,
            role=cast(Role, row.role),
            language=row.language,
            admitted=self._learners.view(row).admitted,
            reachable=row.reachable,
            blocked_at=row.blocked_at,
            created_at=row.created_at,
            seen_at=row.seen_at,
        )


def _profile(row: Learner) -> ProfileView:
    return ProfileView(
        id=row.id,
        name=row.name,
        username=row.username,
        role=cast(Role, row.role),
        language=row.language,
        time_zone=row.time_zone,
        level=row.level,
        minutes_a_day=row.minutes_a_day,
        interests=tuple(row.interests or ()),
        quiet_from=row.quiet_from,
        quiet_to=row.quiet_to,
        created_at=row.created_at,
    )
