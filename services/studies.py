"""Learning as a client follows it: complete, report, and read back, always within a course that one may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services import learning_path
from services.batch import Batches
from services.courses_access import Access, find_lesson
from services.errors import Invalid, NotFound
from services.library import Library
from services.places import Places
from services.progress import ProgressService, progress_view
from services.validation import clean_lines, note_faults, storable
from services.views import CompletionView, LearnerView, ProgressView
from services.views.studies import (
    BatchItem,
    BatchView,
    LessonProgressView,
    NextView,
    PathPage,
    Reached,
    TimeView,
)
from storage.database import Database
from storage.learning_path import StudyRepository

Place = tuple[int, int, int]
_LOOKED_AT = 50  # courses among which the next section to read is looked for, the one last used first


class StudyService:
    """One learner's own learning. Somebody else's course is a missing one; in one that they may see, a missing lesson
    or section is told apart, and so is a course that they have not begun (NotFound("enrolment"))."""

    def __init__(self, *, database: Database, library: Library, progress: ProgressService) -> None:
        self._database = database
        self._library = library
        self._progress = progress
        self._access = Access(database=database, library=library)
        self._places = Places(library, self._access)
        self._batches = Batches(database, library, self._places, mail=progress.mail)

    async def complete(
        self,
        learner: LearnerView,
        course_id: int,
        lesson_id: int,
        section_id: int,
        at: datetime,
        *,
        seconds: int | None = None,
        interactions: int = 0,
        note: str = "",
    ) -> CompletionView:
        """As `ProgressService.complete_section`, at a place. A `note` (cleaned, may be empty) is kept with a first
        completion. Raises Invalid, NotFound for course, lesson or section, Forbidden("not_enrolled")."""
        note = checked_note(note)
        try:
            await self._places.find(course_id, lesson_id, section_id)
        except NotFound as missing:
            raise await self._places.refusal(learner, course_id, missing) from None
        try:
            return await self._progress.complete_section(
                learner.id, section_id, at, seconds=seconds, interactions=interactions, note=note
            )
        except NotFound:
            raise await self._places.refusal(learner, course_id, None) from None

    async def batch(self, learner: LearnerView, items: Sequence[BatchItem | str], at: datetime) -> BatchView:
        """As `Batches.record`."""
        return await self._batches.record(learner, items, at)

    async def progress(self, learner: LearnerView, course_id: int) -> ProgressView:
        """Where a learner is in a course. Raises NotFound("course") or NotFound("enrolment")."""
        try:
            return await self._progress.progress(learner.id, course_id)
        except NotFound:
            await self._access.see(learner, course_id)
            raise NotFound("enrolment") from None

    async def lesson(self, learner: LearnerView, course_id: int, lesson_id: int) -> LessonProgressView:
        """Where a learner is in a lesson. Raises NotFound for course, lesson or enrolment."""
        _, lesson = await self._access.see_lesson(learner, course_id, lesson_id)
        progress = await self.progress(learner, course_id)
        async with self._database.reading() as session:
            spent = await StudyRepository(session).spent(learner.id, course_id)
        return learning_path.lesson_progress(progress, lesson, spent)

    async def time(self, learner: LearnerView, course_id: int) -> TimeView:
        """Time and interactions in a course. Raises NotFound for course or enrolment."""
        progress = await self.progress(learner, course_id)
        async with self._database.reading() as session:
            spent = await StudyRepository(session).spent(learner.id, course_id)
        lessons = tuple(learning_path.lesson_progress(progress, one, spent) for one in progress.course.lessons)
        return TimeView(
            course_id=course_id,
            seconds_spent=sum(one.seconds_spent for one in lessons),
            interactions=sum(one.interactions for one in lessons),
            lessons=lessons,
            enrolled_at=progress.enrolled_at,
            last_accessed_at=progress.last_accessed_at,
        )

    async def all(self, learner_id: int, *, after: int = 0, limit: int = 50) -> tuple[ProgressView, ...]:
        """Where a learner is in the courses that they have not put aside, by the courses' ids, from beyond `after`."""
        async with self._database.reading() as session:
            standings = await StudyRepository(session).standings(learner_id, after, limit)
        return tuple([progress_view(await self._library.course_of(one), one) for one in standings])

    async def path(self, learner: LearnerView, course_id: int, *, after: Place | None, limit: int) -> PathPage:
        """What happened in a course, oldest first, from beyond the place of a step. Raises NotFound for course or
        enrolment."""
        progress = await self.progress(learner, course_id)
        async with self._database.reading() as session:
            rows = await StudyRepository(session).steps(learner.id, course_id, after, limit + 1)
        return PathPage(learning_path.path(rows[:limit], progress.course, progress.done), len(rows) > limit)

    async def achievements(self, learner: LearnerView, course_id: int) -> tuple[Reached, ...]:
        """What was achieved in a course, and when. Raises NotFound for course or enrolment."""
        return learning_path.reached(await self.progress(learner, course_id))

    async def next(self, learner_id: int) -> NextView | None:
        """The first uncompleted section of the course last used that has one; None if nothing is left to read."""
        async with self._database.reading() as session:
            courses = await StudyRepository(session).last_used(learner_id, _LOOKED_AT)
        for course_id in courses:
            progress = await self._progress.progress(learner_id, course_id)
            section = progress.next_section
            if section is not None:
                lesson = find_lesson(progress.course, section.lesson_id)
                return NextView(progress.course, lesson, section, begun=progress.sections_done > 0)
        return None


def checked_note(text: str) -> str:
    """A note as it is kept: without what cannot be shown, empty if nothing is left. Raises Invalid if it is too long
    (composing its letters can make them more)."""
    if not text:
        return ""
    note = clean_lines(storable(text))
    faults = note_faults(note, "notes") if note else []
    if any(fault.rule == "nothing_visible" for fault in faults):
        return ""
    if faults:
        raise Invalid(*faults)
    return note
