"""Figures against the same figures counted by hand, on both databases."""

from __future__ import annotations

import random
import statistics
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from services.analytics import KEPT_SECONDS, AnalyticsService
from services.errors import Forbidden, NotFound
from services.library import Library
from services.progress import ProgressService
from services.studies import StudyService
from services.views import LearnerView
from services.views.studies import BatchItem
from storage.activity import ActivityRepository
from storage.attempts import NewAttempt, attempt
from storage.courses import CourseRepository
from storage.database import Database
from storage.models import Course, Enrolment, Learner, Spending, Work
from storage.questions import QuestionRepository
from tests.kit.clocks import HeldClock
from tests.kit.database import database, postgres
from tests.kit.rows import made
from tests.kit.school import START, add_course, add_learner, add_questions

__all__ = ["database", "postgres"]

DAY = 86_400


@dataclass
class Class:
    """A course that learners may join, and the figures of it."""

    database: Database
    clock: HeldClock
    progress: ProgressService
    studies: StudyService
    figures: AnalyticsService
    owner: LearnerView
    course: int
    sections: list[int]

    async def pupil(self, number: int) -> LearnerView:
        """Another learner."""
        telegram_id = 8_000_000_000 + number
        return person(await add_learner(self.database, telegram_id, f"Pupil {number}"))

    async def done(self, who: LearnerView, section: int, seconds: int) -> None:
        """They complete a section."""
        await self.progress.complete_section(who.id, section, self.clock.now(), seconds=seconds)


def person(number: int, role: Any = "learner", time_zone: str = "UTC") -> LearnerView:
    return LearnerView(number, number, "Ada", "en", time_zone, role, True, True)


async def lesson(database: Database, shape: tuple[int, ...] = (2, 2, 2)) -> Class:
    clock, library = HeldClock(), Library(database=database)
    progress = ProgressService(database, library)
    owner = await add_learner(database)
    course, sections = await add_course(database, owner, shape, enrol=False)
    async with database.transaction() as session:
        await session.execute(update(Course).values(visibility="public"))
    figures = AnalyticsService(database=database, clock=clock, library=library)
    studies = StudyService(database=database, library=library, progress=progress)
    return Class(database, clock, progress, studies, figures, person(owner), course, sections)


async def test_a_courses_figures_are_those_counted_by_hand(database: Database) -> None:
    school, rng = await lesson(database), random.Random(5)
    seconds: dict[int, list[int]] = {section: [] for section in school.sections}
    by_day: Counter[int] = Counter()
    last: dict[int, datetime] = {}
    done: dict[int, list[int]] = {}
    opened: set[tuple[int, int]] = set()
    pupils = [await school.pupil(number) for number in range(8)]
    for number, pupil in enumerate(pupils):
        school.clock.at = START + timedelta(days=number)
        done[pupil.id] = []
        await school.progress.open_section(pupil.id, school.sections[0], school.clock.now())
        opened.add((pupil.id, school.sections[0]))
        last[pupil.id] = school.clock.now()
        for section in school.sections[: rng.choice([0, 1, 2, 3, 5, 6])]:
            school.clock.move(rng.randrange(40_000))
            spent = rng.randrange(30, 2000)
            await school.done(pupil, section, spent)
            seconds[section].append(spent)
            done[pupil.id].append(section)
            opened.add((pupil.id, section))
            last[pupil.id] = school.clock.now()
            by_day[(school.clock.now() - START.replace(hour=0)).days] += 1
    school.clock.at = now = max(last.values()) + timedelta(days=6)
    found = await school.figures.course(school.owner, school.course)
    through = [key for key, sections in done.items() if len(sections) == 6]
    assert (found.enrolled, found.begun, found.finished) == (8, sum(map(bool, done.values())), len(through))
    silent = [key for key in done if key not in through and last[key] < now - timedelta(days=7)]
    assert silent, "the story has nobody who fell silent"
    stopped = Counter(school.sections[len(done[key])] for key in silent)
    for one in found.sections:
        spent_there = seconds[one.section_id]
        assert one.completed == len(spent_there)
        assert one.percent == (200 * one.completed + 8) // 16
        assert one.reached == sum(section == one.section_id for _, section in opened)
        assert one.stopped == stopped[one.section_id]
        if spent_there:
            assert one.mean_seconds == pytest.approx(statistics.mean(spent_there), abs=0.51)
            assert one.median_seconds == pytest.approx(statistics.median(spent_there), abs=0.51)
        else:
            assert (one.mean_seconds, one.median_seconds) == (None, None)
    assert {(one.day - START.date()).days: one.completions for one in found.days} == dict(by_day)
    assert sum(one.finished for one in found.days) == len(through)
    assert all(1 <= one.learners <= one.completions for one in found.days)
    expected = sorted(silent, key=lambda key: (last[key], key))
    assert [one.learner_id for one in found.at_risk] == expected
    for risk in found.at_risk:
        count = len(done[risk.learner_id])
        assert risk.reason == ("silent" if count else "not_started")
        assert (risk.percent, risk.last_accessed_at) == ((200 * count + 6) // 12, last[risk.learner_id])
        assert risk.days_silent == (now - last[risk.learner_id]).days


async def test_whose_figures_one_may_see(database: Database) -> None:
    school = await lesson(database)
    pupil = await school.pupil(1)
    await school.done(pupil, school.sections[0], 60)
    with pytest.raises(Forbidden):
        await school.figures.course(pupil, school.course)
    with pytest.raises(Forbidden):
        await school.figures.platform(school.owner)
    admin = person(await add_learner(database, 9_000_000_009, "Root", role="admin"), "admin")
    assert (await school.figures.course(admin, school.course)).begun == 1
    await school.figures.course(school.owner, school.course)
    async with database.reading() as session:
        (entry,) = await ActivityRepository(session).page(before=None, most=5)
    assert (entry.action, entry.object, entry.detail) == ("figures.read", f"course:{school.course}", {"people": 0})
    async with database.transaction() as session:
        await session.execute(update(Course).values(visibility="private"))
        await session.execute(delete(Enrolment))
    stranger = Library(database=database)
    figures = AnalyticsService(database=database, clock=school.clock, library=stranger)
    for who in (pupil, person(2**40, "instructor")):
        with pytest.raises(NotFound):
            await figures.course(who, school.course)


async def test_what_anybody_does_shows_at_once(database: Database) -> None:
    school = await lesson(database)
    ada, bob = await school.pupil(1), await school.pupil(2)
    admin = person(2**40, "admin")
    assert (await school.figures.learner(ada)).sections_done == 0
    assert (await school.figures.course(school.owner, school.course)).begun == 0
    assert (await school.figures.platform(admin)).completions.day == 0
    await school.done(ada, school.sections[0], 60)
    assert (await school.figures.learner(ada)).sections_done == 1
    assert (await school.figures.course(school.owner, school.course)).begun == 1
    assert (await school.figures.platform(admin)).completions.day == 1
    elsewhere = ProgressService(database, Library(database=database))
    await elsewhere.complete_section(bob.id, school.sections[0], school.clock.now())
    assert (await school.figures.course(school.owner, school.course)).begun == 2
    assert (await school.figures.platform(admin)).completions.day == 2
    await school.progress.undo(ada.id, school.sections[0], school.clock.now())
    assert (await school.figures.learner(ada)).sections_done == 0
    assert (await school.figures.course(school.owner, school.course)).begun == 1
    cleo = await school.pupil(3)
    async with database.transaction() as session:
        await CourseRepository(session).enrol(cleo.id, school.course, school.clock.now())
    assert (await school.figures.course(school.owner, school.course)).enrolled == 3
    async with database.transaction() as session:
        await session.execute(delete(Enrolment).where(Enrolment.learner_id == cleo.id))
    assert (await school.figures.course(school.owner, school.course)).enrolled == 2


async def test_figures_are_worked_out_once_for_one_state_of_things(database: Database) -> None:
    school = await lesson(database)
    ada = await school.pupil(1)
    await school.done(ada, school.sections[0], 60)
    first = (await school.figures.learner(ada), await school.figures.course(school.owner, school.course))
    school.clock.move(KEPT_SECONDS - 1)
    assert (await school.figures.learner(ada), await school.figures.course(school.owner, school.course)) == first
    school.clock.move(1)
    later = (await school.figures.learner(ada), await school.figures.course(school.owner, school.course))
    assert {one.computed_at for one in later} == {school.clock.now()}


async def test_a_learners_own_figures(database: Database) -> None:
    school = await lesson(database)
    ada = await school.pupil(1)
    school.clock.at = START.replace(hour=23, minute=30)  # 2 November, the next day in Vienna
    for section in school.sections[:3]:
        await school.done(ada, section, 1200)
        school.clock.move(DAY)
    home = school.sections[3]
    lessons = {one.id: one.lesson_id for one in (await school.progress.library.course(school.course)).sections}
    item = BatchItem("time_update", school.course, lessons[home], home, seconds=600)
    await school.studies.batch(ada, [item], school.clock.now())
    found = await school.figures.learner(ada)
    assert (found.seconds_spent, found.sections_done, found.velocity) == (4200, 3, 3.0)
    assert (found.streak, found.longest_streak) == (3, 3)
    assert [(one.day.day, one.seconds, one.sections) for one in found.days[-5:]] == [
        (1, 0, 0),
        (2, 1200, 1),
        (3, 1200, 1),
        (4, 1200, 1),
        (5, 600, 0),
    ]
    (forecast,) = found.forecasts
    # 3 × 20 minutes in 3 days, and three sections of 5 minutes that take 20 each.
    assert (forecast.course_id, forecast.percent, forecast.minutes_a_day) == (school.course, 50, 20.0)
    progress = await school.studies.progress(ada, school.course)
    assert forecast.earliest == found.days[-1].day + timedelta(days=-(-progress.remaining.low // 20))
    assert forecast.latest == found.days[-1].day + timedelta(days=-(-progress.remaining.high // 20))
    moved = await school.figures.learner(person(ada.id, time_zone="Europe/Vienna"))
    assert [(one.day.day, one.seconds) for one in moved.days[-4:]] == [(3, 1200), (4, 1200), (5, 1200), (6, 600)]
    school.clock.move(2 * DAY)
    assert (await school.figures.learner(ada)).streak == 0


async def test_somebody_new_has_figures_too(database: Database) -> None:
    school = await lesson(database)
    found = await school.figures.learner(await school.pupil(1))
    assert (found.seconds_spent, found.velocity, found.streak, found.forecasts) == (0, None, 0, ())
    assert len(found.days) == 366
    empty = await school.figures.course(school.owner, school.course)
    assert (empty.enrolled, empty.days, empty.at_risk) == (0, (), ())
    assert {one.percent for one in empty.sections} == {0}


async def test_who_is_at_risk_is_called_by_the_name_they_have_now(database: Database) -> None:
    school = await lesson(database)
    ada = await school.pupil(1)
    await school.done(ada, school.sections[0], 60)
    school.clock.move(8 * DAY)
    (risk,) = (await school.figures.course(school.owner, school.course)).at_risk
    async with database.transaction() as session:
        await session.execute(update(Learner).where(Learner.id == ada.id).values(name="Augusta"))
    (again,) = (await school.figures.course(school.owner, school.course)).at_risk
    assert again == replace(risk, name="Augusta")
    async with database.transaction() as session:
        await session.execute(delete(Enrolment).where(Enrolment.learner_id == ada.id))
    assert (await school.figures.course(school.owner, school.course)).at_risk == ()


async def test_what_models_cost_the_platform(database: Database) -> None:
    school = await lesson(database)
    async with database.transaction() as session:
        for hours, reserved, spent in ((1, 900_000, 250_000), (2, 70_000, None), (50, 9, 4), (24 * 31, 5, 5)):
            at = START - timedelta(hours=hours)
            values = {"provider": "claude", "model": "m", "step": "plan", "budgets": "", "reserved": reserved}
            session.add(Spending(at=at, spent=spent, **values))
    found = await school.figures.platform(person(2**40, "admin"))
    assert (found.cost.day, found.cost.week, found.cost.month) == (320_000, 320_004, 320_004)


async def test_the_platforms_figures(database: Database) -> None:
    school = await lesson(database)
    ada = await school.pupil(1)
    await school.done(ada, school.sections[0], 60)
    first = await made(database, state="failed", failure="overloaded", created_at=START)
    later = START + timedelta(days=3)
    for key, state in (("k2", "failed"), ("k3", "ready"), ("k4", "ready")):
        await made(
            database,
            request_key=key,
            state=state,
            failure="refused" if state == "failed" else None,
            created_at=later,
            learner_id=first.learner_id,
        )
    async with database.transaction() as session:
        session.add(Work(kind="x", lane="x", key="x", payload={}, state="aside", due=START, created_at=START))
        await session.execute(update(Learner).values(seen_at=START - timedelta(days=40)))
        await session.execute(update(Learner).where(Learner.id == school.owner.id).values(seen_at=later))
    school.clock.at = later + timedelta(hours=1)
    found = await school.figures.platform(person(2**40, "admin"))
    assert (found.learners, found.courses, found.public_courses, found.aside) == (3, 1, 1, 1)
    assert (found.active.day, found.active.week, found.active.month) == (1, 2, 2)
    assert (found.completions.day, found.completions.week) == (0, 1)
    told = {state: (one.day, one.week, one.month) for state, one in found.generations.items()}
    assert told == {"failed": (1, 2, 2), "ready": (2, 2, 2)}
    assert {why: one.week for why, one in found.errors.items()} == {"overloaded": 1, "refused": 1}


async def test_how_hard_the_questions_of_a_course_are(database: Database) -> None:
    school = await lesson(database)
    easy, hard, voided = await add_questions(database, school.sections[0], 3)
    pupils = [await school.pupil(number) for number in range(4)]
    for number, pupil in enumerate(pupils):
        await school.progress.open_section(pupil.id, school.sections[0], START)
        tries = [NewAttempt(easy, 1, 1, correct=True, settled=True)]
        tries.append(NewAttempt(hard, 1, None if number == 3 else 0, correct=False, settled=number == 3))
        tries.append(NewAttempt(hard, 2, 1, correct=True, settled=True))
        for one in tries[: 2 if number == 2 else 3]:
            await database.writer.do(attempt(pupil.id, school.sections[0], one, START))
    async with database.transaction() as session:
        await QuestionRepository(session).void(voided, START)
        await QuestionRepository(session).add_dispute(pupils[0].id, hard, START)
    figures = await school.figures.course(school.owner, school.course)
    assert [
        (one.question_id, one.tried, one.right_first, one.percent, one.skipped, one.disputed)
        for one in figures.questions
    ] == [(easy, 4, 4, 100, 0, 0), (hard, 4, 0, 0, 1, 1)]
