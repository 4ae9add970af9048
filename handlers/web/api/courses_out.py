"""Courses as they go out: the same for everybody who may see them; what is the caller's own goes beside."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from handlers.phrases import standing
from handlers.web import notices
from handlers.web.dispatch import PREFIX
from handlers.web.notices import NoticeOut
from handlers.web.operations import Out
from services.authors.protocol import Citation, Level
from services.rules.accessibility import features
from services.rules.progress import percent
from services.views import CourseView, LessonState, LessonView, ProgressView, SectionView


class CitationOut(Out):
    """A quote that a section rests on, and where it stands in the source: `place` in words (in the course's language,
    if spoken), `page` as a number, null in a document without pages."""

    passage: str
    quote: str
    place: str
    page: int | None


class SectionOut(Out):
    """A section; `body` is Markdown, empty until it is written; `questions_failure` is the code of why its questions
    could not be made, null unless they could not."""

    id: int
    position: int
    title: str
    minutes: int
    written: bool
    version: int
    question_count: int
    questions_failure: str | None
    body: str
    citations: tuple[CitationOut, ...]


class LessonOut(Out):
    """A lesson with its sections in order; `failure` is the code of why it could not be written."""

    id: int
    position: int
    title: str
    objectives: tuple[str, ...]
    state: LessonState
    failure: str | None
    minutes: int
    sections: tuple[SectionOut, ...]


class CreditOut(Out):
    """Who wrote it, and when."""

    ai_generated: bool
    author: str
    models: tuple[str, ...]
    prompt_version: str
    made_from: str
    written_at: datetime


class PictureOut(Out):
    """The course's picture, and what it shows."""

    url: str
    alternative_text: str


class RemainingOut(Out):
    """Minutes that are left, as a range; from one's own pace once that can be told."""

    low: int
    high: int
    own_pace: bool


class DoneOut(Out):
    """A completed section."""

    section_id: int
    lesson_id: int
    completed_at: datetime
    seconds: int


class StandingOut(Out):
    """Where the caller is in a course."""

    percent: int
    sections_done: int
    sections_total: int
    lessons_done: int
    lessons_total: int
    seconds_spent: int
    remaining: RemainingOut
    velocity: float | None = Field(description="Sections an hour over the last five completions")
    next_section_id: int | None
    done: tuple[DoneOut, ...]
    enrolled_at: datetime
    last_accessed_at: datetime


class CourseOut(Out):
    """A course with its figures and everything in it. `progress` is there if it was asked for, null for whoever is not
    enrolled."""

    id: int
    owner_id: int
    title: str
    description: str
    objectives: tuple[str, ...]
    level: Level
    language: str
    state: Literal["making", "ready", "stopped"]
    visibility: Literal["private", "public"]
    created_at: datetime
    credit: CreditOut
    accessibility: tuple[str, ...] = Field(description="Words of schema.org's accessibilityFeature")
    picture: PictureOut | None
    lessons_total: int
    sections_total: int
    minutes: int
    objectives_total: int
    percent_ready: int = Field(description="How much of the content is written")
    notices: tuple[NoticeOut, ...] = Field(description="What is otherwise than asked for, in the course's language")
    lessons: tuple[LessonOut, ...]
    progress: StandingOut | None = None


class CourseSummaryOut(Out):
    """A course in a list. From `owned` on it is about the caller: null for whoever is not enrolled."""

    id: int
    title: str
    description: str
    level: Level
    language: str
    state: Literal["making", "ready", "stopped"]
    visibility: Literal["private", "public"]
    created_at: datetime
    lessons_total: int
    sections_total: int
    minutes: int
    objectives_total: int
    percent_ready: int
    owned: bool
    generation_id: int | None
    enrolled: bool
    archived: bool
    percent: int | None
    sections_done: int | None
    enrolled_at: datetime | None
    last_accessed_at: datetime | None


class CoursesOut(Out):
    """Some courses, the newest first; `next_cursor` leads to the rest, null at the end."""

    items: tuple[CourseSummaryOut, ...]
    next_cursor: str | None


class EnrolledOut(Out):
    """An enrolment."""

    course_id: int
    enrolled_at: datetime


def render(course: CourseView) -> bytes:
    """The course as everybody gets it."""
    return course_out(course).model_dump_json(exclude={"progress"}).encode()


def with_progress(raw: bytes, progress: ProgressView | None) -> bytes:
    """What `render` made, with the caller's own put in."""
    own = b"null" if progress is None else standing_out(progress).model_dump_json().encode()
    return raw[:-1] + b',"progress":' + own + b"}"


def course_out(course: CourseView) -> CourseOut:
    """A course with its figures."""
    written = sum(1 for section in course.sections if section.written)
    return CourseOut(
        id=course.id,
        owner_id=course.owner_id,
        title=course.title,
        description=course.description,
        objectives=course.objectives,
        level=course.level,
        language=course.language,
        state=course.state,
        visibility=course.visibility,
        created_at=course.created_at,
        credit=_credit(course),
        accessibility=features(course),
        picture=_picture(course),
        lessons_total=len(course.lessons),
        sections_total=course.sections_total,
        minutes=course.minutes,
        objectives_total=len(course.objectives),
        percent_ready=percent(written, course.sections_total),
        notices=notices.of_course(course),
        lessons=tuple(lesson_out(lesson, course.language) for lesson in course.lessons),
    )


def _credit(course: CourseView) -> CreditOut:
    return CreditOut(
        ai_generated=course.credit.ai,
        author=course.credit.name,
        models=course.credit.models,
        prompt_version=course.credit.prompt_version,
        made_from=course.credit.made_from,
        written_at=course.created_at,
    )


def _picture(course: CourseView) -> PictureOut | None:
    if course.picture is None:
        return None
    return PictureOut(url=f"{PREFIX}/courses/{course.id}/picture", alternative_text=course.picture)


def lesson_out(lesson: LessonView, language: str) -> LessonOut:
    """A lesson of a course in that language."""
    return LessonOut(
        id=lesson.id,
        position=lesson.position,
        title=lesson.title,
        objectives=lesson.objectives,
        state=lesson.state,
        failure=lesson.failure,
        minutes=lesson.minutes,
        sections=tuple(section_out(section, language) for section in lesson.sections),
    )


def section_out(section: SectionView, language: str) -> SectionOut:
    """A section of a course in that language."""
    said = {name: getattr(section, name) for name in SectionOut.model_fields if name != "citations"}
    return SectionOut(**said, citations=tuple(_citation(one, language) for one in section.citations))


def _citation(one: Citation, language: str) -> CitationOut:
    place = standing(language, one.place, one.page)
    return CitationOut(passage=one.passage, quote=one.quote, place=place, page=one.page or None)


def standing_out(progress: ProgressView) -> StandingOut:
    """Where a learner is."""
    return StandingOut(
        percent=progress.percent,
        sections_done=progress.sections_done,
        sections_total=progress.sections_total,
        lessons_done=progress.lessons_done,
        lessons_total=progress.lessons_total,
        seconds_spent=progress.seconds_spent,
        remaining=RemainingOut.model_validate(progress.remaining),
        velocity=progress.velocity,
        next_section_id=None if progress.next_section is None else progress.next_section.id,
        done=tuple(DoneOut.model_validate(one) for one in progress.done.values()),
        enrolled_at=progress.enrolled_at,
        last_accessed_at=progress.last_accessed_at,
    )
