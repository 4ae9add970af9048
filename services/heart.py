"""This worker among those that share the database: it counts its beat, watches the others', and knows when it was given
up for dead.

Leases hang on no clock of any machine. A beat that another worker has seen stand still for `DEAD_AFTER` seconds, by
its own monotonic clock, counts as stopped: the row of its worker is deleted, and with it goes the right to write (the
fence, `storage.fence`). On SQLite one process has the file to itself, so nobody beats there.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping

from services.clock import Clock
from storage import workers
from storage.database import Database
from storage.errors import StorageError

BEAT_EVERY = 2.0  # seconds
DEAD_AFTER = 8.0  # seconds without a beat; with the looking in between, others take over within about eleven
LONGEST_GAP = (
    2 * BEAT_EVERY
)  # what a pause between two looks counts at most: we may have slept, or the database been away
log = logging.getLogger(__name__)


class Watch:
    """How long the beats of others have stood still, as far as this worker has seen."""

    def __init__(self) -> None:
        self._at: float | None = None
        self._seen: dict[str, tuple[int, float]] = {}

    def look(self, beats: Mapping[str, int], at: float) -> list[tuple[str, int]]:
        """Take note of all beats at a time of the monotonic clock; returns those that stand still for too long."""
        gap = 0.0 if self._at is None else min(at - self._at, LONGEST_GAP)
        self._at = at
        before, self._seen = self._seen, {}
        for name, beat in beats.items():
            known, still = before.get(name, (beat, -gap))
            self._seen[name] = (beat, still + gap if known == beat else 0.0)
        return [(name, beat) for name, (beat, still) in self._seen.items() if still >= DEAD_AFTER]


class Heart:
    """Start with `join`, then `run`. `name` is who this worker is now; it changes when it was given up for dead."""

    def __init__(self, database: Database, clock: Clock, *, name: str, label: str) -> None:
        self.name = name
        self._database = database
        self._clock = clock
        self._label = label
        self._first_name = name
        self._lives = 1
        self._watch = Watch()
        self._sure_until = 0.0
        self.alone = database.dialect == "sqlite"
        self.living = 1  # workers that count as living, this one among them, at the last look

    async def join(self) -> None:
        """Count among the living. A worker that is alone with its database takes back what was left behind at once."""
        if self.alone:
            await self._database.writer.do(workers.bury_all())
        self._database.fence.name = None
        await self._database.writer.do(workers.join(self.name, self._label, self._clock.now()))
        self._database.fence.name = self.name
        self._sure_until = self._clock.monotonic() + DEAD_AFTER / 2

    async def leave(self) -> None:
        """Hand back what is held and go; nobody has to wait for our beat to stop."""
        await self._database.writer.do(workers.leave(self.name))
        self._database.fence.name = None

    async def certain(self) -> None:
        """Return at once if the others cannot have given us up since our last beat, else beat first.

        For what no fence in the database can stop: call it before something is sent. Raises StorageError
        (``fenced``). Who has not joined yet does no work, and is not asked."""
        joined = not self.alone and self._database.fence.name is not None
        if joined and self._clock.monotonic() > self._sure_until:
            await self._beat()

    async def hold(self, lease: str) -> bool:
        """Take a lease or keep it; False while another worker has it."""
        return await self._database.writer.do(workers.hold(lease, self.name))

    async def roll(self) -> dict[str, list[str]]:
        """Everybody who lives, the oldest first: host and process, and what each holds a lease of."""
        found: dict[str, list[str]] = {}
        for label, lease in await self._database.writer.do(workers.roll()):
            found.setdefault(label, []).extend([lease] if lease is not None else [])
        return found

    async def run(self, lost: Callable[[], Awaitable[None]]) -> None:
        """Beat and watch until cancelled. When this worker was given up, `lost` must end everything that it had in
        hand; then it joins again under another name."""
        while True:
            try:
                await self._beat()
                await self._look()
            except Exception as error:
                if isinstance(error, StorageError) and error.why == "fenced":
                    await self._again(lost)
                else:
                    log.exception("the database did not take our beat; trying again")
            await self._clock.sleep(BEAT_EVERY)

    async def _beat(self) -> None:
        asked = self._clock.monotonic()
        if not await self._database.writer.do(workers.beat(self.name, self._clock.now())):
            raise self._database.fence.closed()
        # From when we asked: what the others see is no older than that.
        self._sure_until = asked + DEAD_AFTER / 2

    async def _look(self) -> None:
        beats = await self._database.writer.do(workers.beats())
        self.living = max(1, len(beats))
        beats.pop(self.name, None)
        for name, beat in self._watch.look(beats, self._clock.monotonic()):
            if await self._database.writer.do(workers.bury(name, beat)):
                log.warning("worker %s does not answer any more; its work is free for others", name)
        if freed := await self._database.writer.do(workers.bury_orphans()):
            log.warning("work of %d workers that nobody knows is free for others", freed)

    async def _again(self, lost: Callable[[], Awaitable[None]]) -> None:
        log.error("this worker was given up for dead: it drops what it had in hand and begins again")
        await lost()
        self._lives += 1
        self.name = f"{self._first_name}.{self._lives}"
        await self.join()
