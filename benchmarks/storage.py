"""How a completion is written (by the writer that groups, and by the ORM with a transaction for each tap), and what a
piece of work costs that is stored, done and marked.

Not part of what is promised; `docs/decisions` quotes it. ``python -m benchmarks.storage``."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from benchmarks import school
from benchmarks.table import Line, render
from services.clock import SystemClock
from services.jobs import Jobs, NewWork, WorkItem
from storage import progress
from storage.database import Database
from storage.models import Completion, Course, Enrolment, Section
from storage.upsert import insert_or_ignore

AT_ONCE = (1, 8, 64)  # taps waiting at the same time
LEARNERS = 64
ROUNDS = 5

Complete = Callable[[Database, int, int], Awaitable[None]]


async def grouped(database: Database, learner: int, section: int) -> None:
    """As Lectern does it."""
    now = datetime.now(UTC)
    job = progress.complete(learner, section, now, least=30, pause=600, stated=None, interactions=0)
    assert await database.writer.do(job) is not None


async def by_orm(database: Database, learner: int, section: int) -> None:
    """The same reads and writes in a session of their own."""
    async with database.transaction() as session:
        home = await session.get(Section, section)
        assert home is not None
        course = await session.get(Course, home.course_id)
        assert course is not None
        await _write(session, learner, home, datetime.now(UTC))
        done = select(Completion).where(Completion.learner_id == learner, Completion.course_id == course.id)
        assert (await session.scalars(done)).all()


async def _write(session: AsyncSession, learner: int, section: Section, now: datetime) -> None:
    enrolment = await session.get(Enrolment, (learner, section.course_id))
    assert enrolment is not None
    about = {"learner_id": learner, "section_id": section.id, "lesson_id": section.lesson_id}
    fixed = {"course_id": section.course_id, "completed_at": now, "seconds": 60, "interactions": 0}
    if await insert_or_ignore(session, Completion, {**about, **fixed}):
        mine = (Enrolment.learner_id == learner, Enrolment.course_id == section.course_id)
        await session.execute(update(Enrolment).where(*mine).values(last_accessed_at=now))


async def rate(complete: Complete, folder: Path, at_once: int) -> float:
    """Completions a second with `at_once` waiting, on a new database."""
    made = await school.build(folder, learners=LEARNERS, own_courses=True, tapped=1, earlier=0)
    waiting = [(person - school.FIRST_PERSON + 1, int(data.partition(".")[2], 36)) for person, data in made.taps]
    count = min(len(waiting), 40 * at_once + 60)
    queue = iter(waiting[:count])
    database = await Database.open(f"sqlite+aiosqlite:///{folder}/lectern.db")
    try:

        async def one_after_another() -> None:
            for learner, section in queue:
                await complete(database, learner, section)

        begun = time.monotonic()
        await asyncio.gather(*(one_after_another() for _ in range(at_once)))
        return count / (time.monotonic() - begun)
    finally:
        await database.close()


async def pieces(folder: Path, together: int) -> tuple[float, float]:
    """Pieces of work a second and CPU milliseconds for each, put `together` at a time; there is nothing to do."""
    await school.build(folder, learners=1, own_courses=True, tapped=1, earlier=0)
    database = await Database.open(f"sqlite+aiosqlite:///{folder}/lectern.db")
    jobs, done = Jobs(database, SystemClock(), worker="benchmark"), 0

    async def nothing(_item: WorkItem) -> None:
        nonlocal done
        done += 1

    jobs.register("nothing", nothing, at_once=128)
    await jobs.start()
    count, begun, used = 100 * together, time.monotonic(), time.process_time()
    for first in range(0, count, together):
        names = [f"piece {number}" for number in range(first, first + together)]
        await jobs.put(*(NewWork("nothing", name, name, {"text": "x" * 300}) for name in names))
    await jobs.stop(10.0)
    took, used = time.monotonic() - begun, time.process_time() - used
    await database.close()
    assert done == count
    return count / took, used / count * 1000


async def lines() -> list[Line]:
    """Taps by writer and by ORM, then pieces of work."""
    return [*await _completions(), *await _pieces()]


async def _pieces() -> list[Line]:
    found: list[Line] = []
    with tempfile.TemporaryDirectory() as scratch:
        for together in AT_ONCE:
            rounds = [await pieces(Path(scratch) / f"pieces-{together}-{number}", together) for number in range(ROUNDS)]
            rate, cpu = (median(one[which] for one in rounds) for which in (0, 1))
            found.append(Line(f"piece of work, {together} put together", cpu, None, f"{rate:.0f} a second", "ms CPU"))
    return found


async def _completions() -> list[Line]:
    found: list[Line] = []
    with tempfile.TemporaryDirectory() as scratch:
        for at_once in AT_ONCE:
            rounds = [
                (
                    await rate(grouped, Path(scratch) / f"grouped-{at_once}-{number}", at_once),
                    await rate(by_orm, Path(scratch) / f"orm-{at_once}-{number}", at_once),
                )
                for number in range(ROUNDS)
            ]
            ours, orm = (median(one[which] for one in rounds) for which in (0, 1))
            ratio = median(one / other for one, other in rounds)
            beside = f"{ours:.0f} a second; ORM, a transaction each: {orm:.0f}"
            found.append(Line(f"completions, {at_once} waiting: grouping writer to ORM", ratio, None, beside))
    return found


if __name__ == "__main__":
    sys.stdout.write(render(asyncio.run(lines())) + "\n")
