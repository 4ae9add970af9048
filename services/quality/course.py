"""A whole course, or as much of it as is written, and what only the whole can show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from services.authors.protocol import Citation, LessonPlan, Level, Passage, QuestionDraft, SectionPlan
from services.quality import bloom, coverage, structure
from services.quality.accessible import minutes_told
from services.quality.duration import course_time
from services.quality.finding import Finding
from services.quality.keys import key_position
from services.quality.leftovers import leftovers
from services.quality.options import longest_keys
from services.quality.pieces import SectionContext, errors_first
from services.quality.repetition import Repetition
from services.quality.safety import safety_of
from services.rules.reading import exact_minutes


@dataclass(frozen=True, slots=True)
class CheckedSection:
    """A section as it is stored. `body` is empty until it is written. `objectives` are places in the course's
    objectives; `shown_keys` the slot (0-based) on which each question's key is shown; `mended` what was found and put
    right on the way."""

    title: str
    body: str = ""
    minutes: int = 0
    outcome: str = ""
    objectives: tuple[int, ...] = ()
    citations: tuple[Citation, ...] = ()
    questions: tuple[QuestionDraft, ...] = ()
    shown_keys: tuple[int, ...] = ()
    mended: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedLesson:
    """A lesson of a checked course, with its sections in order."""

    title: str
    objectives: tuple[str, ...]
    sections: tuple[CheckedSection, ...]


@dataclass(frozen=True, slots=True)
class CheckedCourse:
    """A course for checking. `minutes` is what was asked for (0: nothing was), `passages` what may be cited, by id
    (None without a source), `enforced` False for the offline author, `flagged` categories that moderation found, by
    path (None where nobody looked), `alternative_text` the picture's (None without one)."""

    title: str
    description: str
    level: Level
    language: str
    minutes: int
    objectives: tuple[str, ...]
    lessons: tuple[CheckedLesson, ...]
    passages: Mapping[str, Passage] | None = None
    enforced: bool = True
    flagged: Mapping[str, tuple[str, ...]] | None = None
    alternative_text: str | None = None

    def written(self) -> Iterator[tuple[int, int, CheckedSection]]:
        """The sections that have a text, each with the places of its lesson and its own."""
        for lesson, held in enumerate(self.lessons):
            for place, section in enumerate(held.sections):
                if section.body:
                    yield lesson, place, section

    def questions(self) -> tuple[QuestionDraft, ...]:
        """All questions, in order."""
        return tuple(question for _, _, section in self.written() for question in section.questions)

    def context(self, lesson: int) -> SectionContext:
        """What the pieces of a lesson are held against once they are stored; minutes are no longer planned but told."""
        held = self.lessons[lesson]
        sections = tuple(
            SectionPlan(one.title, "", 0, outcome=one.outcome, objectives=one.objectives) for one in held.sections
        )
        return SectionContext(
            lesson=lesson,
            plan=LessonPlan(held.title, held.objectives, sections),
            level=self.level,
            language=self.language,
            objectives=len(self.objectives),
            passages=self.passages,
            enforced=self.enforced,
            questions={place: len(one.questions) for place, one in enumerate(held.sections)},
        )


def course_findings(course: CheckedCourse) -> tuple[Finding, ...]:
    """What is wrong with the course as a whole, errors first: structure, coverage of its objectives, progression, keys
    over all its questions, time against what was asked, repetition between lessons, minutes told. What only a text can
    show is left out for sections that are not written."""
    return errors_first(_course(course), enforced=course.enforced)


def _course(course: CheckedCourse) -> Iterator[Finding]:
    yield from _structure(course)
    yield from _coverage(course)
    questions = course.questions()
    yield from bloom.progression(
        [
            bloom.highest(
                [section.outcome for section in lesson.sections],
                [question for section in lesson.sections for question in section.questions],
                course.language,
            )
            for lesson in course.lessons
        ]
    )
    yield from bloom.depth(questions, course.level)
    yield from longest_keys(questions)
    yield from key_position([slot for _, _, section in course.written() for slot in section.shown_keys])
    yield from _time(course)
    yield from _repetition(course)
    yield from leftovers(f"{course.title}\n{course.description}", "description")
    yield from safety_of(course.flagged)
    if course.alternative_text is not None and not course.alternative_text.strip():
        yield Finding("picture", "accessible", "a picture without words", "an alternative text")


def _structure(course: CheckedCourse) -> Iterator[Finding]:
    yield from structure.lesson_count([lesson.title for lesson in course.lessons], "lessons")
    for place, lesson in enumerate(course.lessons):
        yield from structure.section_count([section.title for section in lesson.sections], f"lessons.{place}")


def _coverage(course: CheckedCourse) -> Iterator[Finding]:
    taught = [
        coverage.Taught(
            f"lessons.{at}.sections.{place}",
            section.objectives,
            tuple(question.objective for question in section.questions),
            bool(section.body),
        )
        for at, lesson in enumerate(course.lessons)
        for place, section in enumerate(lesson.sections)
    ]
    yield from coverage.served(taught, len(course.objectives))
    yield from coverage.tested(taught, len(course.objectives))


def _time(course: CheckedCourse) -> Iterator[Finding]:
    for lesson, place, section in course.written():
        path = f"lessons.{lesson}.sections.{place}"
        yield from minutes_told(section.body, len(section.questions), section.minutes, path)
    sections = [section for lesson in course.lessons for section in lesson.sections]
    # Told minutes are rounded up each: over a course that would be several minutes too many.
    exact = [exact_minutes(one.body, len(one.questions)) if one.body else one.minutes for one in sections]
    yield from course_time(round(sum(exact)), course.minutes)


def _repetition(course: CheckedCourse) -> Iterator[Finding]:
    """Each section against the lessons before it: of two that are alike, the later one is named."""
    known = Repetition()
    for lesson, place, section in course.written():
        yield from known.meet(lesson, place, section.body)
