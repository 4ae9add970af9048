"""Everything that must happen, happens here: work is stored, done in order within its lane, tried again, or set aside.

A lane (a person's updates, one generation) has a task for as long as it has rows; different lanes run side by side,
each kind up to its own number at once, so one busy lane never takes more than one place. Several workers share one
table: see `services.heart` for who lives, `storage.work` for who holds what.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from contextlib import suppress
from datetime import timedelta
from typing import Protocol

from services.clock import Clock
from services.heart import Heart
from services.lanes import LAST_WORDS, GaveUp, Handler, Kind, Lanes, Later, WorkItem
from services.ledger import Ledger
from services.turns import FairTurns
from storage import work
from storage.accepting import accept
from storage.database import Database
from storage.work import NewWork

__all__ = ["Handler", "Jobs", "Later", "NewWork", "WorkItem"]

CROWDED = 64  # rows of one lane held in memory; what comes on top waits in the table
HEADS = 64  # lanes taken from the table at a time
LOOK_EVERY = 1.0  # seconds between looks into the table when nothing calls
REST = 3.0  # times as long as a look took, until the next one at the soonest
REMEMBER = timedelta(hours=48)  # Telegram sends an update again for up to 24 h
HAND_BACK = 1.5  # seconds for writing at a stop; what is not handed back then is taken over when our beat stops

log = logging.getLogger(__name__)


class Waker(Protocol):
    """Wakes the other workers. Only a help: without it they look by themselves, once a second."""

    def ring(self) -> None:
        """Say to all workers, ours too, that the table has changed. Returns at once, and never fails."""
        ...


class Silence:
    """A waker for one who is alone."""

    def ring(self) -> None:
        """Nobody is there to hear it."""


class Jobs:
    """Built once. `worker` names this process among those that share the database."""

    def __init__(self, database: Database, clock: Clock, *, worker: str, waker: Waker | None = None) -> None:
        self._database = database
        self._clock = clock
        self.heart = Heart(database, clock, name=worker, label=f"{socket.gethostname()}:{os.getpid()}")
        self._waker = waker or Silence()
        self._ledger = Ledger(database, clock, self.heart)
        self._lanes = Lanes(clock, self._ledger, self.heart)
        self._tasks: list[asyncio.Task[None]] = []

    def register(
        self,
        kind: str,
        handler: Handler,
        *,
        at_once: int = 8,
        gave_up: GaveUp | None = None,
        can_be_cancelled: bool = False,
        lasting: bool = False,
    ) -> None:
        """Say who does work of a kind, how many at once, who is told when a piece is set aside, whether `cancel`
        interrupts it, and whether a piece of it lasts for minutes, so that many workers may die with it in hand."""
        self._lanes.kinds[kind] = Kind(handler, FairTurns(at_once), gave_up, can_be_cancelled, lasting)

    async def start(self) -> None:
        """Count among the living, and begin."""
        await self.heart.join()
        self._tasks = [
            asyncio.create_task(self._look_around(), name=f"jobs: look around of {self.heart.name}"),
            asyncio.create_task(self._ledger.flush_forever(), name=f"jobs: flush of {self.heart.name}"),
        ]
        if not self.heart.alone:
            self._tasks.append(
                asyncio.create_task(self.heart.run(self._lost), name=f"jobs: heart of {self.heart.name}")
            )
        self.wake()

    async def stop(self, grace: float) -> None:
        """Let what is in hand finish for `grace` seconds, interrupt the rest, hand back what was not done."""
        self._lanes.stopping = True
        lanes = [lane.task for lane in self._lanes.open.values() if lane.task is not None]
        if lanes:
            await asyncio.wait(lanes, timeout=grace)
        ending = [*lanes, *self._tasks]
        for task in ending:
            task.cancel()
        if ending:
            await asyncio.wait(ending, timeout=LAST_WORDS + 0.5)
        try:
            async with asyncio.timeout(HAND_BACK):
                await self._ledger.flush()
                await self.heart.leave()
            self._waker.ring()
        except Exception:
            log.exception("work in hand could not be handed back; it is taken over when our beat stops")

    async def put(self, *items: NewWork) -> int:
        """Store work (what is known by its key is left out) and begin with it; returns how many pieces began at once.

        Returns after the commit. Raises StorageError if nothing could be stored."""
        # Shielded: whoever is cancelled while waiting here must not leave rows that are ours and in no lane.
        return await asyncio.shield(asyncio.ensure_future(self._put(items)))

    async def put_aside(self, item: NewWork, error: str) -> None:
        """Store what nobody can do, set aside from the start. Raises StorageError if it could not be stored."""
        await self._database.writer.do(work.put_aside(item, error, self._clock.now()))

    def wake(self) -> None:
        """Say that the table holds new work: called after the commit of a transaction that put some."""
        self.look()
        self._waker.ring()

    def storing_first(self) -> None:
        """Say that much more waits to be put: for a moment storing it comes before doing it."""
        self._lanes.hold()

    def look(self) -> None:
        """Look into the table now: somebody has said that it holds new work."""
        for lane in self._lanes.open.values():
            lane.look = True
        self._lanes.call.set()

    async def cancel(self, key: str) -> bool:
        """Close a piece of work, interrupt it wherever it is running (if its kind can be); returns whether it was open.

        Raises StorageError; then nothing has changed."""
        was_open = await self._database.writer.do(work.cancel(key, self._clock.now()))
        self._lanes.interrupt(lambda row: row.key == key)
        self._waker.ring()
        return was_open

    @property
    def waiting(self) -> int:
        """How many rows this process holds and has not done."""
        return sum(len(lane.rows) for lane in self._lanes.open.values())

    async def _put(self, items: tuple[NewWork, ...]) -> int:
        lanes = self._lanes.open
        crowded = frozenset(name for name, lane in lanes.items() if lane.look or len(lane.rows) >= CROWDED)
        name = self.heart.name
        job = accept(items, name, self._clock.now(), crowded)
        rows = await self._ledger.along(job, {item.lane for item in items}, first=True)
        if name != self.heart.name:
            return 0  # given up for dead meanwhile: they are free for everybody
        for row in rows:
            self._lanes.feed(row)
        begun = {row.key for row in rows}
        left = {item.lane for item in items if item.key not in begun}
        for lane in left & lanes.keys():
            lanes[lane].look = True  # it looks by itself before it is let go of
        if left - lanes.keys():
            self._lanes.call.set()
        return len(rows)

    async def _lost(self) -> None:
        """Others do our work now: end what is in hand, and forget what became of it."""
        await self._lanes.drop()
        self._ledger.forget()

    async def _look_around(self) -> None:
        """Take work that nobody holds, whenever called and now and then; forget old finished work each hour."""
        purge_at = self._clock.monotonic()
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self._lanes.call.wait()
            self._lanes.call.clear()
            if self._lanes.stopping:
                return
            begun = asyncio.get_running_loop().time()
            try:
                all_taken = await self._take()
                await self._hear_of_cancelling()
                if self._clock.monotonic() >= purge_at:
                    purge_at += 3600
                    await self._database.writer.do(work.purge(self._clock.now() - REMEMBER))
            except Exception:
                log.exception("looking for work failed; looking again")
                await asyncio.sleep(LOOK_EVERY)
            else:
                if all_taken:  # where thousands of rows wait behind others, looking takes time
                    took = asyncio.get_running_loop().time() - begun
                    await asyncio.sleep(min(LOOK_EVERY, REST * took))

    @property
    def _scarce(self) -> str:
        """The kind of which no more is taken than can begin, so that other workers take the rest; there is one at most
        of which so few can be done at once, for minutes. Empty for who is alone."""
        lasting = (name for name, kind in self._lanes.kinds.items() if kind.lasting and kind.places.all < HEADS)
        return "" if self.heart.alone else next(lasting, "")

    async def _take(self) -> bool:
        """Whether that was all there is to take."""
        name, scarce = self.heart.name, self._scarce
        room = self._lanes.room(scarce) if scarce else 0
        rows = await self._ledger.along(work.take_heads(name, self._clock.now(), HEADS, scarce=scarce, room=room))
        if name != self.heart.name:
            return True
        for row in rows:
            self._lanes.feed(row, look=True)
        if len(rows) >= HEADS:
            self._lanes.call.set()
        return len(rows) < HEADS

    async def _hear_of_cancelling(self) -> None:
        """Another worker may have closed what is running here."""
        running = [lane.rows[0].id for lane in self._lanes.open.values() if lane.running is not None and lane.rows]
        if running and not self.heart.alone:
            held = await self._database.writer.do(work.held(running, self.heart.name))
            self._lanes.interrupt(lambda row: row.id in running and row.id not in held)
