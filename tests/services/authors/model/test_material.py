from __future__ import annotations

import dataclasses

from services.authors.model import material
from services.authors.protocol import LessonPlan, Passage, SectionPlan, Source, SourceNode, Wish
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


def test_of_a_document_of_a_thousand_headings_beginning_and_end_are_seen() -> None:
    document = long_source(1000, 3, 500)
    taken = [int(each.id[1:].partition("-")[0]) for each in material.sample(document, 24_000)]
    assert len(taken) >= 30
    assert min(taken) < 30
    assert max(taken) > 970
    wish = Wish("x", "beginner", 60, "en", document)
    headings = material.of_wish(wish)["headings"]
    assert isinstance(headings, list)
    assert 200 < len(headings) <= 300
    assert (headings[0], headings[-1]) == ("Part 0", "Part 996")


def test_of_a_long_table_of_contents_the_higher_headings_are_seen() -> None:
    nodes = tuple(SourceNode(f"H{number}", 1 + number % 4, ()) for number in range(1000))
    headings = material.of_wish(Wish("x", "beginner", 60, "en", Source("T", "en", nodes, 1)))["headings"]
    assert headings == [f"H{number}" for number in range(0, 1000, 4)]


def test_a_short_source_goes_with_every_lesson_whole() -> None:
    assert len(material.passages_for(source(), lesson(("p9",)))) == 24


def test_of_a_long_one_a_lesson_gets_its_own_passages_first_then_their_neighbours() -> None:
    document = source(repeated=20)
    chosen = material.passages_for(document, lesson(("p9",), ("p20", "unknown")))
    assert [each.id for each in chosen] == ["p7", "p8", "p9", "p10", "p11", "p18", "p19", "p20", "p21", "p22"]


def test_without_known_passages_it_gets_the_beginning() -> None:
    chosen = material.passages_for(long_source(10, 40, 1000), lesson(("nowhere",)))
    assert [each.id for each in chosen] == [f"p{at // 40}-{at % 40}" for at in range(60)]


def test_own_passages_come_before_neighbours_when_room_is_short() -> None:
    document = long_source(1, 100, 25_000)
    chosen = material.passages_for(document, lesson(("p0-10", "p0-50")))
    assert [each.id for each in chosen] == ["p0-10", "p0-50"]


def test_links_are_left_out() -> None:
    assert material.without_links("See https://x.example/a?b=c and www.y.example or p. 3") == "See  and  or p. 3"
    passage = Passage("p1", "Read (https://x.example/a) twice.", "", "")
    assert material.as_data([passage])[0]["text"] == "Read () twice."


def test_a_contract_is_told_in_full_for_what_is_wanted_only() -> None:
    sections = (SectionPlan("One", "F1", 5, outcome="O1"), SectionPlan("Two", "F2", 5))
    told = material.of_contract(LessonPlan("L", ("Do",), sections, handoff="On."), (0,))
    assert told["section"] == [
        {"number": 1, "title": "One", "focus": "F1", "outcome": "O1"},
        {"number": 2, "title": "Two"},
    ]
    assert told["handoff"] == "On."


def test_a_plan_is_told_the_headings_and_numbered_objectives() -> None:
    data = material.of_order(dataclasses.replace(ORDER, source=source()))
    assert data["headings"] == ["Day 1", "Day 2", "Day 3", "Day 4"]
    assert data["objective"] == [{"number": at, "text": text} for at, text in enumerate(ORDER.objectives, 1)]
