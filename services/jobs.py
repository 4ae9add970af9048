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
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from services.clock import Clock
from services.ledger import Ledger, words_of
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
LAST_WORDS = 1.0  # seconds that an interrupted handler has for ending
HAND_BACK = 1.5  # seconds for writing at a stop; what is not handed back then is taken back at the next start

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
    """`rows` are owned by this worker, the first is in hand; `gone` are ids among them that were cancelled; `look`
    says that the table may hold more."""

    name: str
    look: bool
    rows: deque[WorkItem] = field(default_factory=deque)
    gone: set[int] = field(default_factory=set)
    task: asyncio.Task[None] | None = None
    running: asyncio.Task[None] | None = None


class Jobs:
    """Built once. `worker` names this process among those that share the database."""

    def __init__(self, database: Database, clock: Clock, *, worker: str) -> None:
        self._database = database
        self._clock = clock
        self._worker = worker
        self._ledger = Ledger(database, clock, worker)
        self._kinds: dict[str, _Kind] = {}
        self._lanes: dict[str, _Lane] = {}
        self._call = asyncio.Event()
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
            asyncio.create_task(self._ledger.flush_forever(), name="jobs: flush"),
        ]
        self.wake()

    async def stop(self, grace: float) -> None:
        """Let what is in hand finish for `grace` seconds, interrupt the rest, hand back what was not done."""
        self._stopping = True
        lanes = [lane.task for lane in self._lanes.values() if lane.task is not None]
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
                await self._database.writer.do(work.free(self._worker))
        except Exception:
            log.exception("work in hand could not be handed back; the next start takes it back")

    async def put(self, *items: NewWork) -> int:
        """Store work (what is known by its key is left out) and begin with it; returns how many pieces began at once.

        Returns after the commit. Raises StorageError if nothing could be stored."""
        # Shielded: whoever is cancelled while waiting here must not leave rows that are ours and in no lane.
        return await asyncio.shield(asyncio.ensure_future(self._put(items)))

    def wake(self) -> None:
        """Say that the table holds new work: called after the commit of a transaction that put some."""
        for lane in self._lanes.values():
            lane.look = True
        self._call.set()

    async def cancel(self, key: str) -> bool:
        """Close a piece of work, interrupt it if it is running here (and its kind can be); returns whether it was open.

        Raises StorageError; then nothing has changed."""
        was_open = await self._database.writer.do(work.cancel(key, self._clock.now()))
        for lane in self._lanes.values():
            for row in lane.rows:
                if row.key == key:
                    lane.gone.add(row.id)
                    if row is lane.rows[0] and lane.running is not None:
                        lane.running.cancel()
        return was_open

    @property
    def waiting(self) -> int:
        """How many rows this process holds and has not done."""
        return sum(len(lane.rows) for lane in self._lanes.values())

    async def _put(self, items: tuple[NewWork, ...]) -> int:
        crowded = frozenset(name for name, lane in self._lanes.items() if lane.look or len(lane.rows) >= CROWDED)
        rows = await self._ledger.along(work.accept(items, self._worker, self._clock.now(), crowded))
        for row in rows:
            self._feed(row)
        begun = {row.key for row in rows}
        for item in items:
            if item.key not in begun and item.lane in self._lanes:
                self._lanes[item.lane].look = True
        if len(rows) < len(items):
            self._call.set()
        return len(rows)

    def _feed(self, row: WorkItem, *, look: bool = False) -> None:
        lane = self._lanes.get(row.lane)
        if lane is None:
            lane = self._lanes[row.lane] = _Lane(row.lane, look)
            lane.task = asyncio.create_task(self._run_lane(lane), name=f"lane {row.lane}")
        lane.rows.append(row)
        lane.look = lane.look or look

    async def _run_lane(self, lane: _Lane) -> None:
        try:
            while not self._stopping and await self._has_rows(lane):
                if not await self._do(lane, lane.rows[0]):
                    lane.rows.clear()  # handed back with the row that is to come later
                    return
                lane.gone.discard(lane.rows.popleft().id)
        finally:
            del self._lanes[lane.name]
            if lane.look:
                self._call.set()

    async def _has_rows(self, lane: _Lane) -> bool:
        """Whether there is something to do in a lane; looks into the table if that may hold more."""
        while not lane.rows and lane.look:
            lane.look = False
            taken = await self._ledger.insist(partial(work.take_lane, self._worker, lane.name, self._clock.now()))
            lane.rows.extend(taken)
            lane.look = lane.look or len(taken) == work.LANE_SLICE
        return bool(lane.rows)

    async def _do(self, lane: _Lane, item: WorkItem) -> bool:
        """Do one piece with its tries; returns False if it is to come later, which ends the lane for now."""
        kind = self._kinds.get(item.kind)
        if kind is None:
            self._ledger.finish(item, "aside", f"nobody does work of kind {item.kind}")
            return True
        tries, error = item.tries, None
        while tries < MOST_TRIES:
            try:
                await self._try(kind, lane, replace(item, tries=tries))
            except Later as later:
                due = self._clock.now() + timedelta(seconds=later.seconds)
                await self._ledger.insist(partial(work.later, item.id, item.lane, self._worker, due))
                return False
            except (Exception, asyncio.CancelledError) as failure:
                if isinstance(failure, asyncio.CancelledError) and _is_stopping():
                    raise
                error = failure
            else:
                self._ledger.finish(item, "done")
                return True
            tries = await self._count(item, error)
            if tries == 0:
                return True  # cancelled meanwhile
            if tries < MOST_TRIES:
                await self._clock.sleep(BACK_OFF[tries - 1])
        await self._give_up(kind, item, error)
        return True

    async def _try(self, kind: _Kind, lane: _Lane, item: WorkItem) -> None:
        async with kind.places:
            if item.id in lane.gone:
                return
            if not kind.can_be_cancelled:
                await kind.handler(item)
                return
            running = lane.running = asyncio.create_task(_call(kind.handler, item))
            try:
                await asyncio.wait([running])
            except asyncio.CancelledError:  # we stop: the row is handed back
                running.cancel()
                await asyncio.wait([running], timeout=LAST_WORDS)
                raise
            finally:
                lane.running = None
            if not (running.cancelled() and item.id in lane.gone):
                running.result()

    async def _count(self, item: WorkItem, error: BaseException) -> int:
        """Count and log a failed try; returns how many there were, 0 if the row is not ours any more."""
        tries = await self._ledger.insist(partial(work.tried, item.id, self._worker, words_of(error)))
        log.error("work %s %s failed, try %d of %d", item.kind, item.key, tries, MOST_TRIES, exc_info=error)
        return tries

    async def _give_up(self, kind: _Kind, item: WorkItem, error: BaseException | None) -> None:
        """Tell who is to be told, then set the piece aside: in this order, so that a crash between tells again. Without
        an `error` all tries were before a restart."""
        reason = error or RuntimeError("it failed before a restart")
        for pause in (*BACK_OFF, 0.0):
            try:
                if kind.gave_up is not None:
                    await kind.gave_up(item, reason)
                break
            except Exception:
                log.exception("nor could anybody be told that work %s %s was given up", item.kind, item.key)
                await self._clock.sleep(pause)
        self._ledger.finish(item, "aside", words_of(error) if error else None)

    async def _look_around(self) -> None:
        """Take work that nobody holds, whenever called and now and then; forget old finished work each hour."""
        purge_at = self._clock.monotonic()
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._call.wait(), LOOK_EVERY)
            self._call.clear()
            if self._stopping:
                return
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
            self._call.set()


async def _call(handler: Handler, item: WorkItem) -> None:
    await handler(item)


def _is_stopping() -> bool:
    """Whether it is the lane that was cancelled, and not just something that its handler waited for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
