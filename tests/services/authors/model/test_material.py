from __future__ import annotations

import dataclasses

from services.authors.model import material
from services.authors.protocol import LessonPlan, Passage, SectionPlan, Source, SourceNode
from tests.services.authors.author_kit import ORDER, source


def long_source(nodes: int, passages: int, characters: int) -> Source:
    return Source(
        title="Long",
        language="en",
        nodes=tuple(
            SourceNode(
                f"Part {node}",
                1,
                tuple(Passage(f"p{node}-{each}", "x" * characters, "", "") for each in range(passages)),
            )
            for node in range(nodes)
        ),
        words=1,
    )


def lesson(*passages: tuple[str, ...]) -> LessonPlan:
    return LessonPlan("L", (), tuple(SectionPlan("S", "F", 5, each) for each in passages))


def test_a_short_source_goes_in_whole() -> None:
    assert len(material.sample(source(), 100_000)) == 24


def test_of_a_long_source_every_part_is_seen() -> None:
    taken = material.sample(long_source(50, 40, 500), 60_000)
    assert sum(len(each.text) for each in taken) <= 60_000
    assert {each.id.partition("-")[0] for each in taken} == {f"p{node}" for node in range(50)}


def test_a_lesson_gets_its_own_passages_first_then_their_neighbours() -> None:
    chosen = material.passages_for(source(), lesson(("p9",), ("p20", "unknown")), [0, 1])
    assert [each.id for each in chosen] == ["p7", "p8", "p9", "p10", "p11", "p18", "p19", "p20", "p21", "p22"]
    assert [each.id for each in material.passages_for(source(), lesson(("p0",), ("p20",)), [0])] == ["p0", "p1", "p2"]


def test_without_known_passages_it_gets_the_beginning() -> None:
    chosen = material.passages_for(long_source(10, 40, 1000), lesson(("nowhere",)), [0])
    assert [each.id for each in chosen] == [f"p{at // 40}-{at % 40}" for at in range(60)]


def test_own_passages_come_before_neighbours_when_room_is_short() -> None:
    document = long_source(1, 100, 25_000)
    chosen = material.passages_for(document, lesson(("p0-10", "p0-50")), [0])
    assert [each.id for each in chosen] == ["p0-10", "p0-50"]


def test_a_plan_is_told_the_headings_and_numbered_objectives() -> None:
    data = material.of_order(dataclasses.replace(ORDER, source=source()))
    assert data["headings"] == ["Day 1", "Day 2", "Day 3", "Day 4"]
    assert data["objective"] == [{"number": at, "text": text} for at, text in enumerate(ORDER.objectives, 1)]
