"""Whatever a model can get wrong with a proposal or a plan, through real HTTP, and what others do in its place."""

from __future__ import annotations

import pytest

from services.authors.protocol import Contract, Outline, PlanPart, Wanted, Wish
from services.errors import AuthorError, AuthorRefused
from tests.kit.model_server import Fault, model_server
from tests.services.authors.author_kit import (
    author_on,
    counted,
    desk_on,
    parts_of,
    plan_of,
    planned,
    rooms,
    tasks,
    write,
)

TENTHS = range(10)


# --- proposals


@pytest.mark.parametrize(("name", "calls"), [("invalid_json", 2), ("wrong_counts", 2), ("truncated", 2), ("fenced", 1)])
async def test_a_proposal_that_cannot_be_used_is_asked_for_again(name: str, calls: int) -> None:
    async with model_server(Fault(name, kind="proposal")) as stub, author_on(stub) as author:
        proposal = await author.propose(Wish("sourdough", "beginner", 60, "en"))
        asked = [call for call in stub.calls if call.kind == "proposal"]
    assert len(proposal.objectives) == 4
    assert len(asked) == calls
    assert len({str(call.body) for call in asked}) == calls, "the same call is never made twice"


# --- plans

PLAN_FAULTS = {
    # What goes wrong once: which contracts the second call asks for (empty: everything), and what it is told.
    "fenced": (None, ""),
    "repeated": (None, ""),
    "invalid_json": ("1, 2, 3, 4", "No usable contract came for lesson 1, 2, 3, 4"),
    "nothing": ("", "There was no outline"),
    "garbage_stream": ("", "There was no outline"),
    "wrong_counts": ("", "There were 2 lessons; there must be 3 to 12."),
    "lessons_missing": ("3, 4", "No usable contract came for lesson 3, 4."),
    "bad_contract": ("2", "Lesson 2 had 5 sections"),
}


@pytest.mark.parametrize("name", PLAN_FAULTS)
async def test_of_a_plan_only_what_is_missing_is_asked_for_again(name: str) -> None:
    again, told = PLAN_FAULTS[name]
    async with model_server(Fault(name, kind="plan", share=0.25)) as stub, author_on(stub) as author:
        parts = await parts_of(author)
        asked = tasks(stub, "plan")
    assert isinstance(parts[0], Outline)
    assert sorted(part.position for part in parts if isinstance(part, Contract)) == [0, 1, 2, 3]
    assert len(parts) == 5
    assert len(asked) == (1 if again is None else 2)
    if again is not None:
        assert told in asked[1]
        assert (f"no others: {again}." in asked[1]) if again else ("no others" not in asked[1])


@pytest.mark.parametrize("tenth", TENTHS)
async def test_a_plan_that_is_cut_off_at_every_tenth(tenth: int) -> None:
    async with model_server(Fault("truncated", kind="plan", share=tenth / 10)) as stub, author_on(stub) as author:
        parts = await parts_of(author)
        calls = [call for call in stub.calls if call.kind == "plan"]
    assert sorted(part.position for part in parts if isinstance(part, Contract)) == [0, 1, 2, 3]
    assert len(parts) == 5
    assert len(calls) == 2
    # More room, or less asked for: never the same call again.
    assert rooms(calls)[1] > rooms(calls)[0] or "no others" in tasks(stub, "plan")[1]


@pytest.mark.parametrize(
    ("name", "calls", "why"),
    [
        ("truncated", 3, "truncated"),
        ("invalid_json", 3, "invalid_answer"),
        ("wrong_counts", 3, "invalid_answer"),
        ("refusal", 1, "declined"),
        ("spent", 1, "spent"),
        ("retired", 1, "model_unknown"),
        ("overloaded", 4, "overloaded"),
        ("overloaded_stream", 4, "overloaded"),
        ("dropped", 4, "dropped"),
    ],
)
async def test_a_plan_that_cannot_be_made_ends_with_what_came(name: str, calls: int, why: str) -> None:
    parts: list[PlanPart] = []
    async with model_server(Fault(name, kind="plan", share=0.1, times=9)) as stub, desk_on(stub) as desk:
        with pytest.raises(AuthorError) as raised:
            await parts_of(desk.author, into=parts)
        assert counted(stub) == {"plan": calls}
        assert len(desk.purse.usages) == calls
    assert raised.value.why == why
    assert isinstance(raised.value, AuthorRefused) == (name == "refusal")
    assert all(isinstance(part, Outline) for part in parts)


async def test_a_plan_that_keeps_breaking_off_is_asked_for_in_halves() -> None:
    async with model_server(Fault("truncated", kind="plan", share=0.3, times=2)) as stub, author_on(stub) as author:
        parts = await parts_of(author)
        calls = [call for call in stub.calls if call.kind == "plan"]
    assert len(parts) == 5
    assert len(calls) == 4
    assert "no others" not in tasks(stub, "plan")[0]
    assert len({str(call.body) for call in calls}) == 4


# --- other providers


@pytest.mark.parametrize(("name", "calls"), [("key_refused", 1), ("spent", 1), ("overloaded", 4), ("nothing", 3)])
async def test_what_one_provider_cannot_another_does(name: str, calls: int) -> None:
    async with model_server() as stub, author_on(stub, "claude", "openai") as author:
        plan = await planned(author)
        stub.fail(Fault(name, share=0.1, kind="body", provider="claude", times=9))
        written = await write(author, plan)
        asked = [call.provider for call in stub.calls if call.kind == "body"]
    assert asked == ["claude"] * calls + ["openai"]
    assert written.complete
    assert {body.made.author for body in written.bodies if body.made} == {"openai"}
    assert {quiz.made.author for quiz in written.quizzes if quiz.made} == {"claude"}


async def test_a_text_that_one_provider_cannot_mend_is_written_anew_by_another() -> None:
    async with model_server() as stub, author_on(stub, "claude", "openai") as author:
        plan = await planned(author)
        stub.fail(Fault("leftovers", kind="body"), Fault("leftovers", kind="repair", times=9))
        written = await write(author, plan, 0, Wanted((0,)))
        made = [(call.kind, call.provider) for call in stub.calls if call.kind in {"body", "repair"}]
    assert made == [("body", "claude"), ("repair", "claude"), ("repair", "claude"), ("body", "openai")]
    (body,) = written.bodies
    assert body.made is not None
    assert (body.made.author, body.made.model) == ("openai", "gpt-6.2-sol")
    assert {each.outcome for each in body.findings} == {"repaired"}


async def test_a_plan_is_gone_on_with_by_another_provider() -> None:
    async with model_server() as stub, author_on(stub, "claude", "openai") as author:
        stub.fail(Fault("dropped", share=0.5, kind="plan", provider="claude", times=9))
        parts = await parts_of(author)
        plan = plan_of(parts)
    assert all(lesson.sections for lesson in plan.lessons)
    assert len(parts) == 5
    assert {part.made.author for part in parts if isinstance(part, Outline) and part.made} == {"claude"}
