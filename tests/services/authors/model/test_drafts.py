from __future__ import annotations

import json

import pytest

from services.authors.model.drafts import parsed, plan_of, proposal_of, questions_of, section_of, shaped
from services.authors.model.schemas import (
    CitationShape,
    LessonPlanShape,
    OptionShape,
    PlanShape,
    ProposalShape,
    QuestionShape,
    SectionPlanShape,
    SectionShape,
    SourcedLessonPlanShape,
    SourcedPlanShape,
    SourcedSectionPlanShape,
    SourcedSectionShape,
)
from services.authors.protocol import Passage
from services.authors.retry import BadAnswer

PROPOSAL = {"title": "Bread at home", "description": "x" * 60, "objectives": ["Explain a starter"]}


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
    assert "title, description, objectives.0" in finding
    assert "ignore" not in finding


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


def test_a_plan_gets_its_minutes_and_only_known_passages() -> None:
    sections = [
        SourcedSectionPlanShape(title=" One\n", focus="It", minutes=99, passages=["p1", "p1", "p9"]),
        SourcedSectionPlanShape(title="Two", focus="It", minutes=-3, passages=[]),
    ]
    answer = SourcedPlanShape(
        lessons=[SourcedLessonPlanShape(title="L", objectives=["Do", " "], sections=sections)] * 3
    )
    plan = plan_of(answer, minutes=30, language="ru", known={"p1": Passage("p1", "", "", "")})
    assert plan.language == "ru"
    assert plan.lessons[0].objectives == ("Do",)
    assert [(each.title, each.passages) for each in plan.lessons[0].sections] == [("One", ("p1",)), ("Two", ())]
    minutes = [each.minutes for lesson in plan.lessons for each in lesson.sections]
    assert all(4 <= each <= 15 for each in minutes)


def test_a_plan_of_the_wrong_size_is_sent_back() -> None:
    section = SectionPlanShape(title="One", focus="It", minutes=5)
    with pytest.raises(BadAnswer):
        plan_of(
            PlanShape(lessons=[LessonPlanShape(title="L", objectives=[], sections=[section])] * 3),
            minutes=30,
            language="en",
            known={},
        )


def question(prompt: str, key: int = 0, objective: int = 1, why: str = "Because.") -> QuestionShape:
    options = [OptionShape(text=f"{letter}\n", explanation=why) for letter in "abcd"]
    return QuestionShape(prompt=prompt, options=options, key=key, hint="Look again. " * 40, objective=objective)


def test_questions_are_mended_sifted_and_counted() -> None:
    kept = questions_of(
        [
            question("First?", objective=2, why="w " * 300),
            question("first? "),
            question("Bad", key=9),
            question("Second?", objective=3),
            question("Third?", objective=0),
            question("Fourth?"),
        ],
        objectives=2,
    )
    assert [(each.prompt, each.objective) for each in kept] == [("First?", 1), ("Second?", None), ("Third?", None)]
    assert kept[0].options[0].text == "a"
    assert len(kept[0].options[0].explanation) <= 200
    assert len(kept[0].hint) <= 200


def test_a_section_counts_its_own_minutes() -> None:
    answer = SectionShape(number=2, body="word " * 900, questions=[question("Why?"), question("How?")])
    draft = section_of(answer, "Title", objectives=1, passages=None)
    assert (draft.index, draft.title, draft.minutes, len(draft.questions)) == (1, "Title", 6, 2)


def test_a_sourced_section_needs_a_true_quote() -> None:
    passages = {"p1": Passage("p1", "Bread rises because yeast breathes.", "", "page 1")}
    true = CitationShape(passage="p1", quote="yeast breathes")
    false = CitationShape(passage="p1", quote="yeast sleeps well")
    body = "Bread rises. " * 20
    good = SourcedSectionShape(number=1, body=body, questions=[], citations=[false, true])
    assert [each.quote for each in section_of(good, "T", objectives=1, passages=passages).citations] == [
        "yeast breathes"
    ]
    bad = SourcedSectionShape(number=1, body="Too short.", questions=[], citations=[false])
    with pytest.raises(BadAnswer) as raised:
        section_of(bad, "T", objectives=1, passages=passages)
    assert len(raised.value.findings) == 2
