"""What a prompt carries as data: the learner's request, the plan, and as much of the source as fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.authors.protocol import CoursePlan, LessonPlan, Order, Passage, Source, Wish

PLAN_BUDGET = 160_000  # characters of source in the call that plans
LESSON_BUDGET = 60_000  # characters of source in a call that writes
THINNEST_SOURCE = 1_200  # characters: less cannot carry 3 × 2 sections of 100 characters and something to ask
PROPOSAL_BUDGET = 24_000  # characters of source in the call that proposes

Material = dict[str, object]


def of_wish(wish: Wish) -> Material:
    """The data of a proposal."""
    material: Material = {"wish": wish.topic, "interests": list(wish.interests)}
    if wish.source:
        material |= {"source": wish.source.title, "headings": _headings(wish.source)}
        material["passage"] = as_data(sample(wish.source, PROPOSAL_BUDGET))
    return material


def of_order(order: Order) -> Material:
    """The data of a plan."""
    material = _request(order)
    if order.source:
        material["headings"] = _headings(order.source)
        material["passage"] = as_data(sample(order.source, PLAN_BUDGET))
    return material


def of_lesson(order: Order, plan: CoursePlan, lesson: int, passages: Sequence[Passage]) -> Material:
    """The data of lesson `lesson` (0-based): the request, every lesson's outline, this lesson's sections in full."""
    material = _request(order)
    material["outline"] = [
        {"lesson": number, "title": each.title, "sections": [section.title for section in each.sections]}
        for number, each in enumerate(plan.lessons, 1)
    ]
    this = plan.lessons[lesson]
    material["this lesson"] = {"lesson": lesson + 1, "title": this.title, "objectives": list(this.objectives)}
    material["section"] = [
        {"number": number, "title": section.title, "focus": section.focus, "passages": list(section.passages)}
        for number, section in enumerate(this.sections, 1)
    ]
    material["passage"] = as_data(passages)
    return material


def passages_for(source: Source, lesson: LessonPlan, wanted: Sequence[int]) -> list[Passage]:
    """The passages that sections `wanted` (0-based) of `lesson` rest on, then those around them, in the order of the
    source, in at most `LESSON_BUDGET` characters. Without any that is known, the beginning of the source."""
    everything = list(all_passages(source))
    place = {passage.id: index for index, passage in enumerate(everything)}
    named = [place[each] for index in wanted for each in lesson.sections[index].passages if each in place]
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


def sample(source: Source, budget: int) -> list[Passage]:
    """The passages of `source` if they fit into `budget` characters; else the first ones under every heading, an equal
    share for each, so that the end of a long document is planned for as well as its beginning."""
    if source_characters(source) <= budget:
        return list(all_passages(source))
    share = budget // max(1, len(source.nodes))
    taken: list[Passage] = []
    for node in source.nodes:
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
    """`passages` as they stand in a prompt."""
    return [{"id": each.id, "heading": each.heading, "text": each.text} for each in passages]


def _request(order: Order) -> Material:
    """What the learner approved, and what they like."""
    return {
        "course": order.title,
        "description": order.description,
        "objective": [{"number": number, "text": text} for number, text in enumerate(order.objectives, 1)],
        "level": order.level,
        "interests": list(order.interests),
    }


def _headings(source: Source) -> list[str]:
    """The source's table of contents, indented by depth, at most 300 lines of it."""
    return [f"{'  ' * (node.depth - 1)}{node.title}" for node in source.nodes][:300]
