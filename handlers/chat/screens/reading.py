"""The screens of reading: a section's page, the keys after ✅, the end of a lesson and of a course. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.chat.amounts import minutes, time_range, when
from handlers.chat.buttons import Button, MarkDone, OpenCourse, OpenLesson, OpenSection, Undo, WriteNote
from handlers.chat.buttons_questions import AskSection
from handlers.chat.buttons_reading import ListCourses, WhatNext
from handlers.chat.pages import Page
from handlers.chat.screen import Key, Row, Screen
from handlers.chat.screens.questions import lesson_key, open_elsewhere, section_key
from handlers.chat.screens.words import clip, duration
from handlers.texts import plain, say
from services.views import CompletionView, CourseView, LessonView, ProgressView, SectionView

LAST_PAGE = 999  # "the last one, whichever that is"; the reader clamps it
LABEL = 36  # characters of a title on a key: what a phone shows
UNDO_FOR = timedelta(seconds=60)


def section_page(
    language: str, progress: ProgressView, lesson: LessonView, section: SectionView, page: Page, done_at: str | None
) -> Screen:
    """One page of a section. `done_at` is when it was completed, in words; None if it was not."""
    turn = [Key("◀", _before(progress.course, lesson, section, page))]
    if page.index + 1 == page.count:
        label = plain(language, "section.done") if done_at is None else _done_label(language, done_at)
        turn.append(Key(label, MarkDone(section.id)))
    onward = _after(progress.course, lesson, section, page)
    if onward is not None:
        turn.append(Key("▶", onward))
    rows: list[Row] = [tuple(turn)]
    if done_at is not None and page.index + 1 == page.count:
        rows.append(_next_row(language, progress))
    beside = [Key(plain(language, "section.note"), WriteNote(section.id, page.index))]
    questions = section_key(language, progress, section)
    if questions is not None and page.index + 1 == page.count:
        beside.append(questions)
    rows.append(tuple(beside))
    return Screen(page.text, tuple(rows), page.entities)


def _before(course: CourseView, lesson: LessonView, section: SectionView, page: Page) -> Button:
    if page.index > 0:
        return OpenSection(section.id, page.index - 1)
    earlier = [other for other in lesson.sections if other.position < section.position]
    return OpenSection(earlier[-1].id, LAST_PAGE) if earlier else OpenLesson(course.id, lesson.id)


def _after(course: CourseView, lesson: LessonView, section: SectionView, page: Page) -> Button | None:
    if page.index + 1 < page.count:
        return OpenSection(section.id, page.index + 1)
    later = [other for other in lesson.sections if other.position > section.position]
    if later:
        return OpenSection(later[0].id, 0)
    lessons = [other for other in course.lessons if other.position > lesson.position]
    return OpenLesson(course.id, lessons[0].id) if lessons else None


def section_done(language: str, view: CompletionView, now: datetime, time_zone: str) -> tuple[Row, ...]:
    """The keys in place of ✅: when it was done, Undo for a minute, its questions, and what is next."""
    at = when(language, view.done.completed_at, now, time_zone)
    section = view.section.id
    if now - view.done.completed_at <= UNDO_FOR:
        first = Key(plain(language, "section.done_undo", time=at), Undo(section))
    else:
        first = Key(_done_label(language, at), MarkDone(section))
    questions = section_key(language, view.progress, view.section)
    rows: tuple[Row, ...] = ((first,), () if questions is None else (questions,), _next_row(language, view.progress))
    return tuple(row for row in rows if row)


def done_toast(language: str, view: CompletionView) -> str:
    """What the tap on ✅ is answered with: the per cent, and a mark of the way if one was passed."""
    percent = view.progress.percent
    marks = [item.kind for item in view.achievements if item.kind in {"quarter", "half", "three_quarters"}]
    if not marks or ends_lesson(view):
        return plain(language, "section.toast", percent=percent)
    return plain(language, "section.toast.mark", percent=percent, mark=plain(language, f"mark.{marks[-1]}"))


def ends_lesson(view: CompletionView) -> bool:
    """Whether this very completion was the last of its lesson, so that a message says so."""
    return any(item.kind in {"lesson", "course"} for item in view.achievements)


def lesson_end(language: str, view: CompletionView) -> Screen:
    """The message after the last section of a lesson; after the last of all, the course's own."""
    if view.progress.sections_done == view.progress.sections_total:
        return course_end(language, view)
    lines = [_lesson_line(language, view), _left_line(language, view.progress)]
    marks = [item.kind for item in view.achievements if item.kind in {"quarter", "half", "three_quarters"}]
    lines += [say(language, f"mark.{mark}") for mark in marks[-1:]]
    rows = _onward_rows(language, view.progress)
    questions = lesson_key(language, view.progress, view.lesson)
    return Screen("\n".join(lines), rows if questions is None else ((questions,), *rows))


def _lesson_line(language: str, view: CompletionView) -> str:
    rows = [view.progress.done[section.id] for section in view.lesson.sections]
    spent = minutes(sum(row.seconds for row in rows))
    return say(
        language,
        "lesson.end",
        number=view.lesson.position + 1,
        sections=plain(language, "amount.sections", n=len(rows)),
        time=duration(language, spent) if spent >= 60 else plain(language, "amount.minutes_long", n=spent),
    )


def _left_line(language: str, progress: ProgressView) -> str:
    if progress.upcoming is None or progress.awaited is not None:
        return say(language, "lesson.end.more_coming", percent=progress.percent)
    left = time_range(language, progress.remaining.low, progress.remaining.high)
    key = "lesson.end.left_own" if progress.remaining.own_pace else "lesson.end.left"
    return say(language, key, percent=progress.percent, left=left)


def _onward_rows(language: str, progress: ProgressView) -> tuple[Row, ...]:
    upcoming = progress.upcoming
    if upcoming is None:
        return ((Key(plain(language, "lesson.all"), OpenCourse(progress.course.id)),),)
    lesson = next(lesson for lesson in progress.course.lessons if lesson.id == upcoming.lesson_id)
    label = plain(language, "lesson.next", number=lesson.position + 1, title=clip(lesson.title, LABEL))
    return ((Key(label, OpenLesson(progress.course.id, lesson.id)),),)


def course_end(language: str, view: CompletionView) -> Screen:
    """The message at 100 %: what was done, in which time, with which score if there is one."""
    progress = view.progress
    text = say(
        language,
        "course.end",
        title=progress.course.title,
        lessons=plain(language, "amount.lessons", n=progress.lessons_total),
        sections=plain(language, "amount.sections", n=progress.sections_total),
        time=duration(language, minutes(progress.seconds_spent)),
    )
    lines = [text, *_score_lines(language, progress)]
    what_next = (Key(plain(language, "course.what_next"), WhatNext()),)
    waiting = open_elsewhere(progress.course, progress)
    if waiting is None:
        return Screen("\n".join(lines), (what_next,))
    label = plain(language, "question.key", n=progress.questions_open)
    return Screen("\n".join(lines), ((Key(label, AskSection(waiting.id)),), what_next))


def _score_lines(language: str, progress: ProgressView) -> list[str]:
    """The score, and that it can still grow while questions are open; no score before the first answer."""
    if progress.score is None:
        return []
    left, total = progress.questions_open, progress.questions_total
    if left and left == total:
        return [say(language, "course.end.unasked", n=left)]
    if left:
        return [say(language, "course.end.score_so_far", score=progress.score, n=left)]
    return [say(language, "course.end.score", score=progress.score)]


def unwritten(language: str, course: CourseView, lesson: LessonView, section: SectionView) -> Screen:
    """A section that has no text: here in a moment if it is being written, else when its lesson is tried again."""
    rows: list[Row] = [
        (Key(plain(language, "lesson.all"), OpenCourse(section.course_id)),),
        (Key(plain(language, "courses.list"), ListCourses(0, 0)),),
    ]
    awaited = course.awaited(lesson, section)
    if awaited:
        rows.insert(0, (Key(plain(language, "section.look_again"), OpenSection(section.id, 0)),))
    key = "section.unwritten" if awaited else "section.missing"
    return Screen(say(language, key, title=section.title), tuple(rows))


def _done_label(language: str, at: str) -> str:
    return plain(language, "section.done_at", time=at)


def _next_row(language: str, progress: ProgressView) -> Row:
    upcoming = progress.upcoming
    if upcoming is None:
        return (Key(plain(language, "lesson.all"), OpenCourse(progress.course.id)),)
    label = plain(language, "section.next", title=clip(upcoming.title, LABEL))
    return (Key(label, OpenSection(upcoming.id, 0)),)
