"""Lanes of work in this process: each has a task for as long as it has rows, and does them in order."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from services.clock import Clock
from services.heart import Heart
from services.ledger import AGAIN, Ledger, words_of
from services.suspects import Suspects
from services.turns import Claim, FairTurns, Lately, claiming
from storage import work
from storage.errors import StorageError
from storage.work import WorkRow
from storage.workers import SUSPECT

MOST_TRIES = 3
MOST_CRASHES = 8  # workers that may die with the same piece in hand before it is the piece that is to blame
LASTING_CRASHES = 20  # the same for a piece that takes minutes: it is in hand at many a death, and seldom to blame
BACK_OFF = (0.3, 1.5)  # seconds before the second and the third try
AWAY = frozenset({"unreachable", "locked", "full", "read_only"})  # what ails the database is no try of the work's
HOLD_FOR, HOLD_MOST, HOLD_AGAIN = 0.25, 5.0, 1.0  # seconds: see `Lanes.hold`
LAST_WORDS = 1.0  # seconds that an interrupted handler has for ending

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
class Kind:
    """Who does work of a kind, how many at once, who is told when a piece is set aside; can it be interrupted, does it
    last for minutes?

    Whose workers died repeatedly is done one at a time, of what can be done in a moment, and marked before the next
    begins (see `services.suspects`). What lasts goes on side by side all the same, or one course would wait for another
    to be made."""

    handler: Handler
    places: FairTurns
    gave_up: GaveUp | None
    can_be_cancelled: bool
    lasting: bool
    suspects: Suspects = field(default_factory=Suspects)

    @property
    def most_crashes(self) -> int:
        """How many workers may die with a piece in hand before it is set aside."""
        return LASTING_CRASHES if self.lasting else MOST_CRASHES


@dataclass(slots=True)
class Lane:
    """`rows` are owned by this worker, the first is in hand; `gone` are ids among them that were cancelled; `look`
    says that the table may hold more. `had` pieces were done lately."""

    name: str
    look: bool
    rows: deque[WorkItem] = field(default_factory=deque)
    gone: set[int] = field(default_factory=set)
    had: int = 0
    task: asyncio.Task[None] | None = None
    running: asyncio.Task[None] | None = None


class Lanes:
    """All lanes that have rows here. `call` is set when the table may hold rows that no lane here knows of."""

    def __init__(self, clock: Clock, ledger: Ledger, heart: Heart) -> None:
        self._clock = clock
        self._ledger = ledger
        self._heart = heart
        self.kinds: dict[str, Kind] = {}
        self.open: dict[str, Lane] = {}
        self.call = asyncio.Event()
        self.stopping = False
        self._lately = Lately()
        self._held_since = self._held_until = float("-inf")  # on the monotonic clock

    def hold(self) -> None:
        """Much waits outside to be stored: nothing new begins for a moment, for a few seconds at a stretch at most, so
        that whoever is far behind in that queue soon stands in a lane of their own."""
        now = self._clock.monotonic()
        if now - self._held_until > HOLD_AGAIN:
            self._held_since = now
        if now - self._held_since < HOLD_MOST:
            self._held_until = now + HOLD_FOR

    def feed(self, row: WorkItem, *, look: bool = False) -> None:
        """Give a row that is ours to its lane; `look`: the table may hold more of that lane."""
        lane = self.open.get(row.lane)
        if lane is None:
            had = self._lately.recall(row.lane, self._clock.monotonic())
            lane = self.open[row.lane] = Lane(row.lane, look, had=had)
            lane.task = asyncio.create_task(self._run(lane), name=f"lane {row.lane} of {self._heart.name}")
        lane.rows.append(row)
        lane.look = lane.look or look

    def interrupt(self, gone: Callable[[WorkItem], bool]) -> None:
        """Rows that were closed by somebody are not begun any more, and ended if they are running."""
        for lane in self.open.values():
            for row in lane.rows:
                if row.id not in lane.gone and gone(row):
                    lane.gone.add(row.id)
                    if row is lane.rows[0] and lane.running is not None:
                        lane.running.cancel()

    def room(self, kind: str) -> int:
        """How many more pieces of a kind could begin at once."""
        held = sum(bool(lane.rows) and lane.rows[0].kind == kind for lane in self.open.values())
        return max(0, self.kinds[kind].places.all - held)

    async def drop(self) -> None:
        """End everything in hand at once, whatever it is doing: none of it is ours any more."""
        tasks = [lane.task for lane in self.open.values() if lane.task is not None]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        self.open.clear()

    async def _run(self, lane: Lane) -> None:
        try:
            while not self.stopping and await self._has_rows(lane):
                if not await self._do(lane, lane.rows[0]):
                    lane.rows.clear()  # handed back with the row that is to come later
                    return
                lane.gone.discard(lane.rows.popleft().id)
                lane.had += 1
                # Others may have put into the lane what they left to us, because we held it.
                lane.look = lane.look or not (lane.rows or self._heart.alone)
        finally:
            self.open.pop(lane.name, None)
            self._lately.note(lane.name, lane.had, self._clock.monotonic())
            if lane.look:
                self.call.set()

    async def _has_rows(self, lane: Lane) -> bool:
        """Whether there is something to do in a lane; looks into the table if that may hold more."""
        while not lane.rows and lane.look:
            lane.look = False
            take = partial(work.take_lane, self._heart.name, lane.name, self._clock.now())
            taken = await self._ledger.insist(take, [lane.name])
            lane.rows.extend(taken)
            lane.look = lane.look or len(taken) == work.LANE_SLICE
        return bool(lane.rows)

    async def _do(self, lane: Lane, item: WorkItem) -> bool:
        """Do one piece with its tries; returns False if it is to come later, which ends the lane for now."""
        kind = self.kinds.get(item.kind)
        if kind is None:
            self._ledger.finish(item, "aside", f"nobody does work of kind {item.kind}")
            return True
        if item.crashes >= kind.most_crashes:
            await self._give_up(kind, item, RuntimeError(f"{item.crashes} workers died with it in hand"))
            return True
        if item.crashes < SUSPECT:
            with kind.suspects.beside():
                return await self._do_with_tries(kind, lane, item)
        async with nullcontext() if kind.lasting else kind.suspects.turn(item.crashes, item.id):
            await self._ledger.insist(partial(work.suspected, item.id, self._heart.name))
            done = await self._do_with_tries(kind, lane, item)
            await self._ledger.insist_flush()
            return done

    async def _do_with_tries(self, kind: Kind, lane: Lane, item: WorkItem) -> bool:
        tries, error = item.tries, None
        while tries < MOST_TRIES:
            try:
                with claiming(Claim(lane.had, item.id)):
                    await self._try(kind, lane, replace(item, tries=tries))
            except Later as later:
                now = self._clock.now()
                due = now + timedelta(seconds=later.seconds)
                await self._ledger.insist(partial(work.later, item.id, item.lane, self._heart.name, due, now))
                return False
            except (Exception, asyncio.CancelledError) as failure:
                if isinstance(failure, asyncio.CancelledError) and _is_stopping():
                    raise
                error = failure
            else:
                self._ledger.finish(item, "done")
                return True
            if isinstance(error, StorageError) and error.why in AWAY:
                log.warning("work %s %s waits for the database: %s", item.kind, item.key, error)
                await self._clock.sleep(AGAIN)
                continue
            tries = await self._count(item, error)
            if tries == 0:
                return True  # cancelled meanwhile
            if tries < MOST_TRIES:
                await self._clock.sleep(BACK_OFF[tries - 1])
        await self._give_up(kind, item, error)
        return True

    async def _try(self, kind: Kind, lane: Lane, item: WorkItem) -> None:
        while not self.stopping and (left := self._held_until - self._clock.monotonic()) > 0:
            await self._clock.sleep(left)
        async with kind.places.place():
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
        tries = await self._ledger.insist(partial(work.tried, item.id, self._heart.name, words_of(error)))
        log.error("work %s %s failed, try %d of %d", item.kind, item.key, tries, MOST_TRIES, exc_info=error)
        return tries

    async def _give_up(self, kind: Kind, item: WorkItem, error: BaseException | None) -> None:
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


async def _call(handler: Handler, item: WorkItem) -> None:
    await handler(item)


def _is_stopping() -> bool:
    """Whether it is the lane that was cancelled, and not just something that its handler waited for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
