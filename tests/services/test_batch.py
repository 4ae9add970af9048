"""Reports in batches, against a simple model and against the same things reported one by one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Literal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from services.library import Library
from services.progress import ProgressService
from services.studies import StudyService
from services.views import LearnerView, ProgressView
from services.views.studies import BatchItem, BatchKind, BatchResult
from storage.database import Database
from storage.models import Reading
from tests.kit.database import database, postgres, postgres_database, sqlite_database
from tests.kit.school import START, add_course, add_learner

__all__ = ["database", "postgres"]

Kind = Literal["section_completed", "interaction", "time_update", "opened"]


@dataclass(frozen=True)
class Act:
    """One thing done: in which section (by its place), for how long, and how long ago its client says it was."""

    kind: Kind
    place: int
    seconds: int | None
    count: int
    ago: int | None


@dataclass
class Model:
    """Progress by the book, as plainly as it can be said."""

    shape: Sequence[int]
    enrolled: datetime
    done: dict[int, tuple[datetime, int]] = field(default_factory=dict)
    reading: dict[int, int] = field(default_factory=dict)
    touched: dict[int, datetime] = field(default_factory=dict)
    reached: list[tuple[str, int | None]] = field(default_factory=list)
    interactions: int = 0

    def act(self, act: Act, now: datetime) -> str:
        at = now if act.ago is None else now - timedelta(seconds=act.ago)
        at = at if self.enrolled <= at <= now else now
        if act.kind == "opened":
            self.pause(at, but=act.place)
            self.reading[act.place] = self.reading.get(act.place, 0) + self.gap(act.place, at)
            self.touched[act.place] = at
            return "opened"
        if act.kind == "time_update":
            self.reading[act.place] = self.reading.get(act.place, 0) + (act.seconds or 0)
            return "updated"
        if act.kind == "interaction":
            self.interactions += act.count
            return "recorded"
        return self.complete(act, at)

    def complete(self, act: Act, at: datetime) -> str:
        if act.place in self.done:
            return "already_completed"
        timer = max(30, self.reading.get(act.place, 0) + self.gap(act.place, at))
        before = len(self.done)
        self.done[act.place] = (at, timer if act.seconds is None else act.seconds)
        self.interactions += act.count
        self.pause(at)
        self.achieve(act.place, before, len(self.done), sum(self.shape))
        return "success"

    def achieve(self, place: int, before: int, now: int, total: int) -> None:
        lesson = self.lesson(place)
        if self.places(lesson) <= set(self.done):
            self.reached.append(("lesson", lesson))
        for part, name in ((1, "quarter"), (2, "half"), (3, "three_quarters")):
            share = Fraction(part, 4)
            if Fraction(before, total) < share <= Fraction(now, total) and now < total:
                self.reached.append((name, None))
        if now == total:
            self.reached.append(("course", None))

    def gap(self, place: int, at: datetime) -> int:
        since = self.touched.get(place)
        away = timedelta(0) if since is None else at - since
        return int(away.total_seconds()) if timedelta(0) <= away <= timedelta(seconds=600) else 0

    def pause(self, at: datetime, but: int | None = None) -> None:
        for place in [one for one in self.touched if one != but]:
            self.reading[place] = self.reading.get(place, 0) + self.gap(place, at)
            del self.touched[place]

    def places(self, lesson: int) -> set[int]:
        return {place for place in range(sum(self.shape)) if self.lesson(place) == lesson}

    def lesson(self, place: int) -> int:
        return next(number for number in range(len(self.shape)) if place < sum(self.shape[: number + 1]))

    @property
    def seconds(self) -> int:
        half_read = sum(spent for place, spent in self.reading.items() if place not in self.done)
        return sum(spent for _, spent in self.done.values()) + half_read

    @property
    def percent(self) -> int:
        exact = Fraction(100 * len(self.done), sum(self.shape))
        return 100 if exact == 100 else min(99, int(exact + Fraction(1, 2)))


@dataclass
class Pupil:
    """A learner with a course of their own."""

    studies: StudyService
    progress: ProgressService
    view: LearnerView
    course: int
    sections: list[int]
    lessons: list[int]
    results: list[BatchResult] = field(default_factory=list)

    def item(self, act: Act, now: datetime) -> BatchItem:
        assert act.kind != "opened"
        kind: BatchKind = act.kind
        at = None if act.ago is None else now - timedelta(seconds=act.ago)
        ids = (self.course, self.lessons[act.place], self.sections[act.place])
        return BatchItem(kind, *ids, at=at, seconds=act.seconds, interactions=act.count)

    async def together(self, acts: Sequence[Act], now: datetime) -> None:
        """Open what was opened, then report the rest in one batch."""
        await self.open(acts, now)
        items = [self.item(act, now) for act in acts if act.kind != "opened"]
        self.results += (await self.studies.batch(self.view, items, now)).results if items else ()

    async def one_by_one(self, acts: Sequence[Act], now: datetime) -> None:
        """The same, each alone; a completion of just now as a completion, not as a batch of one."""
        await self.open(acts, now)
        for act in [one for one in acts if one.kind != "opened"]:
            if act.kind == "section_completed" and act.ago is None:
                place = (self.course, self.lessons[act.place], self.sections[act.place])
                view = await self.studies.complete(self.view, *place, now, seconds=act.seconds, interactions=act.count)
                status: Literal["success", "already_completed"] = "success" if view.first else "already_completed"
                self.results.append(BatchResult(status, done=view.done, achievements=view.achievements))
            else:
                self.results += (await self.studies.batch(self.view, [self.item(act, now)], now)).results

    async def open(self, acts: Sequence[Act], now: datetime) -> None:
        for act in acts:
            if act.kind == "opened":
                await self.progress.open_section(self.view.id, self.sections[act.place], now)

    async def standing(self) -> ProgressView:
        return await self.studies.progress(self.view, self.course)

    def told(self) -> list[tuple[str, int | None, datetime | None, int | None, tuple[tuple[str, int], ...]]]:
        """The results, in terms that do not name ids."""
        return [
            (
                one.status,
                None if one.done is None else self.sections.index(one.done.section_id),
                None if one.done is None else one.done.completed_at,
                None if one.done is None else one.done.seconds,
                tuple((reached.kind, reached.seconds) for reached in one.achievements),
            )
            for one in self.results
        ]


async def pupil(database: Database, telegram_id: int, shape: Sequence[int]) -> Pupil:
    library = Library(database=database)
    progress = ProgressService(database, library)
    studies = StudyService(database=database, library=library, progress=progress)
    learner = await add_learner(database, telegram_id)
    course, sections = await add_course(database, learner, shape)
    lessons = [section.lesson_id for section in (await library.course(course)).sections]
    view = LearnerView(learner, telegram_id, "Ada", "en", "UTC", "learner", True, True)
    return Pupil(studies, progress, view, course, sections, lessons)


SHAPES = st.lists(st.integers(1, 3), min_size=1, max_size=4)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[int], list[tuple[int, list[Act]]]]:
    """A course's shape, and what is done in it: after how many seconds, which acts at once."""
    shape = draw(SHAPES)
    act = st.builds(
        Act,
        kind=st.sampled_from(["section_completed", "section_completed", "interaction", "time_update", "opened"]),
        place=st.integers(0, sum(shape) - 1),
        seconds=st.integers(0, 900),
        count=st.integers(0, 5),
        ago=st.none() | st.integers(-5, 1500),
    )
    acts = st.lists(act.flatmap(_plain), max_size=8)
    return shape, draw(st.lists(st.tuples(st.integers(0, 900), acts), min_size=1, max_size=5))


def _plain(act: Act) -> st.SearchStrategy[Act]:
    """Acts that there are: what is opened is opened now, a completion may leave its time to the timer."""
    if act.kind == "opened":
        return st.just(Act("opened", act.place, None, 0, None))
    if act.kind == "section_completed":
        return st.sampled_from([act, Act(act.kind, act.place, None, act.count, act.ago)])
    return st.just(act)


async def live(database: Database, number: int, shape: list[int], story: list[tuple[int, list[Act]]]) -> None:
    """Live one history three times: in batches, one by one, and by the book; then compare."""
    model = Model(shape, START)
    first, second = await pupil(database, 2 * number, shape), await pupil(database, 2 * number + 1, shape)
    now, expected = START, []
    for wait, some in story:
        now += timedelta(seconds=wait)
        acts = sorted(some, key=lambda act: act.kind != "opened")
        expected += [said for said in (model.act(act, now) for act in acts) if said != "opened"]
        await first.together(acts, now)
        await second.one_by_one(acts, now)
    assert first.told() == second.told()
    assert [one.status for one in first.results] == expected
    for one in (first, second):
        standing = await one.standing()
        done = {one.sections.index(key): (done.completed_at, done.seconds) for key, done in standing.done.items()}
        assert done == model.done
        assert (standing.percent, standing.seconds_spent) == (model.percent, model.seconds)
        assert standing.lessons_done == sum(model.places(n) <= set(done) for n in range(len(shape)))
        told = [(each.kind, each.lesson_id) for result in one.results for each in result.achievements]
        places = {one.lessons[place]: model.lesson(place) for place in range(sum(shape))}
        named = [(kind, None if lesson is None else places[lesson]) for kind, lesson in told]
        assert named == model.reached
        derived = await one.studies.achievements(one.view, one.course)
        again = [(each.achievement.kind, each.achievement.lesson_id) for each in derived]
        # What was done late but long ago comes earlier in the story; what was reached is the same.
        assert sorted(again, key=str) == sorted(told, key=str)
        time = await one.studies.time(one.view, one.course)
        assert (time.seconds_spent, time.interactions) == (model.seconds, model.interactions)


def test_batches_singles_and_the_model_agree(tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        opened = sqlite_database(tmp_path)
        database = runner.run(opened.__aenter__())
        numbers = iter(range(1, 10_000))

        @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(histories())
        def check(history: tuple[list[int], list[tuple[int, list[Act]]]]) -> None:
            runner.run(live(database, next(numbers), *history))

        try:
            check()
        finally:
            runner.run(opened.__aexit__(None, None, None))


async def test_a_history_on_both_databases(database: Database) -> None:
    story = [
        (10, [Act("opened", 0, None, 0, None)]),
        (50, [Act("section_completed", 0, None, 1, None), Act("time_update", 1, 300, 0, 20)]),
        (700, [Act("section_completed", 1, None, 0, 600), Act("section_completed", 1, 5, 0, None)]),
        (5, [Act("interaction", 2, 0, 3, None), Act("section_completed", 2, 70, 2, -5)]),
    ]
    await live(database, 5, [2, 1], story)


async def test_batches_at_once_lose_nothing_and_count_nothing_twice(database: Database) -> None:
    ada = await pupil(database, 1, (4, 4, 4, 4, 4, 4))
    acts = [Act("section_completed", place, 60, 1, None) for place in range(24)]
    batches = [acts[start : start + 6] for start in range(0, 24, 3)]
    await asyncio.gather(*(ada.together(batch, START) for batch in batches))
    said = sorted(one.status for one in ada.results)
    assert said == ["already_completed"] * (sum(map(len, batches)) - 24) + ["success"] * 24
    standing = await ada.standing()
    assert (standing.percent, standing.seconds_spent) == (100, 24 * 60)
    kinds = [reached.kind for one in ada.results for reached in one.achievements]
    assert sorted(kinds) == sorted(["lesson"] * 6 + ["quarter", "half", "three_quarters", "course"])


async def test_completions_of_two_processes_lose_nothing(postgres: str) -> None:
    """Two databases opened on the same server have a writer each, as two workers do."""
    async with postgres_database(postgres) as database:
        other = await Database.open(database.engine.url.render_as_string(hide_password=False))
        try:
            library = Library(database=other)
            progress = ProgressService(other, library)
            twin = StudyService(database=other, library=library, progress=progress)
            for telegram_id in range(1, 6):
                ada = await pupil(database, telegram_id, (4, 4, 4, 4, 4, 4))
                acts = [Act("section_completed", place, 60, 1, None) for place in range(24)]
                asked = [
                    studies.complete(ada.view, ada.course, ada.lessons[place], ada.sections[place], START, seconds=60)
                    for place in range(24)
                    for studies in (ada.studies, twin)
                ]
                # The other way round, so that each is met in the middle.
                reports = [ada.together(acts[::-1][start : start + 8], START) for start in range(0, 24, 8)]
                views, _ = await asyncio.gather(asyncio.gather(*asked), asyncio.gather(*reports))
                firsts = [view for view in views if view.first]
                assert len(firsts) + sum(one.status == "success" for one in ada.results) == 24
                found = [view.achievements for view in firsts] + [one.achievements for one in ada.results]
                kinds = [reached.kind for achievements in found for reached in achievements]
                assert sorted(kinds) == sorted(["lesson"] * 6 + ["quarter", "half", "three_quarters", "course"])
                standing = await ada.standing()
                assert (standing.percent, standing.seconds_spent) == (100, 24 * 60)
        finally:
            await other.close()


async def test_reported_time_always_fits(database: Database) -> None:
    ada = await pupil(database, 1, (1,))
    item = ada.item(Act("time_update", 0, 86_400, 0, None), START)
    await ada.studies.batch(ada.view, [item], START)
    async with database.transaction() as session:
        await session.execute(update(Reading).values(seconds=999_900_000))
    view = await ada.studies.batch(ada.view, [item] * 3, START)
    assert {one.status for one in view.results} == {"updated"}
    assert (await ada.standing()).seconds_spent == 1_000_000_000
