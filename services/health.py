"""Health: every dependency really asked, each with a limit of time, one check at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Literal

from services.clock import Clock
from services.views import HealthView, ProbeView, WorkloadView
from storage.database import Database
from storage.probe import probe
from storage.work import Workload, WorkRepository

log = logging.getLogger(__name__)
Probe = Callable[[], Awaitable[ProbeView]]
LIMIT_SECONDS = 2.0
SLOW_MS = 1_000.0
FRESH_SECONDS = 2.0
STALE_SECONDS = 10.0  # older than that, an answer is waited for
STUCK_SECONDS = 300.0  # work that waits longer than this has nobody who does it


class HealthService:
    """Asks the database, the table of work, and the injected `probes` (name → probe).

    Unhealthy without the database (or another name in `essential`), degraded without anything else."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        version: str,
        environment: str,
        probes: Mapping[str, Probe],
        essential: frozenset[str] = frozenset({"database"}),
        limit_seconds: float = LIMIT_SECONDS,
    ) -> None:
        self._database = database
        self._clock = clock
        self._version = version
        self._environment = environment
        self._probes: dict[str, Probe] = {"database": self._ask_database, "work": self._ask_work, **probes}
        self._essential = essential
        self._limit = limit_seconds
        self._turn = asyncio.Lock()
        self._last: tuple[float, HealthView] | None = None
        self._asking: dict[str, asyncio.Future[ProbeView]] = {}
        self._renewing: asyncio.Task[None] | None = None

    async def check(self) -> HealthView:
        """The state of everything, at most two seconds old; however many ask, one check at a time."""
        async with self._turn:
            if self._last is not None and self._age_of_last() < FRESH_SECONDS:
                return self._last[1]
            found = await asyncio.gather(*(self._ask(name, ask) for name, ask in self._probes.items()))
            view = HealthView(
                status=self._status(found),
                at=self._clock.now(),
                version=self._version,
                environment=self._environment,
                probes=tuple(found),
            )
            self._last = (self._clock.monotonic(), view)
            return view

    async def glance(self) -> HealthView:
        """As `check`, but nobody waits who can be given the answer before: at most `STALE_SECONDS` old, while a new
        check runs. For doors where anybody may ask, under any load."""
        if self._last is None or self._age_of_last() >= STALE_SECONDS:
            return await self.check()
        if self._age_of_last() >= FRESH_SECONDS and (self._renewing is None or self._renewing.done()):
            self._renewing = asyncio.create_task(self._renew(), name="health")
        return self._last[1]

    async def _renew(self) -> None:
        try:
            await self.check()
        except Exception:
            log.exception("health could not be checked")

    def _age_of_last(self) -> float:
        return float("inf") if self._last is None else self._clock.monotonic() - self._last[0]

    async def workload(self) -> WorkloadView:
        """The table of work in figures."""
        load = await self._load()
        return WorkloadView(open=load.open, aside=load.aside, oldest_seconds=self._age(load))

    async def _ask(self, name: str, ask: Probe) -> ProbeView:
        begun = self._clock.monotonic()
        asking = self._asking.get(name)
        if asking is None:
            asking = self._asking[name] = asyncio.ensure_future(ask())
            asking.add_done_callback(lambda done: self._answered(name, done))
        await asyncio.wait([asking], timeout=self._limit)
        took = round((self._clock.monotonic() - begun) * 1000, 1)
        if not asking.done() or asking.cancelled():
            asking.cancel()  # and not waited for: what hangs may take its time; it is asked nothing else until then
            return ProbeView(name, "failed", took, loses=name, detail=f"no answer within {self._limit:g} s")
        error = asking.exception()
        if error is not None:  # a probe that fails in whatever way is an answer, too
            return ProbeView(name, "failed", took, loses=name, detail=f"{type(error).__name__}: {error}"[:200])
        return asking.result()

    def _answered(self, name: str, asking: asyncio.Future[ProbeView]) -> None:
        del self._asking[name]
        if not asking.cancelled():
            asking.exception()  # seen, even if nobody waits for it any more

    def _status(self, probes: list[ProbeView]) -> Literal["healthy", "degraded", "unhealthy"]:
        if any(one.state == "failed" and one.name in self._essential for one in probes):
            return "unhealthy"
        return "degraded" if any(one.state in {"failed", "slow"} for one in probes) else "healthy"

    async def _ask_database(self) -> ProbeView:
        begun = self._clock.monotonic()
        await probe(self._database)
        took = round((self._clock.monotonic() - begun) * 1000, 1)
        return ProbeView("database", "ok" if took < SLOW_MS else "slow", took, detail=self._database.dialect)

    async def _ask_work(self) -> ProbeView:
        begun = self._clock.monotonic()
        load = await self._load()
        took = round((self._clock.monotonic() - begun) * 1000, 1)
        age = self._age(load)
        stuck = age > STUCK_SECONDS
        detail = f"{sum(load.open.values())} open, {load.aside} set aside, oldest {age:.0f} s"
        return ProbeView("work", "slow" if stuck else "ok", took, loses="work" if stuck else None, detail=detail)

    async def _load(self) -> Workload:
        async with self._database.reading() as session:
            return await WorkRepository(session).workload(self._clock.now())

    def _age(self, load: Workload) -> float:
        return 0.0 if load.oldest is None else max(0.0, (self._clock.now() - load.oldest).total_seconds())
