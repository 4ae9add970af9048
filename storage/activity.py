"""The activity log: entries chained by their hashes, so that a change, a gap or another order shows.

What cannot show is that the newest entries are missing; whoever keeps a head (`Checked.head`) elsewhere sees that, too.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import ActivityAlias, ActivityEntry
from storage.models.base import from_ms, to_ms
from storage.upsert import insert_or_ignore

START = "0" * 64  # what stands for the hash before the first entry
_LOCK = text("SELECT pg_advisory_xact_lock(5081994207)")  # any number that nothing else of ours locks
_AT_A_TIME = 1_000


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What to write down: learner ids for who did it and whose it is; `detail` holds codes and numbers only."""

    action: str
    actor_id: int | None = None
    whose_id: int | None = None
    object: str | None = None
    detail: dict[str, str | int | bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """How the chain stands: so many entries held; the first one that does not (None: all hold); the last good hash."""

    entries: int
    broken_at: int | None
    head: str


def _new_alias() -> str:
    return secrets.token_hex(8)


class ActivityRepository:
    """The log inside somebody's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def append(self, new: NewEntry, now: datetime, new_alias: Callable[[], str] = _new_alias) -> None:
        """Add an entry. It has to be the last thing in its transaction: from here to the commit, whoever else writes
        an entry waits."""
        aliases = {}
        for learner_id in sorted({one for one in (new.actor_id, new.whose_id) if one is not None}):
            aliases[learner_id] = await self._alias(learner_id, new_alias)
        if self._session.get_bind().dialect.name == "postgresql":
            await self._session.execute(_LOCK)
        last = await self._last()
        entry = ActivityEntry(
            id=1 if last is None else last[0] + 1,
            at=from_ms(to_ms(now)),
            actor=None if new.actor_id is None else aliases[new.actor_id],
            action=new.action,
            whose=None if new.whose_id is None else aliases[new.whose_id],
            object=new.object,
            detail=new.detail,
        )
        entry.hash = _hash(entry, START if last is None else last[1])
        self._session.add(entry)
        await self._session.flush()

    async def page(self, *, before: int | None, most: int, action: str | None = None) -> list[ActivityEntry]:
        """Up to `most` entries with ids below `before`, the newest first."""
        query = select(ActivityEntry).order_by(ActivityEntry.id.desc()).limit(most)
        if before is not None:
            query = query.where(ActivityEntry.id < before)
        if action is not None:
            query = query.where(ActivityEntry.action == action)
        return list(await self._session.scalars(query))

    async def people(self, aliases: set[str]) -> dict[str, int]:
        """Learner ids by alias, as far as they were not erased."""
        query = select(ActivityAlias.alias, ActivityAlias.learner_id).where(ActivityAlias.alias.in_(aliases))
        return {row.alias: row.learner_id for row in await self._session.execute(query)}

    async def forget(self, learner_id: int) -> None:
        """Let nothing say any more whom a learner's entries are about."""
        await self._session.execute(delete(ActivityAlias).where(ActivityAlias.learner_id == learner_id))

    async def check(self) -> Checked:
        """Go through the whole chain, a thousand entries at a time."""
        head, count = START, 0
        while True:
            query = select(ActivityEntry).where(ActivityEntry.id > count).order_by(ActivityEntry.id).limit(_AT_A_TIME)
            entries = list(await self._session.scalars(query))
            for entry in entries:
                if entry.id != count + 1 or entry.hash != _hash(entry, head):
                    return Checked(count, entry.id, head)
                head, count = entry.hash, entry.id
            self._session.expunge_all()
            if len(entries) < _AT_A_TIME:
                return Checked(count, None, head)

    async def _alias(self, learner_id: int, new_alias: Callable[[], str]) -> str:
        query = select(ActivityAlias.alias).where(ActivityAlias.learner_id == learner_id)
        found = await self._session.scalar(query)
        if found is None:
            await insert_or_ignore(self._session, ActivityAlias, {"learner_id": learner_id, "alias": new_alias()})
            found = (await self._session.scalars(query)).one()
        return found

    async def _last(self) -> tuple[int, str] | None:
        query = select(ActivityEntry.id, ActivityEntry.hash).order_by(ActivityEntry.id.desc()).limit(1)
        row = (await self._session.execute(query)).one_or_none()
        return None if row is None else (row[0], row[1])


def _hash(entry: ActivityEntry, before: str) -> str:
    """SHA-256 over the hash before and the entry, as JSON with sorted keys: it says where each part ends."""
    parts = [
        before,
        entry.id,
        to_ms(entry.at),
        entry.actor,
        entry.action,
        entry.whose,
        entry.object,
        entry.detail,
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
