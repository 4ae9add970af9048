"""Learners and the invitations that admit them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Invite, Learner
from storage.upsert import insert_or_ignore


class LearnerRepository:
    """People by their id and by Telegram's."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, learner_id: int) -> Learner | None:
        """The learner with that id."""
        return await self._session.get(Learner, learner_id)

    async def by_telegram(self, telegram_id: int) -> Learner | None:
        """The learner with that Telegram id."""
        return (await self._session.scalars(select(Learner).where(Learner.telegram_id == telegram_id))).one_or_none()

    async def arrive(self, telegram_id: int, now: datetime, **first: Any) -> tuple[Learner, bool]:
        """The learner with that Telegram id, locked for this transaction, and whether they are new.

        A new one gets the columns in `first`. Any number of simultaneous first arrivals makes one row."""
        values = {"telegram_id": telegram_id, "created_at": now, "seen_at": now, **first}
        new = await insert_or_ignore(self._session, Learner, values)
        query = select(Learner).where(Learner.telegram_id == telegram_id).with_for_update()
        return (await self._session.scalars(query)).one(), new

    async def lock(self, learner_id: int) -> Learner | None:
        """The learner, locked for this transaction: what one learner does then happens one after another."""
        return (
            await self._session.scalars(select(Learner).where(Learner.id == learner_id).with_for_update())
        ).one_or_none()

    async def change(self, learner_id: int, **values: Any) -> Learner | None:
        """Set columns of a learner; the row as it is afterwards, None if there is no such learner."""
        query = update(Learner).where(Learner.id == learner_id).values(**values).returning(Learner)
        return (await self._session.scalars(query, execution_options={"populate_existing": True})).one_or_none()

    async def page(self, *, after: int, limit: int, search: str = "", role: str | None = None) -> list[Learner]:
        """Up to `limit` learners with ids above `after`, by id. `search` is part of a name or user name (letters a–z in
        any case), or a whole Telegram id."""
        query = select(Learner).where(Learner.id > after).order_by(Learner.id).limit(limit)
        if role is not None:
            query = query.where(Learner.role == role)
        if search:
            found = [
                Learner.name.icontains(search, autoescape=True),
                Learner.username.icontains(search, autoescape=True),
            ]
            if search.isascii() and search.isdecimal() and len(search) < 19:
                found.append(Learner.telegram_id == int(search))
            query = query.where(or_(*found))
        return list(await self._session.scalars(query))

    async def count(self) -> int:
        """How many people there are."""
        return await self._session.scalar(select(func.count()).select_from(Learner)) or 0

    async def add_invite(self, code: str, created_by: int, uses: int, now: datetime) -> None:
        """Store an invitation for `uses` people."""
        self._session.add(Invite(code=code, created_by=created_by, created_at=now, uses_left=uses))
        await self._session.flush()

    async def use_invite(self, code: str) -> bool:
        """Take one use from an invitation; False if there is no such code or it is used up."""
        query = update(Invite).where(Invite.code == code, Invite.uses_left > 0)
        query = query.values(uses_left=Invite.uses_left - 1)
        return (await self._session.scalar(query.returning(Invite.code))) is not None
