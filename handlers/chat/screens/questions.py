"""The screens of a question: open, after a wrong first try, settled; and how those of a section went. Pure.

What is right is in a view only once the question is settled, so no screen and no key here can tell it before."""

from __future__ import annotations

import re

from handlers.chat.buttons import OpenCourse, OpenSection
from handlers.chat.buttons_questions import Answer, AskLesson, AskSection, Flag, OpenQuestion, Skip
from handlers.chat.screen import Key, Row, Screen
from handlers.chat.screens.words import clip
from handlers.texts import plain, say
from services.views import CourseView, LessonView, ProgressView, SectionView
from services.views.questions import AskedView, QuestionsView, Reason

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LABEL = 36  # characters of a title on a key: what a phone shows
SHORT, LONG = 16, 34  # characters of an option that shares its row on a keyboard, and of one that has it alone
LETTERS_A_ROW = 6
_TITLE, _PROMPT, _OPTION, _HINT, _WHY, _LINE = 80, 600, 120, 300, 450, 80  # characters that are shown of each
_CODE = re.compile(r"`([^`\n]+)`")


def letter(place: int) -> str:
    """What the option at `place` is called."""
    return LETTERS[place % len(LETTERS)]


def question(language: str, asked: AskedView, beside: QuestionsView) -> Screen:
    """A question as it stands, and what can be done: answer it, or go on."""
    if asked.open:
        return Screen("\n".join(_open_lines(language, asked, beside)), tuple(_open_rows(language, asked)))
    lines = [_head(language, asked, beside.section), _prompt(language, asked), "", *_settled_lines(language, asked)]
    progress = beside.progress
    if progress.score is not None and not progress.questions_open and progress.percent == 100:
        lines += ["", say(language, "question.score", score=progress.score)]
    return Screen("\n".join(lines), tuple(_settled_rows(language, asked, beside)))


def toast(language: str, asked: AskedView) -> str:
    """What the tap on an option is answered with."""
    word = "again" if asked.open else asked.outcome
    return "" if word == "voided" else plain(language, f"question.toast.{word}")


def summary(language: str, view: QuestionsView) -> Screen:
    """How the questions of a section went, each to be looked at again."""
    shown = [one for one in view.questions if one.outcome != "voided"]
    back = (_back(language, view.section),)
    if not shown:
        return Screen(say(language, "question.none"), (back,))
    lines = [say(language, "questions.head", title=view.section.title)]
    lines += [
        coded(say(language, f"questions.line.{one.outcome}", n=one.number, prompt=clip(one.prompt, _LINE)))
        for one in shown
    ]
    right = sum(one.at_first for one in shown)
    lines += ["", say(language, "questions.count", right=right, total=len(shown))]
    numbers = tuple(Key(str(one.number), OpenQuestion(one.id)) for one in shown)
    onward = () if _is_next(view) else _onward(language, view.progress)
    return Screen("\n".join(lines), tuple(row for row in (numbers, onward, back) if row))


def section_key(language: str, progress: ProgressView, section: SectionView) -> Key | None:
    """The key that leads from a section to its questions; None where it has none."""
    if not section.question_count:
        return None
    left = progress.open_in(section)
    label = plain(language, "question.key", n=left) if left else plain(language, "question.key.done")
    return Key(label, AskSection(section.id))


def lesson_key(language: str, progress: ProgressView, lesson: LessonView) -> Key | None:
    """The key that leads to the open questions of a lesson; None where none is open."""
    left = sum(progress.open_in(section) for section in lesson.sections if section.written)
    return Key(plain(language, "question.key", n=left), AskLesson(lesson.course_id, lesson.id)) if left else None


def open_elsewhere(course: CourseView, progress: ProgressView) -> SectionView | None:
    """The first section of a course with open questions, completed ones first."""
    waiting = [section for section in course.sections if section.written and progress.open_in(section)]
    return next((one for one in waiting if one.id in progress.done), waiting[0] if waiting else None)


def prompted(language: str, prompt: str) -> str:
    """A question's words."""
    return coded(say(language, "question.prompt", prompt=clip(prompt, _PROMPT)))


def options(language: str, texts: tuple[str, ...], gone: tuple[int, ...] = ()) -> list[str]:
    """The options a line each, with their letters; those that are `gone` struck out."""
    return [
        coded(
            say(
                language,
                "question.option.gone" if place in gone else "question.option",
                letter=letter(place),
                text=clip(text, _OPTION),
            )
        )
        for place, text in enumerate(texts)
    ]


def coded(html: str) -> str:
    """Escaped text in which what stands between `backticks` is code, as authors write it."""
    return _CODE.sub(r"<code>\1</code>", html)


def _head(language: str, asked: AskedView, section: SectionView) -> str:
    title = clip(section.title, _TITLE)
    if asked.outcome == "voided":
        return say(language, "question.head.voided", title=title)
    return say(language, "question.head", title=title, n=asked.number, of=asked.of)


def _prompt(language: str, asked: AskedView) -> str:
    return prompted(language, asked.prompt)


def _open_lines(language: str, asked: AskedView, beside: QuestionsView) -> list[str]:
    lines = [_head(language, asked, beside.section), _prompt(language, asked)]
    if not _fits_keys(asked):
        lines += ["", *options(language, asked.options, asked.tried)]
    if asked.hint is not None:
        key = "question.try_again" if asked.hint else "question.try_again.plain"
        lines += ["", coded(say(language, key, hint=clip(asked.hint, _HINT)))]
    return lines


def _fits_keys(asked: AskedView) -> bool:
    return max(map(len, asked.options), default=0) <= LONG


def _open_rows(language: str, asked: AskedView) -> list[Row]:
    attempt = asked.attempt or 1
    on_keys = _fits_keys(asked)
    keys = [
        Key(_label(language, place, text) if on_keys else letter(place), Answer(asked.id, place, attempt))
        for place, text in enumerate(asked.options)
        if place not in asked.tried
    ]
    longest = max(map(len, asked.options), default=0)
    a_row = LETTERS_A_ROW if not on_keys else 2 if longest <= SHORT else 1
    rows: list[Row] = [tuple(keys[at : at + a_row]) for at in range(0, len(keys), a_row)]
    rows.append((Key(plain(language, "question.skip"), Skip(asked.id, attempt)), _flag(language, asked)))
    rows.append((Key(plain(language, "question.back"), OpenSection(asked.section_id, 0)),))
    return rows


def _label(language: str, place: int, text: str) -> str:
    return plain(language, "question.option", letter=letter(place), text=_CODE.sub(r"\1", text))


def _flag(language: str, asked: AskedView) -> Key:
    return Key(plain(language, "question.flag"), Flag(asked.id))


def _settled_lines(language: str, asked: AskedView) -> list[str]:
    lines = [say(language, "question.voided")] if asked.outcome == "voided" else []
    if asked.chosen is not None and asked.chosen != asked.right:
        lines += _reason(language, "question.wrong", asked.chosen)
    if asked.right is not None:
        lines += _reason(language, "question.right", asked.right)
    return lines


def _reason(language: str, key: str, reason: Reason) -> list[str]:
    lines = [coded(say(language, key, letter=letter(reason.place), text=clip(reason.text, _OPTION)))]
    if reason.explanation:
        lines.append(coded(say(language, "question.why", explanation=clip(reason.explanation, _WHY))))
    return lines


def _settled_rows(language: str, asked: AskedView, beside: QuestionsView) -> list[Row]:
    upcoming = beside.upcoming
    rows: list[Row] = []
    if upcoming is not None:
        rows.append((Key(plain(language, "question.next"), OpenQuestion(upcoming.id)),))
    elif not _is_next(beside):
        rows.append(_onward(language, beside.progress))
    back = _back(language, beside.section)
    rows.append((back,) if asked.outcome == "voided" else (back, _flag(language, asked)))
    return rows


def _back(language: str, section: SectionView) -> Key:
    return Key(plain(language, "question.back"), OpenSection(section.id, 0))


def _is_next(view: QuestionsView) -> bool:
    """Whether the section itself is not done: then it is what comes next, and the way back leads there."""
    upcoming = view.progress.next_section
    return upcoming is not None and upcoming.id == view.section.id


def _onward(language: str, progress: ProgressView) -> Row:
    upcoming = progress.next_section
    if upcoming is not None:
        label = plain(language, "question.on", title=clip(upcoming.title, LABEL))
        return (Key(label, OpenSection(upcoming.id, 0)),)
    waiting = open_elsewhere(progress.course, progress)
    if waiting is not None:
        return (Key(plain(language, "question.key", n=progress.questions_open), AskSection(waiting.id)),)
    return (Key(plain(language, "question.all"), OpenCourse(progress.course.id)),)
