"""The numbers that say whether something has changed: every change raises them, nothing else does."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from storage import progress as rows
from storage.batch import Entry, Kind, record
from storage.courses import CourseRepository
from storage.database import Database
from storage.models import Enrolment
from storage.revisions import course_changes, course_revision, learning_in, learning_of
from tests.kit.database import database, postgres, sqlite
from tests.kit.school import START, add_course, add_learner

__all__ = ["database", "postgres", "sqlite"]
SOON = START + timedelta(seconds=30)


async def numbers(database: Database, learner: int, course: int) -> tuple[str, str]:
    async with database.reading() as session:
        return await learning_of(session, learner), await learning_in(session, course)


def entry(kind: Kind, course: int, section: int) -> Entry:
    return Entry(kind, course, section, None, 60, 1, "")


async def test_whatever_somebody_does_changes_both(database: Database) -> None:
    ada, bob = await add_learner(database), await add_learner(database, 7_000_000_002, "Bob")
    course, sections = await add_course(database, ada)
    first, second, third = sections[:3]
    do = database.writer.do
    seen = [await numbers(database, ada, course)]

    async def changed() -> None:
        now = await numbers(database, ada, course)
        assert now[0] not in {one[0] for one in seen}
        assert now[1] not in {one[1] for one in seen}
        assert await numbers(database, ada, course) == now
        seen.append(now)

    await do(rows.open_section(ada, first, START, pause=600))
    await changed()
    await do(rows.complete(ada, first, START, least=30, pause=600, stated=None, interactions=0))
    await changed()
    await do(rows.undo(ada, first, START))
    await changed()
    for kind in ("interaction", "time_update", "section_completed"):
        await do(record(ada, [entry(kind, course, second)], SOON, least=30, pause=600))
        await changed()
    async with database.transaction() as session:
        await course_changes(session, course)
    await changed()
    others = await numbers(database, bob, course)
    await do(rows.stand(ada, course))
    await do(rows.undo(ada, third, START))
    assert await numbers(database, ada, course) == seen[-1]
    assert await numbers(database, bob, course) == others


async def test_who_comes_and_who_goes_changes_the_course(database: Database) -> None:
    ada, bob, cyd = [await add_learner(database, 7_000_000_001 + number, "Ada") for number in range(3)]
    course, _ = await add_course(database, ada)
    seen = {(await numbers(database, ada, course))[1]}
    for number, (comes, goes) in enumerate(((bob, cyd), (cyd, bob), (bob, cyd)), 1):
        async with database.transaction() as session:
            await session.execute(delete(Enrolment).where(Enrolment.learner_id == goes))
            await CourseRepository(session).enrol(comes, course, START + timedelta(seconds=number))
        seen.add((await numbers(database, ada, course))[1])
    assert len(seen) == 4
    before = await numbers(database, ada, course)
    async with database.transaction() as session:
        await CourseRepository(session).archive(ada, course, SOON)
    assert (await numbers(database, ada, course))[0] != before[0]


async def test_a_course_that_is_not_there_has_none(database: Database) -> None:
    async with database.transaction() as session:
        await course_changes(session, 1)
        assert await course_revision(session, 1) is None
