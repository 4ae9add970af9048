"""What can be measured from outside: what this process counted, and figures from the database."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from services.clock import Clock
from services.health import HealthService
from services.meter import Meter
from services.money.reports import MoneyFigures, SpendingReports
from services.views import WorkloadView
from storage.admin import AdminRepository
from storage.database import Database

FRESH_SECONDS = 5.0
LIMIT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Figures:
    """What the database says: generations by state, the table of work, and money."""

    generations: Mapping[str, int]
    workload: WorkloadView
    money: MoneyFigures


class MetricsService:
    """The meter, and figures that are asked for at most every five seconds, however many ask."""

    def __init__(
        self, *, meter: Meter, database: Database, clock: Clock, health: HealthService, spending: SpendingReports
    ) -> None:
        self.meter = meter
        self.clock = clock
        self._database = database
        self._health = health
        self._spending = spending
        self._turn = asyncio.Lock()
        self._last: tuple[float, Figures | None] | None = None

    async def figures(self) -> Figures | None:
        """The figures; None while the database does not give them."""
        async with self._turn:
            if self._last is None or self.clock.monotonic() - self._last[0] >= FRESH_SECONDS:
                (found,) = await asyncio.gather(self._read(), return_exceptions=True)
                self._last = (self.clock.monotonic(), found if isinstance(found, Figures) else None)
            return self._last[1]

    async def _read(self) -> Figures:
        async with asyncio.timeout(LIMIT_SECONDS):
            async with self._database.reading() as session:
                generations = await AdminRepository(session).generations()
            return Figures(generations, await self._health.workload(), await self._spending.figures())
