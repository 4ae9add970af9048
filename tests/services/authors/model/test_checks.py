from __future__ import annotations

import pytest

from services.authors.model.checks import alike, body_finding, plan_findings, proposal_findings, question_holds
from services.authors.model.schemas import OptionShape, ProposalShape, QuestionShape
from services.authors.protocol import LessonPlan, SectionPlan


def question(
    texts: tuple[str, ...] = ("Warmth", "Food", "Salt", "Air"),
    key: int = 1,
    prompt: str = "What?",
    why: str = "Because.",
) -> QuestionShape:
    options = [OptionShape(text=text, explanation=why) for text in texts]
    return QuestionShape(prompt=prompt, options=options, key=key, hint="", objective=0)


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        (question(), True),
        (question(("دفء", "طعام", "ملح")), True),
        (question(("a", "b", "c", "d", "e")), True),
        (question(("a", "b")), False),
        (question(("a", "b", "c", "d", "e", "f")), False),
        (question(("Food", "food ", "Salt", "Air")), False),
        (question(("Ｆｏｏｄ", "Food", "Salt", "Air")), False),
        (question(("Food", "", "Salt", "Air")), False),
        (question(("x" * 101, "Food", "Salt", "Air")), False),
        (question(key=-1), False),
        (question(key=4), False),
        (question(prompt=""), False),
        (question(prompt="x" * 301), False),
        (question(why=""), False),
        (question(why="food"), False),
    ],
)
def test_which_questions_can_be_asked(asked: QuestionShape, holds: bool) -> None:
    assert question_holds(asked) is holds


def lesson(sections: int, title: str = "Title", focus: str = "Focus") -> LessonPlan:
    return LessonPlan(title, (), tuple(SectionPlan(f"{title} {each}", focus, 5) for each in range(sections)))


@pytest.mark.parametrize(
    ("lessons", "findings"),
    [
        ([lesson(2)] * 3, 0),
        ([lesson(4)] * 12, 0),
        ([lesson(2)] * 2, 1),
        ([lesson(2)] * 13, 1),
        ([lesson(1), lesson(5), lesson(2)], 2),
        ([lesson(2, title=""), lesson(2), lesson(2, focus="")], 2),
        ([], 1),
        ([lesson(9)] * 40, 12),
    ],
)
def test_plans(lessons: list[LessonPlan], findings: int) -> None:
    assert len(plan_findings(lessons)) == findings


def test_proposals_that_are_too_short() -> None:
    good = ProposalShape(title="Bread at home", description="x" * 50, objectives=["Bake bread"] * 3)
    assert proposal_findings(good) == []
    bad = ProposalShape(title="Bread", description="x" * 49, objectives=["Bake bread"] * 2)
    assert len(proposal_findings(bad)) == 3


@pytest.mark.parametrize(("length", "found"), [(0, True), (99, True), (100, False), (24_000, False), (24_001, True)])
def test_texts(length: int, found: bool) -> None:
    assert (body_finding(3, "x" * length) is not None) is found


def test_alike_keeps_what_differs_apart() -> None:
    assert alike("10 g") != alike("100 g")
    assert alike(" Straße\n") == alike("STRASSE")
