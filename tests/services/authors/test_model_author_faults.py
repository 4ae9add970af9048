"""Whatever a model can get wrong, at every step, through real HTTP: what comes of it, in how many calls, and that the
rest stands."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest

from services.authors.protocol import Contract, Outline, PlanPart, QuizDraft, SectionDraft, Wanted, Wish
from services.errors import AuthorError, AuthorRefused, AuthorUnusable
from services.quality.finding import Finding
from services.quality.repetition import Repetition
from tests.kit.model_faults import Kind
from tests.kit.model_server import Call, Fault, ModelServer, model_server
from tests.services.authors.author_kit import (
    ORDER,
    Written,
    author_on,
    counted,
    desk_on,
    parts_of,
    plan_of,
    planned,
    source,
    write,
)

TENTHS = range(10)


def tasks(stub: ModelServer, kind: Kind) -> list[str]:
    """What calls of `kind` were told, in order."""
    return [str(call.body["messages"][0]["content"]) for call in stub.calls if call.kind == kind]


def rooms(calls: Sequence[Call]) -> list[int]:
    return [call.body["max_tokens"] for call in calls]


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


# --- texts


@pytest.mark.parametrize("tenth", TENTHS)
async def test_texts_that_are_cut_off_at_every_tenth(tenth: int) -> None:
    async with model_server() as stub, author_on(stub) as author:
        plan = await planned(author)
        stub.fail(Fault("truncated", kind="body", share=tenth / 10))
        written = await write(author, plan)
        calls = [call for call in stub.calls if call.kind == "body"]
    assert written.complete
    assert [call.sections for call in calls] == [(0, 1), (0, 1) if tenth < 6 else (1,)]
    # Less asked for has less room, by the minutes; the same has more.
    assert len(calls[1].sections) < 2 or rooms(calls)[1] > rooms(calls)[0]


# What is wrong once with the texts of a lesson, and the calls that it takes to mend it.
TEXT_FAULTS: dict[str, dict[str, int]] = {
    "fenced": {},
    "repeated": {},
    "short_body": {"repair": 2},
    "leftovers": {"repair": 2},
    "wrong_language": {"repair": 2},
    "wrong_sections": {"body": 1},
    "nothing": {"body": 1},
    "garbage_stream": {"body": 1},
}


@pytest.mark.parametrize("name", TEXT_FAULTS)
async def test_a_text_that_fails_costs_a_repair_of_that_text(name: str) -> None:
    async with model_server() as stub, author_on(stub) as author:
        plan = await planned(author)
        stub.fail(Fault(name, kind="body"))
        written = await write(author, plan)
    calls = {"plan": 1, "body": 1, "quiz": 2, "repair": 0}
    calls = {kind: number + TEXT_FAULTS[name].get(kind, 0) for kind, number in calls.items()}
    assert counted(stub) == {kind: number for kind, number in calls.items() if number}
    assert written.complete
    assert all("TODO" not in body.body for body in written.bodies)
    if "repair" in TEXT_FAULTS[name]:
        assert all({each.outcome for each in body.findings} == {"repaired"} for body in written.bodies)


async def test_a_repair_asks_for_parts_and_costs_a_quarter_of_a_lesson_at_most() -> None:
    async with model_server() as stub, desk_on(stub) as desk:
        plan = await planned(desk.author)
        whole = await write(desk.author, plan, 1)
        of_lesson = desk.output("body") + desk.output("quiz")
        stub.fail(Fault("leftovers", kind="body"))
        written = await write(desk.author, plan, 0, Wanted((0,)))
        repair = tasks(stub, "repair")
        assert 0 < desk.output("repair") <= 0.25 * of_lesson
    assert whole.complete
    assert len(repair) == 1
    assert "lessons.0.sections.0.body" in repair[0]
    assert '"path": "body.1", "text": "TODO: say more here."' in repair[0]
    assert "TODO" not in written.bodies[0].body


async def test_twelve_times_the_same_lesson() -> None:
    known = Repetition()

    async def check(draft: SectionDraft | QuizDraft) -> Sequence[Finding]:
        return known.findings(1, draft.index, draft.body) if isinstance(draft, SectionDraft) else ()

    async with model_server(Fault("same_lesson", kind="body", times=12)) as stub, author_on(stub) as author:
        plan = await planned(author)
        first = await write(author, plan, 0)
        for body in first.bodies:
            known.add(0, body.index, body.body)
        second = await write(author, plan, 1, check=check)
    assert second.complete
    assert all(not known.findings(1, body.index, body.body) for body in second.bodies)
    assert counted(stub) == {"plan": 1, "body": 2, "quiz": 4, "repair": 2}
    assert [each.rule for each in second.bodies[0].findings] == ["repetition"]


async def test_a_text_that_no_repair_mends_is_given_up_and_the_rest_stands() -> None:
    async with model_server() as stub, author_on(stub) as author:
        plan = await planned(author)
        stub.fail(Fault("leftovers", kind="body"), Fault("leftovers", kind="repair", times=9))
        bad = await write(author, plan, 0, Wanted((0,)))
        stub.forgive()
        good = await write(author, plan, 0, Wanted((1,)))
    assert bad.given_up == [(0, "body", "invalid_answer")]
    assert len(bad.pieces) == 1
    assert len(tasks(stub, "repair")) == 2
    assert [type(piece).__name__ for piece in good.pieces] == ["SectionDraft", "QuizDraft"]


async def test_a_repair_that_names_no_part_is_told_so() -> None:
    async with model_server() as stub, author_on(stub) as author:
        plan = await planned(author)
        stub.fail(Fault("leftovers", kind="body"), Fault("wrong_paths", kind="repair"))
        written = await write(author, plan, 0, Wanted((0,)))
        first, second = tasks(stub, "repair")
    assert written.bodies[0].findings[0].outcome == "repaired"
    assert "no patch" not in first
    assert "There was no patch with one of the paths given." in second


async def test_texts_that_are_declined_end_the_lesson_after_what_came() -> None:
    written = Written()
    async with model_server() as stub, author_on(stub, "claude", "openai") as author:
        plan = await planned(author)
        stub.fail(Fault("refusal", kind="body", share=0.8))
        with pytest.raises(AuthorRefused, match="declined"):
            await write(author, plan, into=written)
        assert counted(stub) == {"plan": 1, "body": 1, "quiz": 1}
    assert [body.index for body in written.bodies] == [0]
    assert [quiz.index for quiz in written.quizzes] == [0]


@pytest.mark.parametrize("name", ["spent", "key_refused", "bad_request"])
async def test_what_is_final_is_asked_once(name: str) -> None:
    async with model_server() as stub, author_on(stub) as author:
        plan = await planned(author)
        stub.fail(Fault(name, kind="body", times=9))
        with pytest.raises(AuthorUnusable):
            await write(author, plan)
        assert counted(stub) == {"plan": 1, "body": 1}


@pytest.mark.parametrize("name", ["overloaded_stream", "dropped"])
async def test_what_came_before_the_break_is_kept_and_not_asked_for_again(name: str) -> None:
    async with model_server() as stub, author_on(stub) as author:
        plan = await planned(author)
        stub.fail(Fault(name, kind="body", share=0.8))
        written = await write(author, plan)
        assert stub.asked("body") == [(0, 1), (1,)]
    assert written.complete


async def test_a_text_that_a_stray_quotation_mark_ended_is_repaired() -> None:
    async with model_server() as stub, author_on(stub) as author:
        plan = await planned(author)
        stub.fail(Fault("invalid_json", kind="body", share=0.8))
        written = await write(author, plan)
        repair = tasks(stub, "repair")
    assert written.complete
    assert len(repair) == 1
    assert "a last sentence that breaks off" in repair[0]


@pytest.mark.parametrize("name", ["dropped", "refusal", "spent_stream", "truncated"])
async def test_what_goes_wrong_after_the_last_text_does_not_matter(name: str) -> None:
    async with model_server() as stub, author_on(stub) as author:
        plan = await planned(author)
        stub.fail(Fault(name, kind="body", share=1.0, times=9))
        written = await write(author, plan)
        assert len(stub.asked("body")) == 1
    assert written.complete


async def test_texts_without_a_true_quote_are_asked_for_their_quotes_only() -> None:
    order = dataclasses.replace(ORDER, source=source())
    async with model_server() as stub, author_on(stub) as author:
        plan = await planned(author, order)
        stub.fail(Fault("false_citations", kind="body"))
        written = await write(author, plan, order=order)
        repair = tasks(stub, "repair")
    assert written.complete
    assert all(body.citations for body in written.bodies)
    assert len(repair) == 2
    assert "all its citations anew" in repair[0]


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
