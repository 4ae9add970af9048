"""Every fault of a model provider, through real HTTP: which error, how many calls, and what was kept before it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

import pytest

from services.authors.protocol import SectionDraft, Wish
from services.clock import SystemClock
from services.errors import AuthorBusy, AuthorError, AuthorRefused, AuthorUnusable
from tests.kit.hurried_clock import HurriedClock
from tests.kit.model_faults import Kind
from tests.kit.model_server import Fault, model_server
from tests.services.authors.claude_kit import ORDER, author_on, write

Outcome = tuple[type[AuthorError], str, int]
# What is seen when it happens every time: the error, its code, the calls made.
ALWAYS: dict[str, Outcome] = {
    "rate_limit": (AuthorBusy, "rate_limited", 3),
    "overloaded": (AuthorBusy, "overloaded", 3),
    "overloaded_stream": (AuthorBusy, "overloaded", 3),
    "server_error": (AuthorBusy, "service_error", 3),
    "dropped": (AuthorBusy, "dropped", 3),
    "hang": (AuthorBusy, "timed_out", 3),
    "garbage": (AuthorBusy, "dropped", 3),
    "not_events": (AuthorBusy, "dropped", 3),
    "nothing": (AuthorUnusable, "invalid_answer", 3),
    "garbage_stream": (AuthorUnusable, "invalid_answer", 3),
    "invalid_json": (AuthorUnusable, "invalid_answer", 3),
    "truncated": (AuthorUnusable, "truncated", 2),
    "refusal": (AuthorRefused, "declined", 1),
    "key_refused": (AuthorUnusable, "key_refused", 1),
    "forbidden": (AuthorUnusable, "key_refused", 1),
    "bad_request": (AuthorUnusable, "request_refused", 1),
    "spent": (AuthorUnusable, "spent", 1),
    "spent_stream": (AuthorUnusable, "spent", 1),
    "billing": (AuthorUnusable, "spent", 1),
    "retired": (AuthorUnusable, "model_unknown", 1),
}
PASSING = [name for name, (_, _, calls) in ALWAYS.items() if calls > 1]
IN_STREAM = ["overloaded_stream", "dropped", "hang", "truncated", "invalid_json"]


@pytest.mark.parametrize("kind", ["proposal", "plan", "lesson"])
@pytest.mark.parametrize("name", ALWAYS)
async def test_a_fault_that_stays(name: str, kind: Kind) -> None:
    expected, why, calls = ALWAYS[name]
    kept: list[SectionDraft] = []
    async with model_server() as stub, author_on(stub, idle=0.15) as author:
        plan = await author.plan(ORDER)
        stub.calls.clear()
        # Before anything of use is written, so that nothing can be kept.
        stub.fail(Fault(name, kind=kind, share=0.2, times=9))
        pieces: dict[Kind, Callable[[], Awaitable[object]]] = {
            "proposal": lambda: author.propose(Wish("sourdough", "beginner", 60, "en")),
            "plan": lambda: author.plan(ORDER),
            "lesson": lambda: write(author, plan, 0, [0, 1], kept),
        }
        with pytest.raises(AuthorError) as raised:
            await pieces[kind]()
        assert len(stub.asked(kind)) == calls
    assert isinstance(raised.value, expected)
    assert raised.value.why == why
    assert raised.value.again == (expected is AuthorBusy)
    assert not kept


@pytest.mark.parametrize("name", PASSING)
async def test_a_fault_that_passes(name: str) -> None:
    clock = HurriedClock()
    async with model_server() as stub, author_on(stub, idle=0.15, clock=clock) as author:
        stub.fail(Fault(name, kind="plan", share=0.4))
        plan = await author.plan(ORDER)
        assert len(stub.asked("plan")) == 2
    assert len(plan.lessons) == 4
    assert len(clock.slept) == (1 if ALWAYS[name][0] is AuthorBusy else 0)


@pytest.mark.parametrize("name", [*IN_STREAM, "refusal"])
async def test_what_came_before_the_break_is_kept_and_not_asked_for_again(name: str) -> None:
    kept: list[SectionDraft] = []
    async with model_server() as stub, author_on(stub, idle=0.15) as author:
        plan = await author.plan(ORDER)
        stub.fail(Fault(name, kind="lesson", share=0.8))
        if name == "refusal":
            with pytest.raises(AuthorRefused):
                await write(author, plan, 0, [0, 1], kept)
        else:
            await write(author, plan, 0, [0, 1], kept)
        asked = stub.asked("lesson")
    assert asked == ([(0, 1)] if name == "refusal" else [(0, 1), (1,)])
    assert [draft.index for draft in kept] == ([0] if name == "refusal" else [0, 1])


@pytest.mark.parametrize("tenth", range(11))
async def test_cut_off_at_every_tenth(tenth: int) -> None:
    kept: list[SectionDraft] = []
    async with model_server() as stub, author_on(stub) as author:
        plan = await author.plan(ORDER)
        stub.fail(Fault("truncated", kind="lesson", share=tenth / 10))
        await write(author, plan, 0, [0, 1], kept)
        calls = [call for call in stub.calls if call.kind == "lesson"]
    assert sorted(draft.index for draft in kept) == [0, 1]
    if len(calls) == 1:
        assert tenth == 10  # all sections were there although the end was not
    else:
        assert len(calls) == 2
        assert calls[1].body["max_tokens"] > calls[0].body["max_tokens"]
        assert len(calls[1].sections) == (2 if tenth < 5 else 1)


@pytest.mark.parametrize("name", ["dropped", "refusal", "spent_stream", "truncated", "hang", "repeated"])
async def test_what_goes_wrong_after_the_last_section_does_not_matter(name: str) -> None:
    kept: list[SectionDraft] = []
    async with model_server() as stub, author_on(stub, idle=0.15) as author:
        plan = await author.plan(ORDER)
        stub.fail(Fault(name, kind="lesson", share=1.0, times=9))
        await write(author, plan, 0, [0, 1], kept)
        assert len(stub.asked("lesson")) == 1
    assert [draft.index for draft in kept] == [0, 1]


async def test_passing_and_odd_faults_share_the_three_tries() -> None:
    kept: list[SectionDraft] = []
    async with model_server() as stub, author_on(stub) as author:
        plan = await author.plan(ORDER)
        stub.fail(
            Fault("overloaded", kind="lesson"),
            Fault("short_body", kind="lesson"),
            Fault("dropped", kind="lesson", share=0.8),
            Fault("overloaded", kind="lesson", times=9),
        )
        with pytest.raises(AuthorBusy, match="dropped"):
            await write(author, plan, 0, [0, 1], kept)
        assert stub.asked("lesson") == [(0, 1), (0, 1), (0, 1)]
        # The next run of the job brings what is missing, and asks for nothing else.
        stub.forgive()
        await write(author, plan, 0, [1], kept)
        assert stub.asked("lesson")[-1] == (1,)
    assert [draft.index for draft in kept] == [0, 1]


@pytest.mark.parametrize(
    ("name", "kind", "told"),
    [
        ("wrong_counts", "plan", "There were 2 lessons; there must be 3 to 12."),
        ("invalid_json", "plan", "not one whole JSON object"),
        ("short_body", "lesson", "it must have at least 100"),
        ("wrong_sections", "lesson", "No usable text came for section 1, 2"),
    ],
)
async def test_the_next_try_is_told_what_was_wrong(name: str, kind: Kind, told: str) -> None:
    async with model_server() as stub, author_on(stub) as author:
        plan = await author.plan(ORDER)
        stub.fail(Fault(name, kind=kind))
        await (author.plan(ORDER) if kind == "plan" else write(author, plan, 0, [0, 1], []))
        first, second = [str(call.body["messages"][0]["content"]) for call in stub.calls][-2:]
    assert told not in first
    assert told in second


@pytest.mark.parametrize(("asked_for", "least", "most"), [(2.5, 2.5, 3.0), (3600.0, 60.0, 60.0)])
async def test_retry_after_is_honoured_up_to_a_minute(asked_for: float, least: float, most: float) -> None:
    clock = HurriedClock()
    async with model_server() as stub, author_on(stub, clock=clock) as author:
        stub.fail(Fault("rate_limit", kind="plan", retry_after=asked_for))
        await author.plan(ORDER)
    assert len(clock.slept) == 1
    assert least <= clock.slept[0] <= most


async def test_a_wait_that_would_pass_the_deadline_is_not_begun() -> None:
    clock = HurriedClock()
    async with model_server() as stub, author_on(stub, clock=clock, deadline=20) as author:
        stub.fail(Fault("overloaded", kind="plan", retry_after=30, times=9))
        with pytest.raises(AuthorBusy) as raised:
            await author.plan(ORDER)
        assert len(stub.asked("plan")) == 1
    assert raised.value.retry_after == 30
    assert not clock.slept


@pytest.mark.parametrize("share", [0.0, 0.8])
async def test_the_deadline_ends_a_call_that_hangs(share: float) -> None:
    kept: list[SectionDraft] = []
    async with model_server() as stub, author_on(stub, clock=SystemClock(), idle=30) as author:
        plan = await author.plan(ORDER)
        stub.fail(Fault("hang", kind="lesson", share=share, times=9))
        async with author_on(stub, clock=SystemClock(), idle=30, deadline=0.4) as hurried:
            await hurried.load()
            started = time.monotonic()
            with pytest.raises(AuthorBusy, match="timed_out"):
                await write(hurried, plan, 0, [0, 1], kept)
            took = time.monotonic() - started
        assert len(stub.asked("lesson")) == 1
    assert took < 3
    assert [draft.index for draft in kept] == ([0] if share else [])
