from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from services.errors import Conflict, NotFound
from services.library import Library
from services.progress import ProgressService
from storage.database import Database
from tests.kit.database import database, postgres, sqlite, sqlite_database
from tests.kit.school import START, add_course, add_learner

__all__ = ["database", "postgres", "sqlite"]

LEAST, PAUSE, MINUTE = 30, 600, 60


@dataclass
class Reader:
    """A learner with a course of `shape`, and the service."""

    service: ProgressService
    learner: int
    course: int
    sections: list[int]

    async def open(self, place: int, seconds: float) -> None:
        await self.service.open_section(self.learner, self.sections[place], at(seconds))

    async def done(self, place: int, seconds: float) -> int:
        """Complete; the seconds that count."""
        view = await self.service.complete_section(self.learner, self.sections[place], at(seconds))
        assert view.first
        return view.done.seconds


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


async def reader(database: Database, *shape: int, minutes: int = 5) -> Reader:
    learner = await add_learner(database)
    course, sections = await add_course(database, learner, shape or (2, 2, 2), minutes=minutes)
    return Reader(ProgressService(database, Library(database=database)), learner, course, sections)


async def test_the_whole_of_a_course(database: Database) -> None:
    r = await reader(database, 2, 2)
    begun = await r.service.progress(r.learner, r.course)
    assert (begun.percent, begun.sections_done, begun.sections_total, begun.lessons_done) == (0, 0, 4, 0)
    assert (begun.velocity, begun.seconds_spent, begun.enrolled_at) == (None, 0, START)
    assert begun.next_section is not None
    assert begun.next_section.id == r.sections[0]
    kinds = []
    for place in range(4):
        await r.open(place, place * 100)
        view = await r.service.complete_section(r.learner, r.sections[place], at(place * 100 + 90))
        kinds.append([one.kind for one in view.achievements])
        assert view.progress.percent == (place + 1) * 25
        assert view.progress.last_accessed_at == at(place * 100 + 90)
    assert kinds == [["quarter"], ["lesson", "half"], ["three_quarters"], ["lesson", "course"]]
    whole = await r.service.progress(r.learner, r.course)
    assert (whole.percent, whole.lessons_done, whole.next_section, whole.seconds_spent) == (100, 2, None, 360)
    assert whole.velocity == 40.0
    assert (whole.remaining.low, whole.remaining.high) == (0, 0)
    assert view.achievements[-1].seconds == 360


async def test_a_hundredfold_tap_counts_once_and_the_later_ones_say_when(database: Database) -> None:
    r = await reader(database)
    taps = (r.service.complete_section(r.learner, r.sections[0], at(n)) for n in range(100))
    views = await asyncio.gather(*taps)
    assert [view.first for view in views].count(True) == 1
    assert {view.done.completed_at for view in views} == {START}
    assert all(view.achievements == () for view in views if not view.first)
    assert all(view.progress.sections_done == 1 for view in views)


async def test_time_is_at_least_half_a_minute_and_pauses_do_not_count(database: Database) -> None:
    r = await reader(database)
    await r.open(0, 0)
    assert await r.done(0, 5) == LEAST
    assert await r.done(1, 6) == LEAST  # never opened
    await r.open(2, 10)
    await r.open(2, 10 + PAUSE)  # just no pause
    await r.open(2, 10 + PAUSE + PAUSE + 1)  # a pause
    assert await r.done(2, 10 + 2 * PAUSE + 41) == PAUSE + 40


async def test_what_is_stated_counts_as_it_is(database: Database) -> None:
    r = await reader(database)
    await r.open(0, 0)
    for place, stated in ((0, 0), (1, 86_400)):
        view = await r.service.complete_section(r.learner, r.sections[place], at(300), seconds=stated, interactions=3)
        assert view.done.seconds == stated


async def test_reading_counts_before_it_is_done_and_not_twice_after(database: Database) -> None:
    r = await reader(database)
    await r.open(0, 0)
    await r.open(1, 200)
    assert (await r.service.progress(r.learner, r.course)).seconds_spent == 200
    await r.done(0, 210)
    assert (await r.service.progress(r.learner, r.course)).seconds_spent == 200 + 10


async def test_opening_says_whether_it_is_done(database: Database) -> None:
    r = await reader(database)
    fresh = await r.service.open_section(r.learner, r.sections[3], at(0))
    assert (fresh.done, fresh.lesson.position, fresh.section.id) == (None, 1, r.sections[3])
    assert fresh.course.id == r.course
    await r.done(3, 100)
    again = await r.service.open_section(r.learner, r.sections[3], at(200))
    assert again.done is not None
    assert again.done.completed_at == at(100)


async def test_undo_within_a_minute_brings_back_how_it_was(database: Database) -> None:
    r = await reader(database)
    await r.open(0, 0)
    before = (await r.service.progress(r.learner, r.course)).seconds_spent
    assert await r.done(0, 100) == 100
    view = await r.service.undo(r.learner, r.sections[0], at(160))
    assert (view.sections_done, view.seconds_spent - before) == (0, 100)
    with pytest.raises(NotFound):
        await r.service.undo(r.learner, r.sections[0], at(160))
    again = await r.service.complete_section(r.learner, r.sections[0], at(170))
    assert (again.first, again.done.seconds) == (True, 100)


async def test_undo_after_a_minute_is_too_late_and_says_since_when(database: Database) -> None:
    r = await reader(database)
    await r.done(0, 100)
    with pytest.raises(Conflict) as late:
        await r.service.undo(r.learner, r.sections[0], at(160.002))
    assert (late.value.why, late.value.at) == ("too_late", at(100))
    assert (await r.service.progress(r.learner, r.course)).sections_done == 1


async def test_undone_and_done_again_is_an_achievement_again(database: Database) -> None:
    r = await reader(database, 2)
    await r.done(0, 0)
    for seconds in (100, 120):
        view = await r.service.complete_section(r.learner, r.sections[1], at(seconds))
        assert [one.kind for one in view.achievements] == ["lesson", "course"]
        await r.service.undo(r.learner, r.sections[1], at(seconds + 1))


async def test_what_is_somebody_elses_is_not_there(database: Database) -> None:
    r = await reader(database)
    bob = await add_learner(database, 8_000_000_002, "Bob")
    first = r.sections[0]
    await r.done(0, 0)
    for refused in (
        r.service.open_section(bob, first, START),
        r.service.complete_section(bob, first, START),
        r.service.undo(bob, first, START),
        r.service.progress(bob, r.course),
        r.service.note(bob, first, "mine", "k", START),
        r.service.complete_section(r.learner, 2**62, START),
        r.service.progress(r.learner, 2**62),
    ):
        with pytest.raises(NotFound):
            await refused
    assert await r.service.notes(bob, first) == ()


async def test_what_is_not_written_cannot_be_done(database: Database) -> None:
    r = await reader(database)
    async with database.transaction() as session:
        await session.execute(text("UPDATE section SET body = '' WHERE id = :id"), {"id": r.sections[0]})
    with pytest.raises(NotFound):
        await r.service.complete_section(r.learner, r.sections[0], START)
    with pytest.raises(NotFound):
        await r.service.open_section(r.learner, r.sections[0], START)
    view = await r.service.progress(r.learner, r.course)
    assert view.sections_total == 6
    assert view.next_section is not None
    assert view.next_section.id == r.sections[1]


async def test_notes_are_kept_once_per_key_oldest_first(database: Database) -> None:
    r = await reader(database)
    await r.service.note(r.learner, r.sections[0], "Feed it", "u1", at(1))
    await r.service.note(r.learner, r.sections[0], "Feed it daily 🫙", "u1", at(2))
    await r.service.note(r.learner, r.sections[0], "Keep it warm", "u2", at(3))
    kept = await r.service.notes(r.learner, r.sections[0])
    assert [(note.text, note.created_at) for note in kept] == [("Feed it daily 🫙", at(1)), ("Keep it warm", at(3))]


class Naive:
    """The timer of product.md §5, told as a story: one section is open at a time; gaps over ten minutes are pauses."""

    def __init__(self) -> None:
        self.read: dict[int, int] = {}
        self.open: tuple[int, int] | None = None
        self.done: dict[int, tuple[int, int]] = {}

    def count(self, now: int) -> None:
        if self.open is not None:
            place, since = self.open
            self.read[place] = self.read.get(place, 0) + (now - since if now - since <= PAUSE else 0)

    def step(self, what: str, place: int, now: int) -> None:
        if what == "open":
            self.count(now)
            self.open = (place, now)
        elif what == "done" and place not in self.done:
            self.count(now)
            self.open = None
            self.done[place] = (now, max(LEAST, self.read.get(place, 0)))
        elif what == "undo" and place in self.done and now - self.done[place][0] <= MINUTE:
            del self.done[place]

    @property
    def spent(self) -> int:
        unfinished = sum(seconds for place, seconds in self.read.items() if place not in self.done)
        return unfinished + sum(seconds for _, seconds in self.done.values())


STEPS = st.lists(
    st.tuples(st.sampled_from(["open", "done", "undo"]), st.integers(0, 3), st.sampled_from([1, 20, 61, 300, 601])),
    max_size=25,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_any_story_gives_what_the_naive_model_gives(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int]]
) -> None:
    asyncio.run(_story(tmp_path_factory.mktemp("story"), steps))


async def _story(folder: Path, steps: list[tuple[str, int, int]]) -> None:
    naive, now = Naive(), 0
    async with sqlite_database(folder) as database:
        r = await reader(database, 2, 2)
        for what, place, gap in steps:
            now += gap
            naive.step(what, place, now)
            if what == "open":
                await r.open(place, now)
            elif what == "done":
                await r.service.complete_section(r.learner, r.sections[place], at(now))
            else:
                try:
                    await r.service.undo(r.learner, r.sections[place], at(now))
                except (Conflict, NotFound):
                    assert place not in naive.done or now - naive.done[place][0] > MINUTE
        view = await r.service.progress(r.learner, r.course)
    assert {one: (done.completed_at, done.seconds) for one, done in view.done.items()} == {
        r.sections[place]: (at(when), seconds) for place, (when, seconds) in naive.done.items()
    }
    assert view.seconds_spent == naive.spent
    assert view.percent == len(naive.done) * 25
