"""What became otherwise than it was asked for, said with a stable code and in words."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from handlers.phrases import without_questions
from handlers.texts import plain
from handlers.web.operations import Out
from services.views import CourseView, GenerationView


class NoticeOut(Out):
    """Something that whoever asked should know. ``source_enough_for``: the document is enough for `minutes` only, so
    there are fewer lessons than the time wished for would have. ``questions_missing``: the questions of so many
    `sections` could not be made, which can be tried again."""

    code: Literal["source_enough_for", "questions_missing"]
    message: str
    minutes: int | None = Field(default=None, description="For how long a course the document is enough")
    sections: int | None = Field(default=None, description="How many sections have no questions")


def of_generation(view: GenerationView, language: str) -> tuple[NoticeOut, ...]:
    """The notices of a course being made."""
    return (
        *enough_for(view.enough_for, language),
        *_questions(view.without_questions, view.questions_failure, language),
    )


def of_course(course: CourseView) -> tuple[NoticeOut, ...]:
    """The notices of a course that was made, in its own language."""
    failures = [section.questions_failure for section in course.sections if section.questions_failure]
    return (
        *enough_for(int(course.credit.extra.get("enough_for", 0)), course.language),
        *_questions(len(failures), failures[0] if failures else None, course.language),
    )


def enough_for(minutes: int, language: str) -> tuple[NoticeOut, ...]:
    """The notice of a document that is enough for so many minutes; none for 0: it is enough for what was asked."""
    if not minutes:
        return ()
    message = plain(language, "notice.source_enough_for", n=minutes)
    return (NoticeOut(code="source_enough_for", message=message, minutes=minutes),)


def _questions(sections: int, failure: str | None, language: str) -> tuple[NoticeOut, ...]:
    if not sections:
        return ()
    message = without_questions(sections, failure, language)
    return (NoticeOut(code="questions_missing", message=message, sections=sections),)
