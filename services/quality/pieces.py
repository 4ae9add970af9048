"""What a new piece of a lesson is checked for: its text, and its questions. Pure, but not free: call it in a thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.authors.protocol import LessonPlan, Level, Passage, QuizDraft, SectionDraft
from services.quality.finding import Finding


@dataclass(frozen=True, slots=True)
class SectionContext:
    """What a piece is held against: the place of its lesson (0-based) and that lesson's contract, the course's level and
    language, how many objectives the course has, and the passages that may be cited, by id (None for a course without a
    source). `enforced` is False for an author who cannot write to measure: reading time and readability are then warnings.
    `flagged` are categories that moderation found in the piece, None where nobody looked."""

    lesson: int
    plan: LessonPlan
    level: Level
    language: str
    objectives: int = 0
    passages: Mapping[str, Passage] | None = None
    enforced: bool = True
    flagged: tuple[str, ...] | None = None
    questions: Mapping[int, int] = field(default_factory=dict)
    """Questions of each section (by its place), where they are known already; 2 are reckoned with elsewhere."""


def section_findings(draft: SectionDraft, context: SectionContext) -> tuple[Finding, ...]:
    """What is wrong with the text of a section by itself, errors first. Paths begin
    ``lessons.<lesson>.sections.<index>.``; those that a repair can ask for end in ``body`` or ``citations.<n>``."""
    return ()


def quiz_findings(draft: QuizDraft, context: SectionContext) -> tuple[Finding, ...]:
    """What is wrong with the questions of a section, errors first. Paths go on ``.questions.<n>``, and where one part
    alone is meant ``.prompt``, ``.key``, ``.hint`` or ``.options.<m>.text`` / ``.options.<m>.explanation``."""
    return ()
