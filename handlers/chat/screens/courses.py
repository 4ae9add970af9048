"""One's courses: the list, one of them, deleting it, and what comes after it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.chat.buttons import Continue, OpenCourse, OpenLesson
from handlers.chat.buttons_asking import DiscardCourse, GoOn, NewRequest, RetryQuestions
from handlers.chat.buttons_reading import (
    ArchiveCourse,
    AskDelete,
    CourseProgress,
    DeleteCourse,
    ListCourses,
    RenameCourse,
    WhatNext,
)
from handlers.chat.errors import fault_sentence
from handlers.chat.screen import Key, Row, Screen
from handlers.chat.screens.pager import pager
from handlers.chat.screens.words import bar, clip, duration
from handlers.phrases import without_questions
from handlers.texts import plain, say
from services.authors.protocol import Credit
from services.errors import Fault
from services.validation import TITLE
from services.views import CourseCard, CourseView, LessonView, ProgressView

PAGE = 8  # courses on a screen
LABEL = 30  # characters of a title on a key that shares its row
NUMBERS = 6  # lesson numbers in a row
SUGGESTED = 3


def course_list(language: str, cards: Sequence[CourseCard], page: int, *, archived: bool) -> Screen:
    """One page of one's courses, each with its per cent and a Continue."""
    if not cards:
        return _no_courses(language, archived=archived)
    pages = -(-len(cards) // PAGE)
    page = min(page, pages - 1)
    shown = list(enumerate(cards, start=1))[page * PAGE : (page + 1) * PAGE]
    head = say(language, "courses.head.archived" if archived else "courses.head")
    lines = [head, *(_list_line(language, number, card) for number, card in shown)]
    rows = [_list_row(language, number, card) for number, card in shown]
    rows.append(pager(page, pages, lambda target: ListCourses(int(archived), target)))
    rows.append((_other_list(language, archived=archived),))
    return Screen("\n\n".join(lines), tuple(row for row in rows if row))


def _no_courses(language: str, *, archived: bool) -> Screen:
    text = say(language, "courses.none.archived" if archived else "courses.none")
    other = _other_list(language, archived=archived)
    return Screen(text, ((other,),) if archived else (_ask_row(language), (other,)))


def _ask_row(language: str) -> Row:
    return (Key(plain(language, "key.new_request"), NewRequest()),)


def _other_list(language: str, *, archived: bool) -> Key:
    label = plain(language, "courses.current" if archived else "courses.archived")
    return Key(label, ListCourses(int(not archived), 0))


def _list_line(language: str, number: int, card: CourseCard) -> str:
    key = "courses.line" if card.state == "ready" or card.sections_done else f"courses.line.{card.state}"
    return say(language, key, number=number, title=card.title, bar=bar(card.percent), percent=card.percent)


def _list_row(language: str, number: int, card: CourseCard) -> Row:
    name = Key(plain(language, "courses.key", number=number, title=clip(card.title, LABEL)), OpenCourse(card.id))
    if card.state == "stopped" or card.percent == 100 or not card.sections_total:
        return (name,)
    return (name, Key(plain(language, "course.continue"), Continue(card.id)))


def course(language: str, progress: ProgressView, learner_id: int, card: CourseCard | None) -> Screen:
    """One course: what it is, how far one is, its lessons, and what can be done with it.

    `card` is its entry in the learner's list, which knows the generation; None where there is no such entry."""
    shape = progress.course
    lines = [
        _head(language, shape),
        say(language, "course.description", description=shape.description),
        "",
        _percent_line(language, progress),
        *(_lesson_line(language, progress, lesson) for lesson in shape.lessons),
        "",
    ]
    if shape.state == "making":
        lines.append(say(language, "course.making" if shape.lessons else "course.planning"))
    if shape.state == "stopped":
        lines.append(say(language, "course.stopped"))
    if shape.owner_id == learner_id and (failures := unasked(shape)):
        lines += [without_questions(len(failures), failures[0], language), ""]
    lines.append(credit(language, shape.credit))
    if minutes := int(shape.credit.extra.get("enough_for", 0)):
        lines.append(say(language, "card.enough", time=duration(language, minutes)))
    return Screen("\n".join(lines), tuple(_course_rows(language, progress, learner_id, card)))


def unasked(shape: CourseView) -> list[str]:
    """Why questions could not be made, for each section of a ready course that has none therefore."""
    if shape.state != "ready":
        return []
    return [section.questions_failure for section in shape.sections if section.questions_failure is not None]


def _head(language: str, shape: CourseView) -> str:
    level = plain(language, f"level.{shape.level}")
    return say(language, "course.head", title=shape.title, level=level, time=duration(language, shape.minutes))


def _percent_line(language: str, progress: ProgressView) -> str:
    sections = plain(language, "amount.sections", n=progress.sections_total)
    percent = progress.percent
    return say(
        language, "course.percent", bar=bar(percent), percent=percent, done=progress.sections_done, sections=sections
    )


def _lesson_line(language: str, progress: ProgressView, lesson: LessonView) -> str:
    return say(language, "course.lesson", sign=_sign(progress, lesson), number=lesson.position + 1, title=lesson.title)


def _sign(progress: ProgressView, lesson: LessonView) -> str:
    if lesson.sections and all(section.id in progress.done for section in lesson.sections):
        return "✅"
    if progress.upcoming is not None and progress.upcoming.lesson_id == lesson.id:
        return "▶"
    return {"writing": "⏳", "failed": "✖"}.get(lesson.state, "◻")


def credit(language: str, written_by: Credit) -> str:
    """Who wrote the course, in a sentence."""
    if written_by.ai:
        name = ", ".join(written_by.models) or written_by.name
        return say(language, "course.credit.ai", name=name)
    if written_by.made_from:
        return say(language, "course.credit.source", source=written_by.made_from)
    return say(language, "course.credit.plain")


def _course_rows(language: str, progress: ProgressView, learner_id: int, card: CourseCard | None) -> list[Row]:
    shape = progress.course
    rows: list[Row] = []
    if progress.upcoming is not None:
        rows.append((Key(plain(language, "course.continue"), Continue(shape.id)),))
    if shape.state == "stopped" and card is not None and card.generation_id is not None:
        go_on = Key(plain(language, "course.go_on"), GoOn(card.generation_id))
        rows.append((go_on, Key(plain(language, "course.discard"), DiscardCourse(card.generation_id))))
    if unasked(shape) and shape.owner_id == learner_id and card is not None and card.generation_id is not None:
        rows.append((Key(plain(language, "key.retry_questions"), RetryQuestions(card.generation_id)),))
    numbers = [Key(str(lesson.position + 1), OpenLesson(shape.id, lesson.id)) for lesson in shape.lessons]
    rows += [tuple(numbers[at : at + NUMBERS]) for at in range(0, len(numbers), NUMBERS)]
    rows.append((Key(plain(language, "progress.key"), CourseProgress(shape.id)),))
    rows.append(_manage_row(language, shape, learner_id, archived=card is not None and card.archived))
    rows.append((Key(plain(language, "courses.current"), ListCourses(0, 0)),))
    return rows


def _manage_row(language: str, shape: CourseView, learner_id: int, *, archived: bool) -> Row:
    word = "course.restore" if archived else "course.archive"
    keys = [Key(plain(language, word), ArchiveCourse(shape.id, int(not archived)))]
    owned = shape.owner_id == learner_id
    if owned:
        keys.insert(0, Key(plain(language, "course.rename"), RenameCourse(shape.id)))
    keys.append(Key(plain(language, "course.delete" if owned else "course.leave"), AskDelete(shape.id)))
    return tuple(keys)


def ask_delete(language: str, shape: CourseView, *, owned: bool) -> Screen:
    """Is it really to go?"""
    word = "delete" if owned else "leave"
    rows = (
        (Key(plain(language, f"course.{word}.yes"), DeleteCourse(shape.id)),),
        (Key(plain(language, "course.delete.no"), OpenCourse(shape.id)),),
    )
    return Screen(say(language, f"course.{word}.ask", title=shape.title), rows)


def nothing_left(language: str, progress: ProgressView) -> Screen:
    """Continue, where there is nothing to continue with: all is done, or the rest is not written (yet)."""
    shape = progress.course
    if progress.percent == 100:
        rows: tuple[Row, ...] = ((Key(plain(language, "course.what_next"), WhatNext()),),)
        return Screen(say(language, "course.all_done", title=shape.title), (*rows, _back(language, shape)))
    word = "course.wait" if shape.state == "making" else "course.unfinished"
    return Screen(say(language, word, title=shape.title), (_back(language, shape),))


def _back(language: str, shape: CourseView) -> Row:
    return (Key(plain(language, "lesson.all"), OpenCourse(shape.id)),)


def what_next(language: str, cards: Sequence[CourseCard]) -> Screen:
    """After a course: ask for another, or go on with one that was begun."""
    begun = [card for card in cards if card.percent < 100 and card.sections_total and card.state != "stopped"]
    lines = [say(language, "next.ask")]
    if begun:
        lines.append(say(language, "next.also"))
    rows: list[Row] = []
    for card in begun[:SUGGESTED]:
        label = plain(language, "course.continue_title", title=clip(card.title, LABEL))
        rows.append((Key(label, Continue(card.id)),))
    rows += [_ask_row(language), (Key(plain(language, "courses.list"), ListCourses(0, 0)),)]
    return Screen("\n".join(lines), tuple(rows))


def rename_fault(language: str, typed: str, fault: Fault) -> str:
    """What is wrong with a new title, as something to do better."""
    if fault.rule not in {"too_short", "too_long"}:
        return fault_sentence(fault, language)
    low, high = TITLE
    key = f"rename.fault.{fault.rule}"
    return say(language, key, found=clip(typed, LABEL), length=fault.found, low=low, high=high)


def rename_ask(language: str, course_id: int, title: str, fault: str = "") -> Screen:
    """The question for a new title, after a sentence on what was wrong with the last one, if anything was."""
    question = say(language, "rename.ask", title=title)
    rows = ((Key(plain(language, "rename.cancel"), OpenCourse(course_id)),),)
    return Screen(f"{fault}\n\n{question}" if fault else question, rows)
