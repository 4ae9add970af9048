"""Check 1: that everything is there, in numbers that can be taught."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.quality.finding import Finding
from services.rules.wording import folded

LESSONS = (3, 12)
SECTIONS = (2, 4)
BODY = (100, 24_000)  # characters
QUESTIONS = (1, 3)


def lesson_count(titles: Sequence[str], path: str) -> Iterator[Finding]:
    """3 to 12 lessons, each with a title of its own."""
    yield from _counted(path, len(titles), LESSONS, "lessons")
    yield from named(titles, path, "")


def section_count(titles: Sequence[str], path: str) -> Iterator[Finding]:
    """2 to 4 sections in a lesson, each with a title of its own."""
    yield from _counted(f"{path}.sections", len(titles), SECTIONS, "sections")
    yield from named(titles, f"{path}.sections", ".title")


def named(titles: Sequence[str], path: str, ending: str) -> Iterator[Finding]:
    """Titles that are empty, or the same as an earlier one."""
    seen: set[str] = set()
    for at, title in enumerate(titles):
        if not title.strip():
            yield Finding(f"{path}.{at}{ending}", "structure", "no title", "a title")
        elif folded(title) in seen:
            yield Finding(f"{path}.{at}{ending}", "structure", "a title that comes twice", "a title of its own")
        seen.add(folded(title))


def body_length(body: str, path: str) -> Iterator[Finding]:
    """A text of 100 to 24 000 characters."""
    yield from _counted(f"{path}.body", len(body.strip()), BODY, "characters")


def question_count(prompts: Sequence[str], path: str, *, needed: bool) -> Iterator[Finding]:
    """1 to 3 questions for a section (none is allowed where none is `needed`), none asked twice."""
    lowest, highest = QUESTIONS
    if not (lowest if needed else 0) <= len(prompts) <= highest:
        yield Finding(f"{path}.questions", "structure", f"{len(prompts)} questions", f"{lowest} to {highest} questions")
    seen: set[str] = set()
    for at, prompt in enumerate(prompts):
        if folded(prompt) in seen:
            yield Finding(f"{path}.questions.{at}.prompt", "structure", "asked before", "another question")
        seen.add(folded(prompt))


def _counted(path: str, count: int, limits: tuple[int, int], what: str) -> Iterator[Finding]:
    lowest, highest = limits
    if not lowest <= count <= highest:
        yield Finding(path, "structure", f"{count} {what}", f"{lowest} to {highest} {what}")
