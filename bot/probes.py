"""What the health check asks of the world outside: Telegram, the author of courses, the mail server, and Redis."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Literal

from handlers.chat.hooked import Arrival
from handlers.chat.polling import OTHER_WORKER
from services.authors.protocol import Author
from services.clock import Clock
from services.health import SLOW_MS, Probe
from services.heart import Heart
from services.mail_wire import MailWire
from services.views import ProbeView

if TYPE_CHECKING:
    from storage.redis_link import RedisLink


class Probes:
    """Built before what it asks about; `arrival` is set once that is there. `wire` is the line to the mail server,
    `link` that to Redis, `heart` knows the other workers."""

    def __init__(
        self,
        author: Author,
        clock: Clock,
        wire: MailWire | None = None,
        link: RedisLink | None = None,
        heart: Heart | None = None,
    ) -> None:
        self._author = author
        self._clock = clock
        self.wire = wire
        self._link = link
        self._heart = heart
        self.arrival: Arrival | None = None

    def all(self) -> dict[str, Probe]:
        """Name → probe, for the health service."""
        return {
            "telegram": self.telegram,
            "author": self.author,
            "cache": self.cache,
            "mail": self.mail,
        } | self._company()

    def _company(self) -> dict[str, Probe]:
        return {} if self._heart is None or self._heart.alone else {"workers": self.workers}

    async def workers(self) -> ProbeView:
        """Who works on this database, and who of them does what only one may do."""
        if self._heart is None:
            return ProbeView("workers", "off", 0.0)
        begun = self._clock.monotonic()
        roll = await self._heart.roll()
        took = round((self._clock.monotonic() - begun) * 1000, 1)
        told = [f"{label} ({', '.join(leases)})" if leases else label for label, leases in roll.items()]
        return ProbeView("workers", "ok", took, None, f"{len(told)} alive: {', '.join(told)}")

    async def telegram(self) -> ProbeView:
        """Telegram is asked all the time by the poll: what counts is when it last answered. Who stands by for another
        worker is well."""
        arrival = self.arrival
        if arrival is not None and arrival.standing_by is not None:
            state: Literal["ok", "failed"] = "ok" if arrival.standing_by == OTHER_WORKER else "failed"
            loses = None if state == "ok" else "chat"
            return ProbeView("telegram", state, 0.0, loses, f"standing by: {arrival.standing_by}")
        if arrival is None or arrival.last_seen is None:
            return ProbeView("telegram", "failed", 0.0, "chat", "has not answered yet")
        silent = self._clock.monotonic() - arrival.last_seen
        if silent > arrival.silent_after:
            return ProbeView("telegram", "failed", 0.0, "chat", f"silent for {silent:.0f} s")
        if arrival.trouble is not None:
            return ProbeView("telegram", "failed", 0.0, "chat", f"cannot post updates to us: {arrival.trouble}")
        return ProbeView("telegram", "ok", 0.0, None, f"answered {silent:.0f} s ago")

    async def author(self) -> ProbeView:
        """Ask a model author whether it is there; the offline author is always."""
        begun = self._clock.monotonic()
        ping = getattr(self._author, "ping", None)
        if ping is None:
            return ProbeView("author", "ok", 0.0, None, self._author.name)
        await ping()
        return ProbeView("author", "ok", round((self._clock.monotonic() - begun) * 1000, 1), None, self._author.name)

    async def mail(self) -> ProbeView:
        """Say hello to the mail server, if there is one."""
        if self.wire is None:
            return ProbeView("mail", "off", 0.0)
        return await self._timed("mail", self.wire.greet)

    async def cache(self) -> ProbeView:
        """Ask Redis, where there is one. Without it what it holds is worked out anew, and each process counts alone."""
        if self._link is None:
            return ProbeView("cache", "off", 0.0, detail="memory")
        return await self._timed("cache", self._link.ping)

    async def _timed(self, name: str, ask: Callable[[], Awaitable[None]]) -> ProbeView:
        begun = self._clock.monotonic()
        await ask()
        took = round((self._clock.monotonic() - begun) * 1000, 1)
        return ProbeView(name, "ok" if took < SLOW_MS else "slow", took, None if took < SLOW_MS else name)
