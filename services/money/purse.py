"""The house's purse: the worst case of every call is reserved before it and replaced by what it used after it."""

from __future__ import annotations

import logging
from datetime import date, timedelta

from services.authors.model.wire import Ask, Usage
from services.authors.protocol import Payer
from services.clock import Clock
from services.errors import AuthorUnusable, CapHeld
from services.meter import Meter
from services.money.caps import Caps
from services.money.prices import Prices, cost, worst_case
from services.uninterrupted import uninterrupted
from storage.database import Database
from storage.errors import StorageError
from storage.money import MoneyRepository

log = logging.getLogger(__name__)
SWEEP_SECONDS = 3600.0
MOST_AT_ONCE = 100  # forgotten reservations closed in one transaction
KEPT_DAYS = 2  # that budgets stay: a call from before midnight is settled, at the latest, half an hour after it
FORGOTTEN_MINUTES = 30  # longer than any call may take: whoever made the reservation is gone


def bot_budget(day: date) -> str:
    """The name of the budget that all calls of a day (UTC) count in."""
    return f"bot:{day.isoformat()}"


def learner_budget(learner_id: int, day: date) -> str:
    """The name of a learner's budget of a day (UTC)."""
    return f"learner:{learner_id}:{day.isoformat()}"


class HousePurse:
    """Implements `services.authors.model.calling.Purse`. Budgets are rows that are changed by conditional updates, so
    the caps hold over all processes. `meter` counts what this process spends."""

    def __init__(
        self, *, database: Database, clock: Clock, prices: Prices, caps: Caps, meter: Meter | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._meter = meter or Meter()
        self.prices = prices
        self.caps = caps

    @uninterrupted
    async def reserve(self, payer: Payer | None, provider: str, ask: Ask) -> int:
        """See `Purse.reserve`. An unknown price counts as nothing unless there is a cap."""
        now = self._clock.now()
        price = self.prices.at(ask.model, now.date())
        if price is None and self.caps.any:
            raise AuthorUnusable("price_unknown")
        amount = worst_case(ask, price) if price else 0
        budgets = self._budgets(payer)
        async with self._database.transaction() as session:
            money = MoneyRepository(session)
            for name, cap, why in sorted(budgets):
                if not await money.take(name, amount, cap):
                    held = await money.used(name) - await money.open_in(name) + amount <= (cap or 0)
                    raise CapHeld(why) if held else AuthorUnusable(why)
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
            if (row := await money.get(reservation)) is None:
                return
            price = self.prices.at(row.model, row.at.date())
            amount = cost(used, price) if price else 0
            settled = await money.settle(reservation, amount, tokens)
        if settled:
            self._meter.paid(row.model, amount, tokens)

    async def sweep(self) -> int:
        """Close reservations that a killed process left behind, at their worst case; how many there were."""
        before = self._clock.now() - timedelta(minutes=FORGOTTEN_MINUTES)
        async with self._database.transaction() as session:
            money = MoneyRepository(session)
            rows = await money.forgotten(before, MOST_AT_ONCE)
            for row in rows:
                await money.settle(row.id, row.reserved, {})
        if rows:
            log.warning("%d calls to models were never settled; they count at their worst case", len(rows))
        return len(rows)

    async def purge(self) -> int:
        """Delete the budgets of days that nothing counts in any more; how many there were. What was spent stays."""
        before = self._clock.now().date() - timedelta(days=KEPT_DAYS)
        async with self._database.transaction() as session:
            return await MoneyRepository(session).drop_days(before)

    async def sweep_forever(self) -> None:
        """`sweep` and `purge` now and every hour."""
        while True:
            try:
                while await self.sweep() == MOST_AT_ONCE:
                    continue
                await self.purge()
            except StorageError:
                log.exception("open calls and old budgets could not be cleared away; this is tried again in an hour")
            await self._clock.sleep(SWEEP_SECONDS)

    def _budgets(self, payer: Payer | None) -> list[tuple[str, int | None, str]]:
        """Name, cap and the code of its error, for every budget that a call of `payer` counts in."""
        day = self._clock.now().date()
        budgets: list[tuple[str, int | None, str]] = [(bot_budget(day), self.caps.bot_day, "cap_bot")]
        if payer is not None:
            budgets.append((learner_budget(payer.learner_id, day), self.caps.learner_day, "cap_learner"))
            if payer.generation_id is not None:
                budgets.append((f"course:{payer.generation_id}", self.caps.course, "cap_course"))
        return budgets
