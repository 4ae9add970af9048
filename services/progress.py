"""Reading and completing: what a learner has done, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.errors import Conflict, NotFound
from services.library import Library
from services.rules import progress as rules
from services.rules.questions import score
from services.views import (
    Achievement,
    CompletionView,
    CourseView,
    Done,
    LessonView,
    NoteView,
    ProgressView,
    SectionView,
)
from storage import notes as written
from storage import progress as rows
from storage import standing as standing_rows
from storage.database import Database


@dataclass(frozen=True, slots=True)
class OpenView:
    """A section that was opened, where it stands, and where the learner stands. `done` if it is completed."""

    progress: ProgressView
    lesson: LessonView
    section: SectionView
    done: Done | None

    @property
    def course(self) -> CourseView:
        """The course of the section."""
        return self.progress.course


class ProgressService:
    """Progress is derived from rows each time; shapes of courses come from memory. `mail`: letters are sent, and a
    completed course may be worth one."""

    def __init__(self, database: Database, library: Library, *, mail: bool = False) -> None:
        self._writer = database.writer
        self._library = library
        self.mail = mail

    @property
    def library(self) -> Library:
        """Where the shapes of courses come from."""
        return self._library

    async def open_section(self, learner_id: int, section_id: int, at: datetime) -> OpenView:
        """Start or continue the timer of a section, which stops every other. Raises NotFound("section") if it is not
        there, not written yet, or not this learner's."""
        job = rows.open_section(learner_id, section_id, at, pause=rules.LONGEST_PAUSE)
        standing = await self._writer.do(job, of=learner_id)
        if standing is None:
            raise NotFound("section")
        progress = await self._progress(standing)
        lesson, section = _find(progress.course, section_id)
        return OpenView(progress, lesson, section, progress.done.get(section_id))

    async def complete_section(
        self,
        learner_id: int,
        section_id: int,
        at: datetime,
        *,
        seconds: int | None = None,
        interactions: int = 0,
        note: str = "",
        key: str | None = None,
    ) -> CompletionView:
        """Record that a section is done, once; a later call gives the earlier record (`first` False), unless it has the
        `key` of the call that was first: a tap that is delivered again after a crash is answered as it was to be.

        `seconds` (0…86 400) is what a REST client states, else the timer counts; a `note` is kept with a first
        completion. Raises NotFound("section")."""
        job = rows.complete(
            learner_id,
            section_id,
            at,
            least=rules.LEAST_SECONDS,
            pause=rules.LONGEST_PAUSE,
            stated=seconds,
            interactions=interactions,
            note=note,
            mail=self.mail,
            key=key,
        )
        completed = await self._writer.do(job, of=learner_id)
        if completed is None:
            raise NotFound("section")
        progress = await self._progress(completed.standing)
        lesson, section = _find(progress.course, section_id)
        reached: tuple[Achievement, ...] = ()
        if completed.first:
            reached = rules.achievements(progress.course, lesson, progress.done, progress.seconds_spent, progress.score)
        return CompletionView(completed.first, progress.done[section_id], section, lesson, progress, reached)

    async def undo(self, learner_id: int, section_id: int, at: datetime) -> ProgressView:
        """Take a completion back within a minute. Raises Conflict("too_late", when it was completed) after that, and
        NotFound("completion") if there is none."""
        since = at - timedelta(seconds=rules.UNDO_SECONDS)
        standing = await self._writer.do(rows.undo(learner_id, section_id, since), of=learner_id)
        if standing is not None:
            return await self._progress(standing)
        standing = await self._writer.do(standing_rows.stand_at_section(learner_id, section_id))
        for done in standing.completions if standing else ():
            if done.section_id == section_id:
                raise Conflict("too_late", done.completed_at)
        raise NotFound("completion")

    async def progress(self, learner_id: int, course_id: int) -> ProgressView:
        """Where a learner is in a course. Raises NotFound("course") if they are not enrolled in it."""
        standing = await self._writer.do(standing_rows.stand(learner_id, course_id))
        if standing is None:
            raise NotFound("course")
        return await self._progress(standing)

    async def note(self, learner_id: int, section_id: int, text: str, key: str, at: datetime) -> NoteView:
        """Keep a note on a section; the same `key` again replaces its text. Raises NotFound("section")."""
        kept = await self._writer.do(written.keep_note(learner_id, section_id, key, text, at), of=learner_id)
        if kept is None:
            raise NotFound("section")
        return NoteView(kept.id, kept.section_id, kept.text, kept.created_at)

    async def notes(self, learner_id: int, section_id: int) -> tuple[NoteView, ...]:
        """A learner's notes on a section, oldest first."""
        found = await self._writer.do(written.notes(learner_id, section_id))
        return tuple(NoteView(note.id, note.section_id, note.text, note.created_at) for note in found)

    async def _progress(self, standing: standing_rows.Standing) -> ProgressView:
        return progress_view(await self._library.course_of(standing), standing)


def progress_view(course: CourseView, standing: standing_rows.Standing) -> ProgressView:
    """Everything that follows from a course's shape and a learner's rows."""
    home, total = course.section_by_id, course.sections_total
    done = {one.section_id: one for one in standing.completions if one.section_id in home}
    right = sum([one.right for one in standing.answers if one.section_id in home])
    return ProgressView(
        course=course,
        percent=rules.percent(len(done), total),
        sections_done=len(done),
        sections_total=total,
        lessons_done=sum([rules.lesson_done(lesson, done) for lesson in course.lessons]),
        lessons_total=len(course.lessons),
        seconds_spent=sum([one.seconds for one in done.values()]) + standing.reading_seconds,
        remaining=rules.remaining(course, done),
        velocity=rules.velocity(tuple(done.values())),
        next_section=rules.next_section(course, done),
        done=done,
        enrolled_at=standing.enrolled_at,
        last_accessed_at=standing.last_accessed_at,
        answered={one.section_id: one.settled for one in standing.answers},
        right_first=right,
        score=score(right, course.questions_total),
        awaited=rules.awaited(course, done),
    )


def _find(course: CourseView, section_id: int) -> tuple[LessonView, SectionView]:
    for lesson in course.lessons:
        for section in lesson.sections:
            if section.id == section_id:
                return lesson, section
    raise NotFound("section")
