"""What was spent on models, for whoever pays: by time, model and step, against the caps and against the estimates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.clock import Clock
from services.money.caps import Caps
from services.money.purse import bot_budget
from storage.database import Database
from storage.money import MoneyRepository, Spent
from storage.spending import CourseSpent, Estimated, SpendingRepository

DAYS = (1, 7, 30)  # the first is today, since midnight UTC; the others end now
DEAREST = 5


@dataclass(frozen=True, slots=True)
class SpentView:
    """A sum: calls, money in millionths of a US dollar (open reservations at their worst case), tokens by kind."""

    calls: int
    amount: int
    fresh: int
    cached: int
    written: int
    output: int

    @property
    def cached_share(self) -> float | None:
        """How much of the input was read from the providers' caches, 0…1; None without any input."""
        whole = self.fresh + self.cached + self.written
        return self.cached / whole if whole else None


@dataclass(frozen=True, slots=True)
class PeriodView:
    """What was spent in the last `days` days, in all, by model and by step (``plan``, ``body``…)."""

    days: int
    total: SpentView
    by_model: Mapping[str, SpentView]
    by_step: Mapping[str, SpentView]


@dataclass(frozen=True, slots=True)
class EstimatesView:
    """How good estimates were over the ready courses of the last 30 days. `error` is how far they were off on
    average, as a share of what was expected; None without any course."""

    courses: int
    estimated: int
    came_to: int
    error: float | None


@dataclass(frozen=True, slots=True)
class SpendingView:
    """All of it. `open_calls` are not settled, `open_amount` is reserved for them; `today` is what counts against the
    cap of the bot's day; `dearest` are courses of the last 30 days."""

    at: datetime
    caps: Caps
    today: int
    periods: tuple[PeriodView, ...]
    open_calls: int
    open_amount: int
    estimates: EstimatesView
    dearest: tuple[CourseSpent, ...]


@dataclass(frozen=True, slots=True)
class MoneyFigures:
    """The few that are asked for often."""

    today: int
    caps: Caps
    open_calls: int
    open_amount: int
    estimates: EstimatesView


class SpendingReports:
    """Reads only. Who may see it is up to the doors."""

    def __init__(self, *, database: Database, clock: Clock, caps: Caps) -> None:
        self._database = database
        self._clock = clock
        self._caps = caps

    async def report(self) -> SpendingView:
        """Everything as of now."""
        now = self._clock.now()
        month = now - timedelta(days=DAYS[-1])
        figures = await self.figures()
        async with self._database.reading() as session:
            money = MoneyRepository(session)
            periods = [await _period(money, days, now) for days in DAYS]
            dearest = await SpendingRepository(session).dearest(month, DEAREST)
        return SpendingView(
            at=now,
            caps=self._caps,
            today=figures.today,
            periods=tuple(periods),
            open_calls=figures.open_calls,
            open_amount=figures.open_amount,
            estimates=figures.estimates,
            dearest=tuple(dearest),
        )

    async def figures(self) -> MoneyFigures:
        """What is left of the day, what is open, how good the estimates are."""
        now = self._clock.now()
        async with self._database.reading() as session:
            today = await MoneyRepository(session).used(bot_budget(now.date()))
            spending = SpendingRepository(session)
            calls, amount = await spending.open()
            estimates = _estimates(await spending.estimated(now - timedelta(days=DAYS[-1])))
        return MoneyFigures(today, self._caps, calls, amount, estimates)


async def _period(money: MoneyRepository, days: int, now: datetime) -> PeriodView:
    since = now.replace(hour=0, minute=0, second=0, microsecond=0) if days == 1 else now - timedelta(days=days)
    total = (await money.sums(since))[""]
    by_model, by_step = await money.sums(since, by="model"), await money.sums(since, by="step")
    return PeriodView(days, _view(total), _views(by_model), _views(by_step))


def _views(sums: Mapping[str, Spent]) -> dict[str, SpentView]:
    return {name: _view(spent) for name, spent in sorted(sums.items(), key=lambda each: -each[1].amount)}


def _view(spent: Spent) -> SpentView:
    return SpentView(spent.calls, spent.amount, spent.fresh, spent.cached, spent.written, spent.output)


def _estimates(found: Estimated) -> EstimatesView:
    error = found.off / found.estimated if found.estimated else None
    return EstimatesView(found.courses, found.estimated, found.came_to, error)
