"""What became of work, written into its table: finished rows in groups, and nothing lost while it cannot be written."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from typing import TypeVar

from services.clock import Clock
from services.heart import Heart
from storage import work
from storage.database import Database
from storage.work import WorkRow
from storage.writer import Job, Steps, repeatable

AGAIN = 1.0  # seconds between attempts to write while the table cannot be written
FLUSH_AFTER = 0.15  # seconds that finished rows wait for something to be written with
WORDS = 500  # characters of an error that are kept
T = TypeVar("T")
log = logging.getLogger(__name__)


class Ledger:
    """Marks what this worker's rows have come to. What a crash finds finished but not marked is done again."""

    def __init__(self, database: Database, clock: Clock, heart: Heart) -> None:
        self._database = database
        self._clock = clock
        self._heart = heart
        self._finished: list[tuple[int, str, str | None]] = []
        self._since = 0.0  # when the oldest of them was finished, by the loop's clock
        self._call = asyncio.Event()
        self._turn = asyncio.Lock()

    def finish(self, item: WorkRow, state: str, error: str | None = None) -> None:
        """Mark a row ``done`` or ``aside``, soon."""
        if not self._finished:
            self._since = asyncio.get_running_loop().time()
        self._finished.append((item.id, state, error))
        self._call.set()

    def forget(self) -> None:
        """Mark nothing of what is finished: it is not ours any more, and whoever has it now does it again."""
        self._finished = []

    async def flush(self) -> None:
        """Mark what is finished, all in one group; returns when all that was finished before is marked."""
        async with self._turn:
            rows, self._finished = self._finished, []
            if not rows:
                return
            try:
                await self._database.writer.do(work.finish(rows, self._heart.name, self._clock.now()))
            except BaseException:
                self._finished = rows + self._finished
                raise

    async def along(self, job: Steps[T], lanes: Collection[str] = (), *, first: bool = False) -> T:
        """Run a job, which goes by the state of `lanes` (`first`: before what waits to be written), and mark what is
        finished on the way: under load that spares a commit of its own."""
        if self._turn.locked() or not self._finished:
            return await self._database.writer.do(job, lanes=lanes, first=first)
        async with self._turn:
            rows, self._finished = self._finished, []
            try:
                marked = work.finish(rows, self._heart.name, self._clock.now())
                return await self._database.writer.do(_after(marked, job), lanes=lanes, first=first)
            except BaseException:
                self._finished = rows + self._finished
                raise

    async def flush_forever(self) -> None:
        """Flush whenever something finished has waited long enough for company, until cancelled."""
        while True:
            await self._call.wait()
            await asyncio.sleep(FLUSH_AFTER)
            if self._finished and asyncio.get_running_loop().time() - self._since < FLUSH_AFTER:
                continue  # what was finished before these went along with something else
            self._call.clear()
            try:
                await self.flush()
            except Exception:
                log.exception("finished work could not be marked; trying again")
                self._call.set()
                await self._clock.sleep(AGAIN)

    async def insist_flush(self) -> None:
        """Mark what is finished, however long that takes."""
        while True:
            try:
                return await self.flush()
            except Exception:
                log.exception("finished work could not be marked; trying again")
                await self._clock.sleep(AGAIN)

    async def insist(self, job: Callable[[], Steps[T]], lanes: Collection[str] = ()) -> T:
        """Run a job on the table, made anew for each attempt, after all that is finished is marked, until it could be
        written. It goes by the state of `lanes`."""
        while True:
            try:
                if self._turn.locked():
                    await self.flush()
                return await self.along(job(), lanes)
            except Exception:
                log.exception("the table of work cannot be written; trying again")
                await self._clock.sleep(AGAIN)


@repeatable
def _after(first: Steps[None], then: Steps[T]) -> Job[T]:
    yield from first
    return (yield from then)


def words_of(error: BaseException) -> str:
    """An error in words that every database takes (they may quote what a person sent)."""
    words = f"{type(error).__name__}: {error}"[:WORDS].replace("\0", "\ufffd")
    return words.encode("utf-8", "replace").decode()
