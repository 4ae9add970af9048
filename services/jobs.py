"""Everything that must happen, happens here: work is stored, done in order within its lane, tried again, or set aside.

A lane (a person's updates, one generation) has a task for as long as it has rows; different lanes run side by side,
each kind up to its own number at once, so one busy lane never takes more than one place.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from services.clock import Clock
from storage import work
from storage.database import Database
from storage.work import NewWork, WorkRow

__all__ = ["Jobs", "Later", "NewWork", "WorkItem"]

MOST_TRIES = 3
BACK_OFF = (0.3, 1.5)  # seconds before the second and the third try
CROWDED = 64  # rows of one lane held in memory; what comes on top waits in the table
HEADS = 64  # lanes taken from the table at a time
LOOK_EVERY = 1.0  # seconds between looks into the table when nothing calls
REMEMBER = timedelta(hours=48)  # Telegram sends an update again for up to 24 h
FLUSH_AFTER = 0.02  # seconds that finished rows wait for company before they are marked

WorkItem = WorkRow
Handler = Callable[[WorkItem], Awaitable[None]]
GaveUp = Callable[[WorkItem, BaseException], Awaitable[None]]
log = logging.getLogger(__name__)


class Later(Exception):
    """Raised by a handler that wants to be called again after `seconds`, without this having been a try."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(slots=True)
class _Kind:
    handler: Handler
    places: asyncio.Semaphore
    gave_up: GaveUp | None
    can_be_cancelled: bool


@dataclass(slots=True)
class _Lane:
    name: str
    rows: deque[WorkItem]
    look: bool  # whether the table may hold more rows of this lane
    task: asyncio.Task[None] | None = None


class Jobs:
    """Built once. `worker` names this process among those that share the database."""

    def __init__(self, database: Database, clock: Clock, *, worker: str) -> None:
        self._database = database
        self._clock = clock
        self._worker = worker
        self._kinds: dict[str, _Kind] = {}
        self._lanes: dict[str, _Lane] = {}
        self._running: dict[str, asyncio.Future[None]] = {}
        self._finished: list[tuple[int, str, str | None]] = []
        self._call = asyncio.Event()
        self._flush_call = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False

    def register(
        self,
        kind: str,
        handler: Handler,
        *,
        at_once: int = 8,
        gave_up: GaveUp | None = None,
        can_be_cancelled: bool = False,
    ) -> None:
        """Say who does work of a kind, how many at once, who is told when a piece is set aside, and whether `cancel`
        interrupts it."""
        self._kinds[kind] = _Kind(handler, asyncio.Semaphore(at_once), gave_up, can_be_cancelled)

    async def start(self) -> None:
        """Take back what a worker before this one left behind, and begin."""
        await self._database.writer.do(work.free_all())
        self._tasks = [
            asyncio.create_task(self._look_around(), name="jobs: look around"),
            asyncio.create_task(self._flush_forever(), name="jobs: flush"),
        ]
        self.wake()

    async def stop(self, grace: float) -> None:
        """Let what is in hand finish for `grace` seconds, interrupt the rest, hand back what was not done."""
        self._stopping = True
        for task in self._tasks:
            task.cancel()
        running = [lane.task for lane in self._lanes.values() if lane.task is not None]
        if running:
            await asyncio.wait(running, timeout=grace)
        for lane in running:
            lane.cancel()
        await asyncio.gather(*running, *self._tasks, return_exceptions=True)
        await self._flush()
        await self._database.writer.do(work.free(self._worker))

    async def put(self, *items: NewWork) -> int:
        """Store work (what is known by its key is left out) and begin with it; returns how many pieces began at once.

        Returns after the commit. Raises StorageError if nothing could be stored."""
        crowded = frozenset(name for name, lane in self._lanes.items() if lane.look or len(lane.rows) >= CROWDED)
        rows = await self._database.writer.do(work.accept(items, self._worker, self._clock.now(), crowded))
        for row in rows:
            self._feed(row)
        begun = {row.key for row in rows}
        for item in items:
            if item.key not in begun and item.lane in self._lanes:
                self._lanes[item.lane].look = True
        if len(rows) < len(items):
            self.wake()
        return len(rows)

    def wake(self) -> None:
        """Say that the table holds new work: called after the commit of a transaction that put some."""
        self._call.set()

    async def cancel(self, key: str) -> bool:
        """Close a piece of work and interrupt it if it is running here; returns whether it was open."""
        was_open = await self._database.writer.do(work.cancel(key, self._clock.now()))
        running = self._running.get(key)
        if running is not None:
            running.cancel()
        return was_open

    @property
    def waiting(self) -> int:
        """How many rows this process holds and has not begun."""
        return sum(len(lane.rows) for lane in self._lanes.values())

    def _feed(self, row: WorkItem, *, look: bool = False) -> None:
        lane = self._lanes.get(row.lane)
        if lane is None:
            lane = self._lanes[row.lane] = _Lane(row.lane, deque(), look)
            lane.task = asyncio.create_task(self._run_lane(lane), name=f"lane {row.lane}")
        lane.rows.append(row)
        lane.look = lane.look or look

    async def _run_lane(self, lane: _Lane) -> None:
        try:
            while not self._stopping:
                if not lane.rows and lane.look:
                    lane.look = False
                    await self._flush()  # our own finished rows would stand before what is to be taken
                    taken = await self._database.writer.do(work.take_lane(self._worker, lane.name, self._clock.now()))
                    lane.rows.extend(taken)
                    lane.look = len(taken) == work.LANE_SLICE
                if not lane.rows:
                    return
                if await self._safely(lane.rows[0]):
                    lane.rows.popleft()
                else:
                    lane.rows.clear()  # handed back with the row that is to come later
                    return
        finally:
            self._lanes.pop(lane.name, None)
            if lane.look or lane.rows:
                self.wake()

    async def _safely(self, item: WorkItem) -> bool:
        """`_do`, again and again while the table itself cannot be written."""
        while True:
            try:
                return await self._do(item)
            except Exception:
                log.exception("the table of work cannot be written; work %s %s waits", item.kind, item.key)
                await self._clock.sleep(LOOK_EVERY)

    async def _do(self, item: WorkItem) -> bool:
        """Do one piece with its tries; returns False if it is to come later, which ends the lane for now."""
        kind = self._kinds.get(item.kind)
        if kind is None:
            self._finished.append((item.id, "aside", f"nobody does work of kind {item.kind}"))
            self._flush_call.set()
            return True
        tries = item.tries
        while True:
            try:
                async with kind.places:
                    await (self._interruptible(kind, item) if kind.can_be_cancelled else kind.handler(item))
            except Later as later:
                due = self._clock.now() + timedelta(seconds=later.seconds)
                await self._database.writer.do(work.later(item.id, item.lane, self._worker, due))
                return False
            except Exception as error:  # noqa: BLE001 - the top of the loop of tries; logged in _failed
                tries = await self._failed(kind, item, error)
                if tries >= MOST_TRIES:
                    return True
                await self._clock.sleep(BACK_OFF[min(tries, len(BACK_OFF)) - 1])
            else:
                self._finish(item, "done", None)
                return True

    async def _interruptible(self, kind: _Kind, item: WorkItem) -> None:
        """Run the handler so that `cancel` ends it and nothing else."""
        running = self._running[item.key] = asyncio.ensure_future(kind.handler(item))
        try:
            await asyncio.wait([running])
        except asyncio.CancelledError:  # we stop: the row is handed back
            running.cancel()
            await asyncio.wait([running])
            raise
        finally:
            del self._running[item.key]
        if not running.cancelled():
            running.result()

    async def _failed(self, kind: _Kind, item: WorkItem, error: Exception) -> int:
        """Count and log a failed try; at the last one set the piece aside and say so."""
        words = f"{type(error).__name__}: {error}"[:500]
        tries = await self._database.writer.do(work.tried(item.id, self._worker, words)) or MOST_TRIES
        log.error("work %s %s failed, try %d of %d", item.kind, item.key, tries, MOST_TRIES, exc_info=error)
        if tries >= MOST_TRIES:
            self._finish(item, "aside", words)
            if kind.gave_up is not None:
                await kind.gave_up(item, error)
        return tries

    def _finish(self, item: WorkItem, state: str, error: str | None) -> None:
        self._finished.append((item.id, state, error))
        self._flush_call.set()

    async def _flush_forever(self) -> None:
        while True:
            await self._flush_call.wait()
            await asyncio.sleep(FLUSH_AFTER)
            self._flush_call.clear()
            try:
                await self._flush()
            except Exception:
                log.exception("finished work could not be marked; trying again")
                self._flush_call.set()

    async def _flush(self) -> None:
        """Mark finished rows, all in one group. Until then a crash means that they are done again."""
        rows, self._finished = self._finished, []
        if not rows:
            return
        try:
            await self._database.writer.do(work.finish(rows, self._worker, self._clock.now()))
        except BaseException:
            self._finished = rows + self._finished
            raise

    async def _look_around(self) -> None:
        """Take work that nobody holds, whenever called and now and then; forget old finished work each hour."""
        purge_at = self._clock.monotonic()
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._call.wait(), LOOK_EVERY)
            self._call.clear()
            try:
                await self._take()
                if self._clock.monotonic() >= purge_at:
                    purge_at += 3600
                    await self._database.writer.do(work.purge(self._clock.now() - REMEMBER))
            except Exception:
                log.exception("looking for work failed; looking again")
                await asyncio.sleep(LOOK_EVERY)

    async def _take(self) -> None:
        rows = await self._database.writer.do(work.take_heads(self._worker, self._clock.now(), HEADS))
        for row in rows:
            self._feed(row, look=True)
        if len(rows) == HEADS:
            self.wake()
