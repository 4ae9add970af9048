"""Whatever a model can get wrong with questions, and what is only worth a warning, through real HTTP."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from services.authors.protocol import QuizDraft, SectionDraft, Wanted
from services.quality.finding import Finding
from tests.kit.model_server import Fault, model_server
from tests.services.authors.author_kit import (
    author_on,
    counted,
    planned,
    rooms,
    tasks,
    write,
)

TENTHS = range(10)


# --- questions

# What is wrong once with the first question, by the rule that finds it.
QUESTION_FAULTS = ["bad_questions", "key_longest", "key_outside", "no_explanations"]


@pytest.mark.parametrize("name", QUESTION_FAULTS)
async def test_a_question_that_fails_is_asked_for_again_and_no_other(name: str) -> None:
    async with model_server() as stub, author_on(stub) as author:
        plan = await planned(author)
        stub.fail(Fault(name, kind="quiz"))
        written = await write(author, plan, 0, Wanted((0,)))
        first, second = tasks(stub, "quiz")
    assert counted(stub) == {"plan": 1, "body": 1, "quiz": 2}
    (quiz,) = written.quizzes
    assert len(quiz.questions) == 2
    assert "by number:\n1, 2." in first
    assert "by number:\n1." in second
    assert quiz.questions[1].prompt in second.replace('\\"', '"'), "what stands is said, so that it is not asked twice"


@pytest.mark.parametrize("tenth", TENTHS)
async def test_questions_that_are_cut_off_at_every_tenth(tenth: int) -> None:
    async with model_server() as stub, author_on(stub) as author:
        plan = await planned(author)
        stub.fail(Fault("truncated", kind="quiz", share=tenth / 10))
        written = await write(author, plan, 0, Wanted((0,)))
        calls = [call for call in stub.calls if call.kind == "quiz"]
    assert len(written.quizzes[0].questions) == 2
    assert len(calls) == 2
    assert rooms(calls)[1] > rooms(calls)[0]
    assert ("by number:\n2." in tasks(stub, "quiz")[1]) == (tenth > 5)


async def test_a_question_that_stays_bad_is_left_out() -> None:
    async with model_server() as stub, author_on(stub) as author:
        plan = await planned(author)
        stub.fail(Fault("key_longest", kind="quiz", times=3))
        written = await write(author, plan, 0, Wanted((0,)))
    assert counted(stub) == {"plan": 1, "body": 1, "quiz": 3}
    assert len(written.quizzes[0].questions) == 1
    assert {each.rule for each in written.quizzes[0].findings} == {"length_tells"}


@pytest.mark.parametrize(
    ("name", "calls", "why"),
    [
        ("all_bad_questions", 3, "invalid_answer"),
        ("nothing", 3, "invalid_answer"),
        ("refusal", 1, "declined"),
        ("spent", 1, "spent"),
        ("overloaded", 4, "overloaded"),
    ],
)
async def test_questions_that_cannot_be_made_do_not_cost_the_text(name: str, calls: int, why: str) -> None:
    async with model_server() as stub, author_on(stub) as author:
        plan = await planned(author)
        stub.fail(Fault(name, share=0.1, kind="quiz", times=9))
        written = await write(author, plan, 0, Wanted((0,)))
    assert counted(stub) == {"plan": 1, "body": 1, "quiz": calls}
    assert [body.index for body in written.bodies] == [0]
    assert written.given_up == [(0, "quiz", why)]


# --- warnings


@pytest.mark.parametrize("stays", [False, True])
@pytest.mark.parametrize(("piece", "end"), [(SectionDraft, "body"), (QuizDraft, "questions.0")])
async def test_a_warning_is_repaired_once_and_then_noted(piece: type, end: str, stays: bool) -> None:
    seen: list[int] = []

    async def check(draft: SectionDraft | QuizDraft) -> Sequence[Finding]:
        if not isinstance(draft, piece) or (seen and not stays):
            return ()
        seen.append(draft.index)
        path = f"lessons.0.sections.0.{end}"
        return (Finding(path, "repetition", "12 % of it stands in lesson 2 as well", "at most 10 %", "warning"),)

    async with model_server() as stub, author_on(stub) as author:
        plan = await planned(author)
        written = await write(author, plan, 0, Wanted((0,)), check=check)
    of_text = piece is SectionDraft
    assert (
        counted(stub) == {"plan": 1, "body": 1, "quiz": 1, "repair": 1}
        if of_text
        else {"plan": 1, "body": 1, "quiz": 2}
    )
    assert not written.given_up
    pieces: list[SectionDraft | QuizDraft] = [*written.bodies, *written.quizzes]
    (found,) = (each for one in pieces if isinstance(one, piece) for each in one.findings)
    assert found.outcome == ("open" if stays else "repaired")


async def test_a_repair_of_warnings_that_does_harm_is_not_taken() -> None:
    async def check(draft: SectionDraft | QuizDraft) -> Sequence[Finding]:
        if not isinstance(draft, SectionDraft):
            return ()
        path = "lessons.0.sections.0.body"
        return (Finding(path, "readability", "LIX 60", "at most 45 for beginner", "warning"),)

    async with model_server() as stub, author_on(stub) as author:
        plan = await planned(author)
        stub.fail(Fault("leftovers", kind="repair"))
        written = await write(author, plan, 0, Wanted((0,)), check=check)
    assert counted(stub) == {"plan": 1, "body": 1, "quiz": 1, "repair": 1}
    assert "TODO" not in written.bodies[0].body
    assert [(each.rule, each.outcome) for each in written.bodies[0].findings] == [("readability", "open")]
