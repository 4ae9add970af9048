"""Spending and budgets: reserved, settled, summed up. Amounts are millionths of a US dollar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Budget, Spending
from storage.upsert import insert_or_ignore

_DAY = 10  # characters of a date, with which the name of a budget of a day ends


@dataclass(frozen=True, slots=True)
class Spent:
    """A sum: calls, money (open reservations at their worst case), tokens by kind."""

    calls: int
    amount: int
    fresh: int
    cached: int
    written: int
    output: int


class MoneyRepository:
    """One session's view of the money."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def take(self, budget: str, amount: int, cap: int | None) -> bool:
        """Count `amount` in `budget` unless that would exceed `cap`; its row stays locked until the end."""
        query = update(Budget).where(Budget.name == budget).values(used=Budget.used + amount)
        if cap is not None:
            query = query.where(Budget.used + amount <= cap)
        query = query.returning(Budget.used)
        if (await self._session.scalar(query)) is not None:
            return True
        # Only the first call of a day, or of a course, finds no row.
        await insert_or_ignore(self._session, Budget, {"name": budget, "used": 0})
        return (await self._session.scalar(query)) is not None

    async def add(self, values: Mapping[str, Any]) -> int:
        """Write a reservation; its id."""
        row = Spending(**values, spent=None)
        self._session.add(row)
        await self._session.flush()
        return row.id

    async def get(self, spending_id: int) -> Spending | None:
        """One call."""
        return await self._session.get(Spending, spending_id)

    async def settle(self, spending_id: int, spent: int, tokens: Mapping[str, int]) -> bool:
        """Close a reservation at `spent` and give its budgets the difference; False if it was closed before."""
        query = (
            update(Spending)
            .where(Spending.id == spending_id, Spending.spent.is_(None))
            .values(spent=spent, **tokens)
            .returning(Spending.budgets, Spending.reserved)
        )
        row = (await self._session.execute(query)).one_or_none()
        if row is None:
            return False
        # In one order everywhere, so that two transactions never wait for each other in a circle.
        for name in sorted(row.budgets.split()):
            change = update(Budget).where(Budget.name == name).values(used=Budget.used + (spent - row.reserved))
            await self._session.execute(change)
        return True

    async def forgotten(self, before: datetime, most: int = 100) -> Sequence[Spending]:
        """Reservations made before `before` that nobody settled."""
        query = select(Spending).where(Spending.spent.is_(None), Spending.at < before).order_by(Spending.at)
        return (await self._session.scalars(query.limit(most))).all()

    async def open_in(self, budget: str) -> int:
        """What is reserved in a budget for calls that are not settled: the part of it that may come back."""
        named = (literal(" ") + Spending.budgets + " ").contains(f" {budget} ", autoescape=True)
        query = select(func.coalesce(func.sum(Spending.reserved), 0)).where(Spending.spent.is_(None), named)
        return int(await self._session.scalar(query) or 0)

    async def used(self, budget: str) -> int:
        """What is used of a budget."""
        return await self._session.scalar(select(Budget.used).where(Budget.name == budget)) or 0

    async def drop_days(self, before: date) -> int:
        """Delete the budgets of days before `before`; how many there were. Those of courses stay: they have no day."""
        daily = or_(Budget.name.startswith("bot:"), Budget.name.startswith("learner:"))
        day = func.substr(Budget.name, func.length(Budget.name) - _DAY + 1)  # the last characters of the name
        gone = delete(Budget).where(daily, day < before.isoformat()).returning(Budget.name)
        return len((await self._session.scalars(gone)).all())

    async def sums(self, since: datetime, *, by: str | None = None) -> dict[str, Spent]:
        """Sums since then, under ``""``, or by a column (``model``, ``step``, ``provider``)."""
        key = getattr(Spending, by) if by else None
        columns = [
            func.count(),
            func.coalesce(func.sum(func.coalesce(Spending.spent, Spending.reserved)), 0),
            *(func.coalesce(func.sum(getattr(Spending, name)), 0) for name in ("fresh", "cached", "written", "output")),
        ]
        query = select(*columns).where(Spending.at >= since)
        if key is None:
            row = (await self._session.execute(query)).one()
            return {"": Spent(*map(int, row))}
        rows = await self._session.execute(query.add_columns(key).group_by(key).order_by(key))
        return {row[-1]: Spent(*map(int, row[:-1])) for row in rows}

    async def of_generation(self, generation_id: int) -> Spent:
        """What a generation came to."""
        columns = [getattr(Spending, name) for name in ("fresh", "cached", "written", "output")]
        amount = func.coalesce(func.sum(func.coalesce(Spending.spent, Spending.reserved)), 0)
        query = select(func.count(), amount, *(func.coalesce(func.sum(one), 0) for one in columns))
        row = (await self._session.execute(query.where(Spending.generation_id == generation_id))).one()
        return Spent(*map(int, row))
