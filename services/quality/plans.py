"""What a plan is checked for while it arrives: the outline, each contract, and the whole."""

from __future__ import annotations

from collections.abc import Iterator

from services.authors.protocol import Contract, CoursePlan, LessonPlan, Order, Outline
from services.quality import bloom, coverage, structure
from services.quality.duration import SECTION, course_time
from services.quality.finding import Finding
from services.quality.language import script
from services.quality.leftovers import leftovers
from services.quality.pieces import errors_first


def outline_findings(outline: Outline, order: Order) -> tuple[Finding, ...]:
    """What is wrong with an outline: how many lessons, empty or equal titles, leftovers, another script. Paths:
    ``titles.<n>``, ``glossary.<n>``, ``example``."""
    return errors_first(_outline(outline, order))


def contract_findings(contract: Contract, outline: Outline, order: Order) -> tuple[Finding, ...]:
    """What is wrong with the contract of one lesson: its place, its sections, empty fields, objectives and passages
    that are not there, minutes. Paths: ``lessons.<position>.sections.<n>.focus``…"""
    found = _contract(contract.lesson, contract.position, order)
    if not 0 <= contract.position < len(outline.titles):
        expected = f"0 to {len(outline.titles) - 1}"
        outside = Finding(f"lessons.{contract.position}", "structure", f"lesson {contract.position}", expected)
        return errors_first((outside, *found))
    return errors_first(found)


def plan_findings(plan: CoursePlan, order: Order) -> tuple[Finding, ...]:
    """What is wrong with a whole plan: every lesson has its contract, each objective of the order is served by a
    section, lessons do not fall back in Bloom's levels, minutes come near what was asked."""
    return errors_first(_plan(plan, order))


def _outline(outline: Outline, order: Order) -> Iterator[Finding]:
    yield from structure.lesson_count(outline.titles, "titles")
    for place, title in enumerate(outline.titles):
        yield from leftovers(title, f"titles.{place}")
    for place, term in enumerate(outline.glossary):
        yield from leftovers(f"{term.term}\n{term.meaning}", f"glossary.{place}")
    yield from leftovers(outline.example, "example")
    yield from leftovers(outline.cover, "cover")
    words = "\n".join([*outline.titles, *(f"{term.term}: {term.meaning}" for term in outline.glossary)])
    yield from script(words, order.language, "titles")


def _contract(lesson: LessonPlan, position: int, order: Order) -> Iterator[Finding]:
    path = f"lessons.{position}"
    yield from structure.section_count([section.title for section in lesson.sections], path)
    known = {passage.id for node in order.source.nodes for passage in node.passages} if order.source else set()
    for place, section in enumerate(lesson.sections):
        here = f"{path}.sections.{place}"
        if not section.focus.strip():
            yield Finding(f"{here}.focus", "structure", "no focus", "what the section covers")
        for objective in section.objectives:
            if not 0 <= objective < len(order.objectives):
                yield coverage.dangling(f"{here}.objectives", objective, len(order.objectives))
        if any(passage not in known for passage in section.passages):
            yield Finding(f"{here}.passages", "citations", "a passage that is not there", "ids of passages given")
        lowest, highest = SECTION
        if not lowest <= section.minutes <= highest:
            expected = f"{lowest} to {highest} minutes"
            yield Finding(f"{here}.minutes", "reading_time", f"{section.minutes} min planned", expected, "warning")
        yield from leftovers("\n".join((section.title, section.focus, section.outcome)), here)


def _plan(plan: CoursePlan, order: Order) -> Iterator[Finding]:
    yield from structure.lesson_count([lesson.title for lesson in plan.lessons], "lessons")
    for position, lesson in enumerate(plan.lessons):
        yield from _contract(lesson, position, order)
    sections = [
        coverage.Taught(f"lessons.{position}.sections.{place}", section.objectives, (), written=False)
        for position, lesson in enumerate(plan.lessons)
        for place, section in enumerate(lesson.sections)
    ]
    yield from coverage.served(sections, len(order.objectives))
    yield from bloom.progression([lesson_level(lesson, plan.language) for lesson in plan.lessons])
    minutes = sum(section.minutes for lesson in plan.lessons for section in lesson.sections)
    yield from course_time(minutes, order.minutes)


def lesson_level(lesson: LessonPlan, language: str) -> int | None:
    """The highest of Bloom's levels (0–5) that a lesson's outcomes speak of; None if they say nothing."""
    return bloom.highest([section.outcome for section in lesson.sections], (), language)
