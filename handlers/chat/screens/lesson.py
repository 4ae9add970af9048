"""A lesson's card: what it teaches, its sections, and the way in. Pure."""

from __future__ import annotations

from handlers.chat.buttons import OpenCourse, OpenLesson, OpenSection
from handlers.chat.buttons_asking import RetryLesson
from handlers.chat.screen import Key, Row, Screen
from handlers.chat.screens.questions import lesson_key
from handlers.chat.screens.words import duration
from handlers.texts import plain, say
from services.views import LessonView, ProgressView, SectionView

MAX_GOALS = 4  # a card fits a phone


def lesson_card(language: str, progress: ProgressView, lesson: LessonView, generation_id: int | None) -> Screen:
    """The card of a lesson. `generation_id` names the generation that can try a failed lesson again, if known."""
    course = progress.course
    lines = [_head(language, lesson)]
    if lesson.objectives:
        goals = [say(language, "lesson.goal", goal=goal) for goal in lesson.objectives[:MAX_GOALS]]
        lines += ["", say(language, "lesson.able"), *goals]
    if lesson.sections:
        lines += ["", *(_section_line(language, progress, section) for section in lesson.sections)]
    if lesson.state != "ready":
        lines += ["", _state_line(language, lesson)]
    rows: list[Row] = []
    begin = _begin(language, progress, lesson)
    if begin is not None:
        rows.append((begin,))
    elif any(course.awaited(lesson, section) for section in lesson.sections) or course.awaited(lesson):
        rows.append((Key(plain(language, "section.look_again"), OpenLesson(course.id, lesson.id)),))
    questions = lesson_key(language, progress, lesson)
    if questions is not None:
        rows.append((questions,))
    if lesson.state == "failed" and generation_id is not None and course.state != "making":
        label = plain(language, "lesson.retry", number=lesson.position + 1)
        rows.append((Key(label, RetryLesson(generation_id, lesson.id)),))
    rows.append((Key(plain(language, "lesson.all"), OpenCourse(course.id)),))
    return Screen("\n".join(lines), tuple(rows))


def _head(language: str, lesson: LessonView) -> str:
    if not lesson.sections:
        return say(language, "lesson.head.unplanned", number=lesson.position + 1, title=lesson.title)
    return say(
        language,
        "lesson.head",
        number=lesson.position + 1,
        title=lesson.title,
        sections=plain(language, "amount.sections", n=len(lesson.sections)),
        time=duration(language, lesson.minutes),
    )


def _state_line(language: str, lesson: LessonView) -> str:
    """Why not all of it can be read."""
    missing = [section.position + 1 for section in lesson.sections if not section.written]
    if lesson.state == "failed" and 0 < len(missing) < len(lesson.sections):
        numbers = ", ".join(map(str, missing))
        return say(language, "lesson.failed_in_part", n=len(missing), numbers=numbers)
    return say(language, f"lesson.{lesson.state}")


def _section_line(language: str, progress: ProgressView, section: SectionView) -> str:
    sign = "✅" if section.id in progress.done else "◻"
    return say(language, "lesson.section", sign=sign, title=section.title, minutes=section.minutes)


def _begin(language: str, progress: ProgressView, lesson: LessonView) -> Key | None:
    written = [section for section in lesson.sections if section.written]
    if not written:
        return None
    open_ones = [section for section in written if section.id not in progress.done]
    target = open_ones[0] if open_ones else written[0]
    begun = any(section.id in progress.done for section in lesson.sections)
    word = "lesson.again" if not open_ones else "lesson.go_on" if begun else "lesson.begin"
    return Key(plain(language, word), OpenSection(target.id, 0))
