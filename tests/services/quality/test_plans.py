from __future__ import annotations

from dataclasses import replace

import pytest

from services.authors.protocol import (
    Contract,
    CoursePlan,
    LessonPlan,
    Order,
    Outline,
    Passage,
    SectionPlan,
    Source,
    SourceNode,
    Term,
)  # fmt: skip
from services.quality import bloom
from services.quality.plans import contract_findings, outline_findings, plan_findings
from tests.services.quality.kit import PROSE, question, rules

ORDER = Order(
    "Sourdough bread", "How bread comes alive.", ("Explain yeast", "Feed it", "Bake"), "intermediate", 60, "en"
)
OUTLINE = Outline(
    ("The starter", "The dough", "The oven"), (Term("Crumb", "the inside of a loaf"),), "en", "Lena bakes"
)
PASSAGE = Passage("p1", PROSE["en"], "Yeast", "page 1")
SOURCE = Source("Bread", "en", (SourceNode("Yeast", 1, (PASSAGE,)),), 40)


def planned(outcome: str = "Explain it", objective: int = 0, minutes: int = 10) -> SectionPlan:
    return SectionPlan(f"{outcome} {objective}", "what it is", minutes, outcome=outcome, objectives=(objective,))


def lesson(*outcomes: str, objective: int = 0) -> LessonPlan:
    return LessonPlan(
        "The " + " ".join(outcomes), ("Explain",), tuple(planned(outcome, objective) for outcome in outcomes)
    )


PLAN = CoursePlan(
    (
        lesson("Name the parts", "Explain yeast"),
        lesson("Describe heat", "Apply heat", objective=1),
        lesson("Compare loaves", "Judge a loaf", objective=2),
    ),
    "en",
)


def test_a_sound_plan() -> None:
    assert outline_findings(OUTLINE, ORDER) == ()
    assert contract_findings(Contract(1, PLAN.lessons[1]), OUTLINE, ORDER) == ()
    assert plan_findings(PLAN, ORDER) == ()


@pytest.mark.parametrize(
    ("titles", "paths"),
    [
        (("One", "Two"), ["titles"]),
        (tuple(f"Lesson {n}" for n in range(13)), ["titles"]),
        (tuple(f"Lesson {n}" for n in range(12)), []),
        (("One", "", "Three"), ["titles.1"]),
        (("Хлеб", "ХЛЕБ", "Печь"), ["titles.1"]),
        (("One", "Two", "TODO"), ["titles.2"]),
    ],
)
def test_outlines(titles: tuple[str, ...], paths: list[str]) -> None:
    found = outline_findings(replace(OUTLINE, titles=titles), ORDER)
    assert [one.path for one in found if one.rule != "language"] == paths


def test_an_outline_in_another_language() -> None:
    titles = ("Что живёт в закваске и почему", "Как кормить закваску каждый день", "Как печь хлеб в домашней печи")
    assert rules(outline_findings(replace(OUTLINE, titles=titles, glossary=()), ORDER)) == [("language", "error")]


@pytest.mark.parametrize(
    ("changed", "paths"),
    [
        ({"sections": (planned(),)}, ["lessons.1.sections"]),
        ({"sections": tuple(planned(f"Use it {n}") for n in range(5))}, ["lessons.1.sections"]),
        ({"sections": (planned(), replace(planned("Use"), focus=" "))}, ["lessons.1.sections.1.focus"]),
        ({"sections": (planned(), replace(planned("Use"), title=""))}, ["lessons.1.sections.1.title"]),
        ({"sections": (planned(), planned("Use", 3))}, ["lessons.1.sections.1.objectives"]),
        ({"sections": (planned(), planned("Use", -1))}, ["lessons.1.sections.1.objectives"]),
        ({"sections": (planned(), planned("Use", minutes=20))}, ["lessons.1.sections.1.minutes"]),
        ({"sections": (planned(), replace(planned("Use"), passages=("p1",)))}, ["lessons.1.sections.1.passages"]),
        ({"sections": (planned(), replace(planned("Use"), focus="[insert focus]"))}, ["lessons.1.sections.1"]),
    ],
)
def test_contracts(changed: dict[str, tuple[SectionPlan, ...]], paths: list[str]) -> None:
    broken = replace(PLAN.lessons[1], **changed)  # type: ignore[arg-type]  # sections only
    assert [one.path for one in contract_findings(Contract(1, broken), OUTLINE, ORDER)] == paths


def test_passages_that_are_there_and_a_place_that_is_not() -> None:
    resting = replace(PLAN.lessons[1], sections=(planned(), replace(planned("Use"), passages=("p1",))))
    assert contract_findings(Contract(1, resting), OUTLINE, replace(ORDER, source=SOURCE)) == ()
    (found,) = contract_findings(Contract(3, PLAN.lessons[1]), OUTLINE, ORDER)
    assert (found.path, found.expected) == ("lessons.3", "0 to 2")


def test_every_objective_has_a_section() -> None:
    plan = replace(PLAN, lessons=(*PLAN.lessons[:2], lesson("Compare loaves", "Judge a loaf", objective=1)))
    (found,) = plan_findings(plan, ORDER)
    assert (found.path, found.rule, found.severity) == ("objectives.2", "coverage", "error")


def test_a_plan_whose_lessons_have_not_all_arrived() -> None:
    plan = replace(PLAN, lessons=(*PLAN.lessons[:2], LessonPlan("The oven", (), ())))
    assert ("structure", "error") in rules(plan_findings(plan, ORDER))


def test_minutes_of_a_plan() -> None:
    assert rules(plan_findings(PLAN, replace(ORDER, minutes=90))) == [("reading_time", "error")]


@pytest.mark.parametrize(
    ("outcome", "language", "level"),
    [
        ("Explain what lives in a starter", "en", "understand"),
        ("You can judge a dough by eye", "en", "evaluate"),
        ("Erklären, was im Teig lebt", "de", "understand"),
        ("Die Hefe füttern und den Teig beurteilen", "de", "evaluate"),
        ("Comparer deux pains", "fr", "analyse"),
        ("Diseñar un horario", "es", "create"),
        ("Сравнить два теста", "ru", "analyse"),
        ("شرح ما يعيش في الخميرة", "ar", "understand"),
        ("说明面团里有什么", "zh", None),  # no list of verbs: nothing is said
        ("See the plan of a use", "en", None),
        ("Be able to confidently plan a day", "en", "create"),
        ("Learn how to plan", "en", None),  # nouns further on do not count
        ("", "en", None),
    ],
)
def test_levels_of_outcomes(outcome: str, language: str, level: str | None) -> None:
    found = bloom.level_of(outcome, language)
    assert found == (None if level is None else bloom.LEVELS.index(level))


def test_declared_levels() -> None:
    assert [bloom.declared(name) for name in ("Apply", " analyze ", "create", "", "guess")] == [2, 3, 5, None, None]


@pytest.mark.parametrize(
    ("maxima", "places"),
    [
        ([0, 1, 2, 3], []),
        ([2, 1, 2], []),  # by one is no fall
        ([3, 1, 3], [1]),
        ([4, None, 1], [2]),
        ([5, 3, 1], [1, 2]),
        ([None, None], []),
        ([], []),
    ],
)
def test_progression(maxima: list[int | None], places: list[int]) -> None:
    found = list(bloom.progression(maxima))
    assert [one.path for one in found] == [f"lessons.{place}" for place in places]
    assert {one.severity for one in found} <= {"warning"}


@pytest.mark.parametrize(
    ("blooms", "level", "bad"),
    [
        (["remember"] * 8 + ["apply"] * 2, "advanced", True),
        (["remember"] * 7 + ["apply"] * 3, "advanced", False),
        (["remember"] * 8 + ["apply"] * 2, "beginner", False),
        (["remember"] * 4, "advanced", False),  # too few
        ([""] * 20, "intermediate", False),  # none says
        (["understand"] * 6, "intermediate", True),
    ],
)
def test_depth(blooms: list[str], level: str, bad: bool) -> None:
    asked = [replace(question(), bloom=name) for name in blooms]
    assert rules(bloom.depth(asked, level)) == ([("bloom", "warning")] if bad else [])  # type: ignore[arg-type]


def test_lessons_that_fall_back_are_found_in_a_plan() -> None:
    plan = replace(PLAN, lessons=(PLAN.lessons[2], *PLAN.lessons[:2]))
    assert rules(plan_findings(plan, ORDER)) == [("bloom", "warning")]
