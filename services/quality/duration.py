"""Check 10: how long it takes to read, for a section and over a course."""

from __future__ import annotations

from collections.abc import Iterator

from services.quality.finding import Finding
from services.rules.reading import reading_minutes

SECTION = (4, 15)  # minutes
COURSE_TOLERANCE = 0.15
CONTRACT_TOLERANCE = 0.4  # of a section against its plan: course-wide it evens out, and a course is held to 15 %
EXPECTED_QUESTIONS = 2


def section_time(body: str, questions: int | None, planned: int, path: str) -> Iterator[Finding]:
    """A section that takes less than 4 or more than 15 minutes with its `questions` (None: not known yet), or (a
    warning) far from what was planned for it (0: nothing was)."""
    minutes = reading_minutes(body, EXPECTED_QUESTIONS if questions is None else questions)
    lowest, highest = SECTION
    if not lowest <= minutes <= highest:
        expected = f"{lowest} to {highest} minutes"
        yield Finding(f"{path}.body", "reading_time", f"{minutes} min to read", expected)
    elif planned and abs(minutes - planned) > max(1.0, CONTRACT_TOLERANCE * planned):
        yield Finding(f"{path}.body", "reading_time", f"{minutes} min to read", f"about {planned} minutes", "warning")


def course_time(minutes: int, asked: int) -> Iterator[Finding]:
    """A whole course that takes more than 15 % longer or shorter than asked for."""
    if asked and abs(minutes - asked) > COURSE_TOLERANCE * asked:
        yield Finding("lessons", "reading_time", f"{minutes} min in all", f"{asked} min ± 15 %")
