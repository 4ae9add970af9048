from __future__ import annotations

from dataclasses import replace

from services.authors.model.material import LESSON_BUDGET, passages_for
from services.authors.protocol import Contract, LessonPlan, Passage, SectionPlan, Source, SourceNode
from services.generation.grounding import FOUND, NAMED, Grounding
from storage.database import Database
from tests.kit.author import order
from tests.kit.database import database, postgres, sqlite

__all__ = ["database", "postgres", "sqlite"]

SUBJECTS = ("granite", "volcano", "glacier", "estuary", "monsoon", "tundra", "meander", "lagoon", "fjord", "geyser")


def document(pages: int) -> Source:
    """A book about ten landforms, ten pages each in turn; every page says what it is about and its own number."""
    filling = "It is shown on the map and told of in the notes of those who went there to look. " * 8
    passages = tuple(
        Passage(f"p{page}", f"The {SUBJECTS[page // 10 % 10]} of plate{page}. {filling}", "Land", f"page {page}")
        for page in range(pages)
    )
    return Source("Land", "en", (SourceNode("Land", 1, passages),), 9)


def contract(*sections: SectionPlan) -> Contract:
    return Contract(0, LessonPlan("Water and ice", ("Explain it",), sections))


async def test_each_section_gets_what_its_words_find_beside_what_is_named(database: Database) -> None:
    asked = replace(order(), source=document(120))
    planned = contract(
        SectionPlan("Ice", "How a glacier moves, and the geyser of plate95", 5, ("p3",)),
        SectionPlan("Rivers", "Why meanders wander", 5),
        SectionPlan("Nothing of that", "Quasars", 5, ("p7",)),
    )
    made = (await Grounding(database).grounded(asked, planned)).lesson
    ice, rivers, nothing = (section.passages for section in made.sections)
    assert ice[:2] == ("p3", "p95"), "what is named comes first, then what fits best"
    assert len(ice) == 1 + FOUND
    assert {*ice[2:]} <= {*(f"p{page}" for page in (*range(20, 30), *range(90, 100)))}
    assert {*rivers} <= {f"p{page}" for page in range(60, 70)}
    assert len(rivers) == FOUND
    assert nothing == ("p7",)
    assert asked.source is not None
    told = passages_for(asked.source, made)
    assert {*ice, *rivers} <= {passage.id for passage in told}
    assert sum(len(passage.text) for passage in told) <= LESSON_BUDGET


async def test_a_plan_that_names_very_many_is_held_to_a_number(sqlite: Database) -> None:
    asked = replace(order(), source=document(120))
    named = tuple(f"p{page}" for page in range(40))
    made = await Grounding(sqlite).grounded(asked, contract(SectionPlan("Ice", "Glacier", 5, named)))
    assert made.lesson.sections[0].passages == named[:NAMED]


async def test_nothing_is_looked_up_where_every_call_carries_the_document(sqlite: Database) -> None:
    planned = contract(SectionPlan("Ice", "How a glacier moves", 5))
    for source in (None, document(30)):
        assert await Grounding(sqlite).grounded(replace(order(), source=source), planned) is planned
