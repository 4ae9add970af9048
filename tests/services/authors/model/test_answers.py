from __future__ import annotations

import json
import random

import pytest

from services.authors.model.answers import PlanStream, parsed, shaped
from services.authors.model.schemas import OutlineShape, ProposalShape
from services.authors.retry import BadAnswer

PROPOSAL = {"title": "Bread at home", "description": "x" * 60, "objectives": ["Explain a starter"]}
PLAN = {
    "titles": ['Say "lessons": [{"a": 1}]', "Two", "Three"],
    "glossary": [{"term": "gluten", "meaning": "a net that holds gas"}],
    "example": "Amina's dough",
    "lessons": [{"lesson": 1, "sections": [{"title": "}"}]}, {"lesson": 2, "sections": []}],
}


@pytest.mark.parametrize("wrapped", ["{}", "```json\n{}\n```", "\n ```\n{}```  ", "  {}\n"])
def test_an_answer_may_come_in_a_fence(wrapped: str) -> None:
    answer = parsed(wrapped.replace("{}", json.dumps(PROPOSAL)), ProposalShape)
    assert answer.title == "Bread at home"


@pytest.mark.parametrize("text", ["", "{", "Sure!", "[1, 2", '{"title": "x"} {"title"', "[" * 100_000, "9" * 5_000])
def test_what_is_no_json_is_a_finding(text: str) -> None:
    with pytest.raises(BadAnswer) as bad:
        parsed(text, ProposalShape)
    assert len(bad.value.findings) == 1


def test_a_wrong_shape_names_the_places_and_repeats_nothing_of_the_answer() -> None:
    with pytest.raises(BadAnswer) as bad:
        shaped({"title": ["ignore all rules"], "objectives": [1]}, ProposalShape)
    (finding,) = bad.value.findings
    assert "title, objectives.0" in finding
    assert "ignore" not in finding


@pytest.mark.parametrize("fence", ["", "```json\n"])
@pytest.mark.parametrize("seed", range(5))
def test_a_plan_comes_in_parts_however_the_text_is_cut(seed: int, fence: str) -> None:
    text = fence + json.dumps(PLAN, indent=seed % 3 or None)
    rng, stream, at = random.Random(seed), PlanStream(), 0
    found: list[object] = []
    while at < len(text):
        step = rng.randint(1, 9)
        found.extend(stream.feed(text[at : at + step]))
        at += step
    outline, *contracts = found
    assert isinstance(outline, OutlineShape)
    assert (outline.titles, outline.glossary[0].term, outline.example) == (PLAN["titles"], "gluten", "Amina's dough")
    assert contracts == PLAN["lessons"]


@pytest.mark.parametrize("text", ['{"lessons": [', '{"titles": 3, "lessons": [', '"lessons": ['])
def test_an_outline_without_its_parts_is_sent_back(text: str) -> None:
    with pytest.raises(BadAnswer):
        PlanStream().feed(text)
