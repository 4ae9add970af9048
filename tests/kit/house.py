"""The services of courses over a real database, wired as the roof does it, with an author by script."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from services.authors.protocol import Author
from services.courses import CourseService
from services.feed import Feed
from services.generation import GenerationService
from services.generation.making import CourseCheck
from services.jobs import Jobs, WorkItem
from services.learners import LearnerService
from services.library import Library
from services.pictures.painting import Paint
from services.safety import LocalScreen, Safety
from services.views import GenerationView, LearnerView
from storage.database import Database
from tests.kit.author import ScriptedAuthor

T = TypeVar("T")
START = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass
class HeldClock:
    """A clock that stands still until it is moved; its sleep yields once."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)

    def move(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class House:
    """All of it. `work` counts the status work that was done."""

    database: Database
    author: ScriptedAuthor
    clock: HeldClock
    jobs: Jobs
    library: Library
    feed: Feed
    learners: LearnerService
    generations: GenerationService
    courses: CourseService
    statuses: list[WorkItem] = field(default_factory=list)

    async def learner(self, telegram_id: int = 7_000_000_001) -> LearnerView:
        """Somebody who has arrived."""
        return await self.learners.arrive(telegram_id, "Ada", None, "en", self.clock.now())

    async def status(self, item: WorkItem) -> None:
        """The handler of status messages: only counts."""
        self.statuses.append(item)

    async def status_count(self) -> int:
        """How many status messages were to be followed."""
        return len(self.statuses)

    async def idle(self) -> None:
        """Until the author is not writing anything."""

        async def writing() -> int:
            return self.author.writing

        await eventually(writing, lambda count: count == 0)

    async def ended(self, generation_id: int) -> GenerationView:
        """The generation, once it is not being worked on any more."""
        return await self.until(generation_id, lambda view: view.state not in {"waiting", "running"})

    async def until(self, generation_id: int, true: Callable[[GenerationView], bool]) -> GenerationView:
        """The generation as soon as something is true of it; fails after thirty seconds."""
        return await eventually(lambda: self.generations.view(generation_id), true)


async def eventually(look: Callable[[], Awaitable[T]], true: Callable[[T], bool], *, seconds: float = 30) -> T:
    """What `look` finds, as soon as it is `true`; fails after thirty seconds, or so many."""
    async with asyncio.timeout(seconds):
        while True:
            found = await look()
            if true(found):
                return found
            await asyncio.sleep(0.005)


def tiny_card(title: str, line: str, seed: int) -> tuple[bytes, str]:
    """A picture that costs nothing."""
    return b"\x89PNG" + title.encode(), f"{title}. {line}"


@asynccontextmanager
async def house(
    database: Database,
    author: ScriptedAuthor | None = None,
    *,
    real: Author | None = None,
    draw: Callable[[str, str, int], tuple[bytes, str]] = tiny_card,
    paint: Paint | None = None,
    checks: Sequence[CourseCheck] = (),
) -> AsyncIterator[House]:
    """The services, their jobs running; `real` writes in place of the script, `checks` are asked about each piece."""
    author, clock = author or ScriptedAuthor(), HeldClock()
    writer = real or author
    jobs = Jobs(database, clock, worker="tests")
    library, feed = Library(database=database), Feed()
    shared: dict[str, Any] = {"database": database, "clock": clock, "jobs": jobs, "author": writer, "library": library}
    generations = GenerationService(**shared, feed=feed, draw=draw, paint=paint, checks=checks)
    courses = CourseService(
        database=database,
        clock=clock,
        jobs=jobs,
        author=writer,
        library=library,
        generations=generations,
        safety=Safety(LocalScreen()),
    )
    learners = LearnerService(database=database, clock=clock, languages={"en", "de"})
    made = House(database, author, clock, jobs, library, feed, learners, generations, courses)
    jobs.register("generation", generations.run, gave_up=generations.gave_up, can_be_cancelled=True)
    jobs.register("status", made.status)
    await jobs.start()
    try:
        yield made
    finally:
        await jobs.stop(0)
