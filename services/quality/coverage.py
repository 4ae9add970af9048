"""Check 2: every objective of a course is taught in a section and asked for in a question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.authors.protocol import QuestionDraft
from services.quality.finding import Finding


@dataclass(frozen=True, slots=True)
class Taught:
    """A section in the graph: its path, the objectives (places from 0) that it serves, those that its questions test,
    and whether it is `written`."""

    path: str
    objectives: tuple[int, ...]
    tested: tuple[int | None, ...]
    written: bool


def served(sections: Sequence[Taught], objectives: int) -> Iterator[Finding]:
    """Objectives without a section, and sections that name one that is not there. What a question tests, its section
    serves."""
    for section in sections:
        for place in section.objectives:
            if not 0 <= place < objectives:
                yield dangling(f"{section.path}.objectives", place, objectives)
    reached = {place for section in sections for place in (*section.objectives, *section.tested)}
    for place in range(objectives):
        if place not in reached:
            yield Finding(f"objectives.{place}", "coverage", "no section serves it", "at least one section")


def tested(sections: Sequence[Taught], objectives: int) -> Iterator[Finding]:
    """Objectives that no question tests, unless a section that serves them is still to be written."""
    asked = {place for section in sections for place in section.tested}
    waiting = {place for section in sections if not section.written for place in section.objectives}
    for place in range(objectives):
        if place not in asked and place not in waiting:
            yield Finding(f"objectives.{place}", "coverage", "no question tests it", "at least one question")


def question_objective(question: QuestionDraft, objectives: int, own: Sequence[int], path: str) -> Iterator[Finding]:
    """A question for an objective that is not there, or (a warning) is not one of its section's `own`."""
    place = question.objective
    if place is None:
        return
    if not 0 <= place < objectives:
        yield dangling(f"{path}.objective", place, objectives)
    elif own and place not in own:
        expected = f"one of the section's: {', '.join(str(each + 1) for each in own)}"
        yield Finding(f"{path}.objective", "coverage", f"objective {place + 1}", expected, "warning")


def dangling(path: str, place: int, objectives: int) -> Finding:
    """An id that leads nowhere."""
    return Finding(path, "coverage", f"objective {place + 1}", f"one of 1 to {objectives}")
