"""A whole course, or as much of it as is written, and what only the whole can show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.authors.protocol import Citation, Level, Passage, QuestionDraft
from services.quality.finding import Finding


@dataclass(frozen=True, slots=True)
class CheckedSection:
    """A section as it is stored. `body` is empty until it is written. `objectives` are places in the course's objectives;
    `shown_keys` the slot (0-based) on which each question's key is shown; `mended` what was found and put right on
    the way."""

    title: str
    body: str = ""
    minutes: int = 0
    outcome: str = ""
    objectives: tuple[int, ...] = ()
    passages: tuple[str, ...] = ()
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
    """A course for checking. `minutes` is what was asked for (0: nothing was), `passages` what may be cited, by id (None
    without a source), `enforced` False for the offline author, `flagged` categories that moderation found, by path
    (None where nobody looked), `alternative_text` the picture's (None without one)."""

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


def course_findings(course: CheckedCourse) -> tuple[Finding, ...]:
    """What is wrong with the course as a whole: structure, coverage of its objectives, progression, keys over all its
    questions, time against what was asked, repetition between lessons. Sections that are not written do not count."""
    return ()
