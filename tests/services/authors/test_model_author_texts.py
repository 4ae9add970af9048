"""Whatever a model can get wrong with texts, through real HTTP: what comes of it, in how many calls, and that the rest
stands."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest

from services.authors.protocol import QuizDraft, SectionDraft, Wanted
from services.errors import AuthorRefused, AuthorUnusable
from services.quality.finding import Finding
from services.quality.repetition import Repetition
from tests.kit.model_server import Fault, model_server
from tests.services.authors.author_kit import (
    ORDER,
    Written,
    author_on,
    counted,
    desk_on,
    planned,
    rooms,
    source,
    tasks,
    write,
)

TENTHS = range(10)


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
