"""What admins see and do: work that waits or was set aside, limits, announcements. All of it only for who is an admin
now, and what changes something is written into the activity log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.clock import Clock
from services.errors import Conflict, Fault, Invalid, NotFound
from services.jobs import Jobs
from services.learners import LearnerService
from services.limits import Rule
from services.validation import character_faults, clean_lines
from services.views import LearnerView
from storage.activity import ActivityRepository, NewEntry
from storage.admin import AdminRepository
from storage.courses import CourseRepository
from storage.database import Database
from storage.models import Work

ANNOUNCEMENT = (1, 2000)  # characters
PACE_MS = 50  # milliseconds between two people: 20 a second, of the 30 that Telegram takes over all
State = Literal["open", "aside"]


@dataclass(frozen=True, slots=True)
class WorkView:
    """A piece of work without what it is about: `error` is the kind of error only, as its words may quote a person.
    `held`: a worker has it in its hands. `age_seconds` since it was put."""

    id: int
    kind: str
    state: str
    tries: int
    created_at: datetime
    due: datetime
    held: bool
    age_seconds: float
    error: str | None


@dataclass(frozen=True, slots=True)
class WorkPage:
    """Some work, the oldest first; `after` leads to the rest, None at the end."""

    work: tuple[WorkView, ...]
    after: int | None


class AdminService:
    """`limits` are the rules in force, by name; `shared_limits` says whether processes count together (in Redis)."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        learners: LearnerService,
        jobs: Jobs,
        limits: Mapping[str, Rule],
        shared_limits: bool = False,
    ) -> None:
        self._database = database
        self._clock = clock
        self._learners = learners
        self._jobs = jobs
        self.limits = limits
        self.shared_limits = shared_limits

    async def work(
        self, admin: LearnerView, *, state: State = "aside", kind: str | None = None, after: int = 0, limit: int = 50
    ) -> WorkPage:
        """Work that is open or set aside. Raises Forbidden("not_admin")."""
        await self._learners.require_admin(admin)
        async with self._database.reading() as session:
            rows = await AdminRepository(session).work(state=state, kind=kind, after=after, most=limit + 1)
        found = tuple(self._view(row) for row in rows[:limit])
        return WorkPage(found, found[-1].id if len(rows) > limit else None)

    async def retry(self, admin: LearnerView, work_id: int) -> WorkView:
        """Have what was set aside tried again, mostly under a new id. Raises Forbidden("not_admin"), NotFound("work"),
        Conflict("not_aside")."""
        await self._learners.require_admin(admin)
        now = self._clock.now()
        async with self._database.transaction() as session:
            desk = AdminRepository(session)
            row = await _aside(desk, work_id)
            entry = NewEntry("work.retried", admin.id, None, f"work:{work_id}", {"kind": row.kind})
            new = await desk.again(row, now)
            await ActivityRepository(session).append(entry, now)
        self._jobs.wake()
        return self._view(new)

    async def drop(self, admin: LearnerView, work_id: int) -> None:
        """Give up what was set aside. Raises as `retry` does."""
        await self._learners.require_admin(admin)
        now = self._clock.now()
        async with self._database.transaction() as session:
            desk = AdminRepository(session)
            row = await _aside(desk, work_id)
            await desk.drop(row, now)
            entry = NewEntry("work.dropped", admin.id, None, f"work:{work_id}", {"kind": row.kind})
            await ActivityRepository(session).append(entry, now)

    async def announce(self, admin: LearnerView, text: str, *, course_id: int | None, key: str) -> int:
        """Have everybody who can be reached told something, or the learners of a course; returns how many will be.
        Under the same `key` nobody is told twice. Raises Forbidden("not_admin"), Invalid, NotFound("course")."""
        await self._learners.require_admin(admin)
        words = _checked(text)
        now = self._clock.now()
        async with self._database.transaction() as session:
            course = None if course_id is None else await CourseRepository(session).get(course_id)
            if course_id is not None and course is None:
                raise NotFound("course")
            count = await AdminRepository(session).announce(f"announcement:{key}", words, course_id, now, PACE_MS)
            whose = None if course is None else course.owner_id
            about = None if course_id is None else f"course:{course_id}"
            await ActivityRepository(session).append(
                NewEntry("announcement.made", admin.id, whose, about, {"people": count}), now
            )
        self._jobs.wake()
        return count

    def _view(self, row: Work) -> WorkView:
        return WorkView(
            id=row.id,
            kind=row.kind,
            state=row.state,
            tries=row.tries,
            created_at=row.created_at,
            due=row.due,
            held=row.owner is not None,
            age_seconds=max(0.0, (self._clock.now() - row.created_at).total_seconds()),
            error=None if row.error is None else row.error.partition(":")[0][:80],
        )


async def _aside(desk: AdminRepository, work_id: int) -> Work:
    row = await desk.aside(work_id)
    if row is not None:
        return row
    if await desk.state_of(work_id) in {None, "done", "cancelled"}:
        raise NotFound("work")
    raise Conflict("not_aside")


def _checked(text: str) -> str:
    """The text as it is sent. Raises Invalid with every fault; it may contain tags, as it is only ever text."""
    words = clean_lines(text)
    faults = [one for one in character_faults("text", words) if one.rule != "html_tag"]
    low, high = ANNOUNCEMENT
    if not low <= len(words) <= high:
        faults.append(Fault("text", "too_short" if len(words) < low else "too_long", str(len(words)), f"{low}–{high}"))
    if faults:
        raise Invalid(*faults)
    return words
