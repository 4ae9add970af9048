from __future__ import annotations

import asyncio
from datetime import timedelta

from storage import notes, progress
from storage.database import Database
from storage.progress import Completed
from storage.writer import Steps
from tests.kit.database import database, postgres
from tests.kit.school import START, add_course, add_learner

__all__ = ["database", "postgres"]


def at(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def complete(learner: int, section: int, seconds: float = 0, stated: int | None = None) -> Steps[Completed | None]:
    return progress.complete(learner, section, START + at(seconds), least=30, pause=600, stated=stated, interactions=0)


async def test_a_completion_is_recorded_once(database: Database) -> None:
    learner = await add_learner(database)
    course, sections = await add_course(database, learner)
    results = await asyncio.gather(*(database.writer.do(complete(learner, sections[0], n)) for n in range(100)))
    assert sum(result.first for result in results if result) == 1
    assert all(result is not None and len(result.standing.completions) == 1 for result in results)
    standing = await database.writer.do(progress.stand(learner, course))
    assert standing is not None
    assert standing.completions[0].completed_at == START


async def test_the_update_that_completed_it_is_the_first_again(database: Database) -> None:
    learner = await add_learner(database)
    _, (section, *_) = await add_course(database, learner)
    found = []
    for seconds, key in enumerate(["17", "17", "18", None, "17"]):
        job = progress.complete(
            learner, section, START + at(seconds), least=30, pause=600, stated=None, interactions=0, key=key
        )
        done = await database.writer.do(job)
        assert done is not None
        assert [one.completed_at for one in done.standing.completions] == [START]
        found.append(done.first)
    assert found == [True, True, False, False, True]


async def test_time_is_measured_from_opening_to_done_without_pauses(database: Database) -> None:
    learner = await add_learner(database)
    _, (first, second, *_) = await add_course(database, learner)
    do = database.writer.do
    await do(progress.open_section(learner, first, START, pause=600))
    await do(progress.open_section(learner, first, START + at(100), pause=600))
    await do(progress.open_section(learner, first, START + at(100 + 601), pause=600))  # a pause: not counted
    done = await do(complete(learner, first, 100 + 601 + 50))
    assert done is not None
    assert done.standing.completions[0].seconds == 150
    quick = await do(complete(learner, second, 760))
    assert quick is not None
    assert quick.standing.completions[1].seconds == 30


async def test_only_the_open_section_counts(database: Database) -> None:
    learner = await add_learner(database)
    course, (first, second, *_) = await add_course(database, learner)
    do = database.writer.do
    await do(progress.open_section(learner, first, START, pause=600))
    await do(progress.open_section(learner, second, START + at(60), pause=600))
    await do(progress.open_section(learner, first, START + at(300), pause=600))
    done = await do(complete(learner, first, 330))
    assert done is not None
    assert done.standing.completions[0].seconds == 60 + 30
    assert done.standing.reading_seconds == 240
    standing = await do(progress.stand(learner, course))
    assert standing is not None
    assert standing.last_accessed_at == START + at(330)


async def test_a_stated_time_counts_instead(database: Database) -> None:
    learner = await add_learner(database)
    _, (first, *_) = await add_course(database, learner)
    done = await database.writer.do(complete(learner, first, 5, stated=0))
    assert done is not None
    assert done.standing.completions[0].seconds == 0


async def test_nobody_elses_section_and_no_missing_one(database: Database) -> None:
    ada, bob = await add_learner(database), await add_learner(database, 8_000_000_002, "Bob")
    _, (first, *_) = await add_course(database, ada)
    do = database.writer.do
    assert await do(complete(bob, first)) is None
    assert await do(complete(ada, 2**53)) is None
    assert await do(progress.open_section(bob, first, START, pause=600)) is None
    assert await do(progress.stand_at_section(bob, first)) is None
    assert await do(notes.keep_note(bob, first, "k", "mine", START)) is None
    assert await do(progress.undo(bob, first, START)) is None


async def test_completing_enrols_the_owner(database: Database) -> None:
    learner = await add_learner(database)
    _, (first, *_) = await add_course(database, learner, enrol=False)
    done = await database.writer.do(complete(learner, first, 9))
    assert done is not None
    assert done.first
    assert done.standing.enrolled_at == START + at(9)


async def test_undo_within_its_time_only(database: Database) -> None:
    learner = await add_learner(database)
    _, (first, *_) = await add_course(database, learner)
    do = database.writer.do
    await do(complete(learner, first))
    assert await do(progress.undo(learner, first, START + at(1))) is None
    standing = await do(progress.undo(learner, first, START))
    assert standing is not None
    assert standing.completions == ()
    again = await do(complete(learner, first, 100))
    assert again is not None
    assert again.first


async def test_a_note_is_kept_once_per_key_and_can_be_corrected(database: Database) -> None:
    learner = await add_learner(database)
    _, (first, *_) = await add_course(database, learner)
    do = database.writer.do
    await do(notes.keep_note(learner, first, "u1", "Feed it daily", START))
    await do(notes.keep_note(learner, first, "u1", "Feed it twice a day", START))
    await do(notes.keep_note(learner, first, "u2", "Keep it warm", START))
    assert [note.text for note in await do(notes.notes(learner, first))] == ["Feed it twice a day", "Keep it warm"]
