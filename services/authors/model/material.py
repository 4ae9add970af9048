"""What a prompt carries as data: the learner's request, the plan, and as much of the source as fits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from services.authors.model.sizes import enough_for
from services.authors.protocol import CoursePlan, LessonPlan, Order, Passage, Source, Wish

PLAN_BUDGET = 160_000  # characters of source in the call that plans
LESSON_BUDGET = 60_000  # characters of source in a call that writes
THINNEST_SOURCE = 1_200  # characters: less cannot carry 3 × 2 sections of 100 characters and something to ask
PROPOSAL_BUDGET = 24_000  # characters of source in the call that proposes
LEAST_SHARE = 600  # characters under a heading that are worth showing
MOST_HEADINGS = 300

Material = dict[str, object]
LINK = re.compile(r"\b(?:https?://|www\.)[^\s<>\"'()\[\]]+", re.IGNORECASE)


def of_wish(wish: Wish) -> Material:
    """The data of a proposal."""
    material: Material = {"wish": without_links(wish.topic), "detail": without_links(wish.detail)}
    material["interests"] = list(wish.interests)
    if wish.source:
        material |= {"source": wish.source.title, "headings": _headings(wish.source)}
        material["passage"] = as_data(sample(wish.source, PROPOSAL_BUDGET))
    return material


def of_order(order: Order) -> Material:
    """The data that all calls of a course share: the request, and the source if it is short enough to go with each."""
    material: Material = {
        "course": order.title,
        "description": without_links(order.description),
        "objective": [
            {"number": number, "text": without_links(text)} for number, text in enumerate(order.objectives, 1)
        ],
        "interests": list(order.interests),
    }
    if order.source:
        material["headings"] = _headings(order.source)
        if is_short(order.source):
            material["passage"] = as_data(list(all_passages(order.source)))
    return material


def of_outline(plan: CoursePlan) -> Material:
    """The data that all calls after the plan share."""
    return {
        "lesson": [{"number": number, "title": lesson.title} for number, lesson in enumerate(plan.lessons, 1)],
        "glossary": [{"term": each.term, "meaning": each.meaning} for each in plan.glossary],
        "running example": plan.example,
    }


def of_contract(lesson: LessonPlan, wanted: Sequence[int]) -> Material:
    """The data of a lesson: its contract, in full for the sections that are `wanted` (0-based)."""
    sections: list[dict[str, object]] = []
    for number, section in enumerate(lesson.sections, 1):
        told: dict[str, object] = {"number": number, "title": section.title}
        if number - 1 in wanted:
            told |= {"focus": section.focus, "outcome": section.outcome, "passages": list(section.passages)}
        sections.append({name: value for name, value in told.items() if value not in ("", [])})
    return {
        "this lesson": lesson.title,
        "objectives": list(lesson.objectives),
        "section": sections,
        "needs": list(lesson.needs),
        "covered": list(lesson.covered),
        "avoid": list(lesson.avoid),
        "example here": lesson.example,
        "handoff": lesson.handoff,
    }


def of_known_plan(plan: CoursePlan) -> Material:
    """The data of a call for what is missing of a plan: the contracts that are there, in short."""
    return {
        "contract": [
            {"lesson": number, "sections": [section.title for section in each.sections], "handoff": each.handoff}
            for number, each in enumerate(plan.lessons, 1)
            if each.sections
        ]
    }


def minutes_of(order: Order) -> int:
    """The minutes of the course to plan: those ordered, or fewer where the source is not enough for them."""
    if order.source is None:
        return order.minutes
    return min(order.minutes, enough_for(source_characters(order.source), order.source.language))


def is_short(source: Source) -> bool:
    """Whether all of `source` goes with every call; else each lesson gets its own passages."""
    return source_characters(source) <= LESSON_BUDGET


def passages_for(source: Source, lesson: LessonPlan) -> list[Passage]:
    """The passages that `lesson` rests on, then those around them, in the order of the source, in at most
    `LESSON_BUDGET` characters. Without any that is known, the beginning of the source."""
    everything = list(all_passages(source))
    if is_short(source):
        return everything
    place = {passage.id: index for index, passage in enumerate(everything)}
    named = [place[each] for section in lesson.sections for each in section.passages if each in place]
    near = [index + step for index in named for step in (1, -1, 2, -2) if 0 <= index + step < len(everything)]
    chosen: set[int] = set()
    room = LESSON_BUDGET
    for index in dict.fromkeys([*named, *near] if named else range(len(everything))):
        if len(everything[index].text) <= room:
            chosen.add(index)
            room -= len(everything[index].text)
    return [everything[index] for index in sorted(chosen)]


def all_passages(source: Source) -> Iterator[Passage]:
    """Every passage of `source`, in order."""
    return (passage for node in source.nodes for passage in node.passages)


def by_id(passages: Sequence[Passage]) -> Mapping[str, Passage]:
    """`passages` under their ids."""
    return {each.id: each for each in passages}


def sample(source: Source, budget: int) -> list[Passage]:
    """The passages of `source` if they fit into `budget` characters; else the first ones under the headings, an equal
    share for each, so that the end of a long document is planned for as well as its beginning."""
    if source_characters(source) <= budget:
        return list(all_passages(source))
    filled = [node for node in source.nodes if node.passages]
    step = max(1, -(-len(filled) * LEAST_SHARE // budget))  # with very many headings: under every second, third…
    nodes = filled[::step]
    share = budget // max(1, len(nodes))
    taken: list[Passage] = []
    for node in nodes:
        room = share
        for passage in node.passages:
            if len(passage.text) > room:
                break
            taken.append(passage)
            room -= len(passage.text)
    return taken


def source_characters(source: Source) -> int:
    """Characters of text in `source`, headings not counted."""
    return sum(len(passage.text) for passage in all_passages(source))


def as_data(passages: Sequence[Passage]) -> list[dict[str, str]]:
    """`passages` as they stand in a prompt, without links; quotes are compared without links as well."""
    return [{"id": each.id, "heading": each.heading, "text": without_links(each.text)} for each in passages]


def without_links(text: str) -> str:
    """`text` without web addresses."""
    return LINK.sub("", text).strip()


def _headings(source: Source) -> list[str]:
    """The source's table of contents, indented by depth, in at most 300 lines: of a long one the higher headings, and
    every second, third… where even they are too many, so that its end is seen as well."""
    nodes, depth = source.nodes, max((node.depth for node in source.nodes), default=1)
    while len(nodes) > MOST_HEADINGS and depth > 1:
        depth -= 1
        nodes = tuple(node for node in source.nodes if node.depth <= depth)
    step = -(-len(nodes) // MOST_HEADINGS)
    return [f"{'  ' * (node.depth - 1)}{node.title}" for node in nodes[:: max(1, step)]]
