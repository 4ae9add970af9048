"""Figures about learning: of oneself, of a course for who teaches it, of everything for admins."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.clock import Clock
from services.course_figures import course_figures
from services.courses_access import Access
from services.errors import Forbidden
from services.fresh import Fresh
from services.library import Library
from services.progress import progress_view
from services.rules import analytics as rules
from services.rules.progress import VELOCITY_OVER, velocity
from services.views import Done, LearnerView, ProgressView
from services.views.analytics import (
    CourseFigures,
    Forecast,
    LearnerDay,
    LearnerFigures,
    PlatformFigures,
    Spread,
)
from storage.activity import ActivityRepository, NewEntry
from storage.analytics import DoneRow, LearnerFiguresRepository, PlatformFiguresRepository
from storage.cache import Cache, MemoryCache
from storage.course_analytics import CourseFiguresRepository
from storage.database import Database
from storage.learning_path import StudyRepository
from storage.revisions import learning_in, learning_of

DAYS = 366  # how far back figures by day go
KEPT_SECONDS = 30  # for so long figures are kept at most: whose days or silence go by the time of day
AT_RISK = 100  # people of an at-risk list
_COURSES = 100  # courses that a learner gets a forecast for
_WINDOWS = {"day": 1, "week": 7, "month": 30}  # in days


class AnalyticsService:
    """A learner's and a course's figures are kept in `cache` for half a minute, by the state that they are of: what
    somebody does, in whichever process, shows at once. The platform's change with everything, and are not kept."""

    def __init__(self, *, database: Database, clock: Clock, library: Library, cache: Cache | None = None) -> None:
        self._database = database
        self._clock = clock
        self._library = library
        self._access = Access(database=database, library=library)
        cache = cache or MemoryCache(clock.monotonic)
        self._learners = Fresh(cache, LearnerFigures, seconds=KEPT_SECONDS)
        self._courses = Fresh(cache, CourseFigures, seconds=KEPT_SECONDS)

    async def learner(self, learner: LearnerView) -> LearnerFigures:
        """One's own figures, by the days of one's own time zone."""
        async with self._database.reading() as session:
            state = await learning_of(session, learner.id)
        key = _key("learner", learner.id, learner.time_zone, state)
        return await self._learners.get(key, lambda: self._learner(learner))

    async def course(self, reader: LearnerView, course_id: int) -> CourseFigures:
        """The figures of a course, for its owner and for admins. Raises NotFound("course") for whoever may not see it,
        Forbidden("not_owner") for who may. That an admin looked is written down, for there are names in it."""
        course = await self._access.own(reader, course_id, admin_too=True)
        async with self._database.reading() as session:
            state = await learning_in(session, course_id)
        found = await self._courses.get(_key("course", course_id, state), lambda: self._course(course_id))
        found = await self._named(found)
        if course.owner_id != reader.id:
            entry = NewEntry(
                "figures.read", reader.id, course.owner_id, f"course:{course_id}", {"people": len(found.at_risk)}
            )
            async with self._database.transaction() as session:
                await ActivityRepository(session).append(entry, self._clock.now())
        return found

    async def platform(self, reader: LearnerView) -> PlatformFigures:
        """The figures of everything. Raises Forbidden("not_admin")."""
        if reader.role != "admin":
            raise Forbidden("not_admin")
        return await self._everything()

    async def _named(self, found: CourseFigures) -> CourseFigures:
        """With the names that people have now: a new one changes nothing that figures are kept by."""
        if not found.at_risk:
            return found
        async with self._database.reading() as session:
            figures = CourseFiguresRepository(session, found.course_id, len(found.sections))
            names = await figures.names([one.learner_id for one in found.at_risk])
        at_risk = [replace(one, name=names[one.learner_id]) for one in found.at_risk if one.learner_id in names]
        return replace(found, at_risk=tuple(at_risk))

    async def _learner(self, learner: LearnerView) -> LearnerFigures:
        now = self._clock.now()
        since = now - timedelta(days=DAYS + 1)
        async with self._database.reading() as session:
            figures = LearnerFiguresRepository(session)
            sections, seconds = await figures.totals(learner.id)
            last = await figures.last(learner.id, VELOCITY_OVER)
            done = await figures.completions(learner.id, since)
            half = await figures.half_read(learner.id, since)
            standings = await StudyRepository(session).standings(learner.id, 0, _COURSES)
        progress = [progress_view(await self._library.course_of(one), one) for one in standings]
        spells = [(one.completed_at, one.seconds) for one in done]
        today, days = await asyncio.to_thread(_days, spells, half, learner.time_zone, now)
        streak, longest = rules.streaks([one.day for one in days if one.sections], today)
        return LearnerFigures(
            computed_at=now,
            time_zone=learner.time_zone,
            velocity=velocity([_done(one) for one in last]),
            seconds_spent=seconds,
            sections_done=sections,
            streak=streak,
            longest_streak=longest,
            days=days,
            forecasts=_forecasts(progress, done, now, today),
        )

    async def _course(self, course_id: int) -> CourseFigures:
        course, now = await self._library.course(course_id), self._clock.now()
        since, silent = now - timedelta(days=DAYS), now - timedelta(days=rules.SILENT_DAYS)
        async with self._database.reading() as session:
            figures = CourseFiguresRepository(session, course_id, len(course.sections))
            return course_figures(
                course,
                now,
                learners=await figures.learners(),
                sections=await figures.sections(),
                questions=await figures.questions(),
                stops=await figures.stops(silent),
                days=await figures.days(since),
                finished=await figures.finished(since),
                silent=await figures.silent(silent, AT_RISK),
            )

    async def _everything(self) -> PlatformFigures:
        now = self._clock.now()
        windows = {name: now - timedelta(days=days) for name, days in _WINDOWS.items()}
        async with self._database.reading() as session:
            figures = PlatformFiguresRepository(session, windows)
            learners, courses, public, aside = await figures.totals()
            active, completions = await figures.active(), await figures.completions()
            made, cost = await figures.generations(), await figures.cost()
        states: dict[str, Spread] = {}
        errors: dict[str, Spread] = {}
        for (state, failure), counts in made.items():
            states[state] = _sum(states.get(state), counts)
            if state == "failed":
                errors[failure or "unknown"] = _sum(errors.get(failure or "unknown"), counts)
        return PlatformFigures(
            computed_at=now,
            learners=learners,
            courses=courses,
            public_courses=public,
            active=Spread(**active),
            completions=Spread(**completions),
            generations=states,
            errors=errors,
            cost=Spread(**cost),
            aside=aside,
        )


def _key(kind: str, *state: object) -> str:
    digest = hashlib.blake2b(repr(state).encode(), digest_size=20).hexdigest()
    return f"figures:{kind}:{digest}"


def _days(
    done: Sequence[rules.Spell], half: Sequence[rules.Spell], time_zone: str, now: datetime
) -> tuple[date, tuple[LearnerDay, ...]]:
    """Today in a time zone, and the days up to it; a zone is read from a file, so this is for a thread."""
    zone = ZoneInfo(time_zone)
    today = now.astimezone(zone).date()
    return today, rules.days(done, half, zone, today, DAYS)


def _forecasts(
    progress: Sequence[ProgressView], done: Sequence[DoneRow], now: datetime, today: date
) -> tuple[Forecast, ...]:
    found = []
    for one in progress:
        pace = rules.pace([(row.completed_at, row.seconds) for row in done if row.course_id == one.course.id], now)
        between = rules.finish(one.remaining, pace, today)
        if pace is not None and between is not None:
            found.append(Forecast(one.course.id, one.course.title, one.percent, round(pace / 60, 1), *between))
    return tuple(found)


def _done(row: DoneRow) -> Done:
    return Done(row.section_id, row.lesson_id, row.completed_at, row.seconds)


def _sum(known: Spread | None, more: dict[str, int]) -> Spread:
    if known is None:
        return Spread(**more)
    return Spread(known.day + more["day"], known.week + more["week"], known.month + more["month"])
