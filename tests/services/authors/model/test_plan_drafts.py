from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest

from services.authors.model.plan_drafts import contract_of, outline_of, proposal_of
from services.authors.model.schemas import ContractShape, OutlineShape, ProposalShape, SectionPlanShape, TermShape
from services.authors.protocol import Outline
from services.authors.retry import BadAnswer
from tests.services.authors.author_kit import ORDER, source

OUTLINE = Outline(("One", "Two", "Three"), (), "en")
PASSAGES = {passage.id: passage for node in source().nodes for passage in node.passages}


def contract(lesson: int = 2, sections: Sequence[SectionPlanShape] | None = None) -> ContractShape:
    two = [SectionPlanShape(title=" Gas\n", focus="It rises.", minutes=99, objectives=[1, 7, 0], passages=["p1", "x"]),
           SectionPlanShape(title="Net", focus="It holds.", minutes=-3, objectives=[1])]  # fmt: skip
    return ContractShape(
        lesson=lesson, objectives=["Do", " "], sections=two if sections is None else list(sections), needs=["x" * 900]
    )


def test_a_proposal_is_brought_within_its_limits() -> None:
    answer = ProposalShape(
        title="<b>Bread</b> " + "and more " * 20,
        description="A course. " * 80,
        objectives=[
            "Explain a starter",
            "Explain  a starter",
            "short",
            "x" * 300,
            *(f"Do thing number {n}" for n in range(20)),
        ],
    )
    mended = proposal_of(answer)
    assert mended.title.startswith("Bread and more")
    assert len(mended.title) <= 100
    assert len(mended.description) <= 500
    assert len(mended.objectives) == 10
    assert all(10 <= len(each) <= 200 for each in mended.objectives)
    assert len(set(mended.objectives)) == 10


def test_a_proposal_that_is_too_short_is_sent_back_with_every_fault() -> None:
    with pytest.raises(BadAnswer) as bad:
        proposal_of(ProposalShape(title="Bread", description="Short.", objectives=["Explain a starter"]))
    assert len(bad.value.findings) == 3


def test_an_outline_is_mended() -> None:
    terms = [TermShape(term=f"term {n // 2}", meaning="m" * 500) for n in range(40)]
    answer = OutlineShape(titles=[" One ", "Two", "Three"], glossary=[*terms, TermShape(term="", meaning="x")])
    outline = outline_of(answer, ORDER)
    assert outline.titles == ("One", "Two", "Three")
    assert len(outline.glossary) == 12
    assert all(len(each.meaning) <= 300 for each in outline.glossary)


@pytest.mark.parametrize(
    "titles", [["One", "Two"], [str(n) for n in range(13)], ["One", "One ", "Two"], ["", "a", "b"]]
)
def test_an_outline_of_the_wrong_size_or_with_equal_titles_is_sent_back(titles: list[str]) -> None:
    with pytest.raises(BadAnswer):
        outline_of(OutlineShape(titles=titles), ORDER)


def test_a_contract_gets_its_minutes_its_title_and_only_what_is_known() -> None:
    order = dataclasses.replace(ORDER, source=source())
    made = contract_of(contract(), OUTLINE, order, PASSAGES, ())
    first, second = made.lesson.sections
    assert (made.position, made.lesson.title, made.lesson.objectives) == (1, "Two", ("Do",))
    assert (first.title, first.passages, first.objectives) == ("Gas", ("p1",), (0,))
    assert all(4 <= each.minutes <= 15 for each in (first, second))
    assert len(made.lesson.needs[0]) <= 300


def test_the_last_contract_takes_what_no_other_serves() -> None:
    made = contract_of(contract(), OUTLINE, ORDER, {}, (0, 2))
    assert [section.objectives for section in made.lesson.sections] == [(0,), (0, 2)]


@pytest.mark.parametrize(
    "sections",
    [
        [],
        [SectionPlanShape(title="One", focus="It")],
        [SectionPlanShape(title="One", focus="It"), SectionPlanShape(title="Two", focus=" ")],
        [SectionPlanShape(title=f"No {n}", focus="It") for n in range(5)],
        [SectionPlanShape(title="Same", focus="It"), SectionPlanShape(title="Same", focus="It")],
    ],
)
def test_a_contract_of_the_wrong_size_or_without_names_is_sent_back(sections: list[SectionPlanShape]) -> None:
    with pytest.raises(BadAnswer):
        contract_of(contract(sections=sections), OUTLINE, ORDER, {}, ())
