"""The house's purse: the worst case of every call is reserved before it and replaced by what it used after it."""

from __future__ import annotations

import logging
from datetime import timedelta

from services.authors.model.wire import Ask, Usage
from services.authors.protocol import Payer
from services.clock import Clock
from services.errors import AuthorUnusable
from services.money.caps import Caps
from services.money.prices import Prices, cost, worst_case
from services.uninterrupted import uninterrupted
from storage.database import Database
from storage.money import MoneyRepository

log = logging.getLogger(__name__)
FORGOTTEN_MINUTES = 30  # longer than any call may take: whoever made the reservation is gone


class HousePurse:
    """Implements `services.authors.model.calling.Purse`. Budgets are rows that are changed by conditional updates, so
    the caps hold over all processes."""

    def __init__(self, *, database: Database, clock: Clock, prices: Prices, caps: Caps) -> None:
        self._database = database
        self._clock = clock
        self._prices = prices
        self.caps = caps

    @uninterrupted
    async def reserve(self, payer: Payer | None, provider: str, ask: Ask) -> int:
        """See `Purse.reserve`. An unknown price counts as nothing unless there is a cap."""
        now = self._clock.now()
        price = self._prices.at(ask.model, now.date())
        if price is None and self.caps.any:
            raise AuthorUnusable("price_unknown")
        amount = worst_case(ask, price) if price else 0
        budgets = self._budgets(payer)
        async with self._database.transaction() as session:
            money = MoneyRepository(session)
            for name, cap, why in sorted(budgets):
                if not await money.take(name, amount, cap):
                    raise AuthorUnusable(why)
            return await money.add(
                {
                    "at": now,
                    "learner_id": payer.learner_id if payer else None,
                    "generation_id": payer.generation_id if payer else None,
                    "provider": provider,
                    "model": ask.model,
                    "step": ask.step,
                    "budgets": " ".join(name for name, _, _ in budgets),
                    "reserved": amount,
                }
            )

    @uninterrupted
    async def settle(self, reservation: int, usage: Usage | None) -> None:
        """See `Purse.settle`."""
        used = usage or Usage()
        tokens = {"fresh": used.fresh, "cached": used.cached, "written": used.written, "output": used.output}
        async with self._database.transaction() as session:
            money = MoneyRepository(session)
            if (row := await money.get(reservation)) is not None:
                price = self._prices.at(row.model, row.at.date())
                await money.settle(reservation, cost(used, price) if price else 0, tokens)

    async def sweep(self) -> int:
        """Close reservations that a killed process left behind, at their worst case; how many there were."""
        before = self._clock.now() - timedelta(minutes=FORGOTTEN_MINUTES)
        async with self._database.transaction() as session:
            money = MoneyRepository(session)
            rows = await money.forgotten(before)
            for row in rows:
                await money.settle(row.id, row.reserved, {})
        if rows:
            log.warning("%d calls to models were never settled; they count at their worst case", len(rows))
        return len(rows)

    def _budgets(self, payer: Payer | None) -> list[tuple[str, int | None, str]]:
        """Name, cap and the code of its error, for every budget that a call of `payer` counts in."""
        day = self._clock.now().date().isoformat()
        budgets: list[tuple[str, int | None, str]] = [(f"bot:{day}", self.caps.bot_day, "cap_bot")]
        if payer is not None:
            budgets.append((f"learner:{payer.learner_id}:{day}", self.caps.learner_day, "cap_learner"))
            if payer.generation_id is not None:
                budgets.append((f"course:{payer.generation_id}", self.caps.course, "cap_course"))
        return budgets
