"""What a course written by hand must be, beside the rules of `services.validation`. Pure; slow for long texts."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from services.authors.protocol import QuestionDraft
from services.errors import Fault
from services.rules.questions import checked_questions
from services.rules.texts import count_faults, length_faults, markup_faults
from services.validation import character_faults, clean_text, objective_faults

LESSONS = (3, 12)
SECTIONS = (2, 4)
NAME = (2, 150)  # characters of a lesson's or section's title
BODY = (100, 20_000)  # characters
OBJECTIVES = (0, 10)


@dataclass(frozen=True, slots=True)
class SectionText:
    """A section by hand; `body` is Markdown."""

    title: str
    body: str
    questions: tuple[QuestionDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class LessonText:
    """A lesson by hand."""

    title: str
    objectives: tuple[str, ...]
    sections: tuple[SectionText, ...]


def clean_body(text: str) -> str:
    """Markdown as it is kept: NFC, one kind of line end, no empty lines at the ends; blanks inside stay."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip("\n").rstrip()


def checked_lessons(lessons: Sequence[LessonText]) -> tuple[tuple[LessonText, ...], list[Fault]]:
    """The lessons cleaned, and everything that is wrong with them (``lessons[0].sections[1].body``…)."""
    faults = count_faults("lessons", len(lessons), LESSONS)
    cleaned = []
    for number, lesson in enumerate(lessons[: 2 * LESSONS[1]]):
        kept, found = _lesson(lesson, f"lessons[{number}]")
        cleaned.append(kept)
        faults += found
    return tuple(cleaned), faults


def checked_section(section: SectionText, field: str = "") -> tuple[SectionText, list[Fault]]:
    """A section cleaned, and what is wrong with it; `field` is put before the names of its parts."""
    before = f"{field}." if field else ""
    title, body = clean_text(section.title), clean_body(section.body)
    questions, faults = checked_questions(section.questions, f"{before}questions")
    faults = name_faults(f"{before}title", title) + body_faults(f"{before}body", body) + faults
    return SectionText(title, body, questions), faults


def name_faults(field: str, text: str) -> list[Fault]:
    """Faults of a lesson's or section's title, given as `clean_text` left it."""
    return length_faults(field, text, NAME) + character_faults(field, text)


def body_faults(field: str, text: str) -> list[Fault]:
    """Faults of a section's text, given as `clean_body` left it. Markup in code is no fault; elsewhere it is."""
    return length_faults(field, text, BODY) + markup_faults(field, text, BODY[1])


def _lesson(lesson: LessonText, field: str) -> tuple[LessonText, list[Fault]]:
    title = clean_text(lesson.title)
    objectives = tuple(clean_text(one) for one in lesson.objectives)
    faults = name_faults(f"{field}.title", title) + count_faults(f"{field}.objectives", len(objectives), OBJECTIVES)
    for number, one in enumerate(objectives[: OBJECTIVES[1]]):
        faults += objective_faults(one, f"{field}.objectives[{number}]")
    faults += count_faults(f"{field}.sections", len(lesson.sections), SECTIONS)
    sections = []
    for number, section in enumerate(lesson.sections[: 2 * SECTIONS[1]]):
        kept, found = checked_section(section, f"{field}.sections[{number}]")
        sections.append(kept)
        faults += found
    return LessonText(title, objectives, tuple(sections)), faults
