"""The one retry loop, through real HTTP: how many calls, what was reserved and settled, how long was waited, who else
was let in meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace

import pytest

from services.authors.model.estimating import input_tokens
from services.authors.model.wire import Receipt, Usage
from services.clock import SystemClock
from services.errors import AuthorBusy, AuthorError, AuthorRefused, AuthorUnusable
from tests.kit.hurried_clock import HurriedClock
from tests.kit.model_server import Fault, ModelServer, Pace
from tests.services.authors.wire_kit import PAYER, PROVIDERS, QUESTION, RecordingPurse, Way, talking_stub, way_to

NOTHING = "nothing"
INPUT = "input"  # nobody can say: what was sent counts
SAID = "said"  # what the service said counts, and what came
Case = tuple[type[AuthorError], str, int, str]
# A fault that stays: the error in the end, the calls made, and what each is settled with.
ALWAYS: dict[str, Case] = {
    "rate_limit": (AuthorBusy, "rate_limited", 4, NOTHING),
    "overloaded": (AuthorBusy, "overloaded", 4, NOTHING),
    "server_error": (AuthorBusy, "service_error", 4, NOTHING),
    "dropped_before": (AuthorBusy, "dropped", 4, INPUT),
    "hang_before": (AuthorBusy, "timed_out", 4, INPUT),
    "key_refused": (AuthorUnusable, "key_refused", 1, NOTHING),
    "forbidden": (AuthorUnusable, "key_refused", 1, NOTHING),
    "bad_request": (AuthorUnusable, "request_refused", 1, NOTHING),
    "spent": (AuthorUnusable, "spent", 1, NOTHING),
    "billing": (AuthorUnusable, "spent", 1, NOTHING),
    "retired": (AuthorUnusable, "model_unknown", 1, NOTHING),
    "truncated": (AuthorUnusable, "truncated", 1, SAID),
    "refusal": (AuthorRefused, "declined", 1, SAID),
    "spent_stream": (AuthorUnusable, "spent", 1, SAID),
    # After the first words only the reader can say how to go on.
    "overloaded_stream": (AuthorBusy, "overloaded", 1, SAID),
    "dropped": (AuthorBusy, "dropped", 1, SAID),
    "hang": (AuthorBusy, "timed_out", 1, SAID),
}


@pytest.fixture
async def stub() -> AsyncIterator[ModelServer]:
    async with talking_stub() as running:
        yield running


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize("fault", ALWAYS)
async def test_a_fault_that_stays(stub: ModelServer, fault: str, name: str) -> None:
    expected, why, calls, settled = ALWAYS[fault]
    if (fault, name) == ("overloaded_stream", "openai"):
        why = "service_error"
    stub.fail(Fault(fault, times=9))
    async with way_to(stub, idle=0.2) as way:
        receipt = Receipt()
        with pytest.raises(AuthorError) as raised:
            await way.ask(name, receipt)
    assert (type(raised.value), raised.value.why) == (expected, why)
    assert len(stub.calls) == receipt.calls == calls
    assert way.purse.reserved == [(PAYER, name, "proposal")] * calls
    assert way.purse.log == ["reserve", "settle"] * calls
    whole = input_tokens(QUESTION)
    for usage in way.purse.usages:
        if settled == NOTHING:
            assert usage is None
        elif settled == INPUT:
            assert usage == Usage(fresh=whole)
        else:
            assert usage
            assert usage.fresh + usage.cached + usage.written == pytest.approx(whole, rel=0.05)
            assert usage.output == pytest.approx(receipt.characters / 4, abs=40)
    assert receipt.usage == way.purse.usages[-1]


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize("fault", [name for name, case in ALWAYS.items() if case[2] > 1])
async def test_a_fault_that_passes(stub: ModelServer, fault: str, name: str) -> None:
    clock = HurriedClock()
    stub.fail(Fault(fault, times=3))
    async with way_to(stub, idle=0.2, clock=clock) as way:
        text = await way.ask(name)
    assert text.startswith("{")
    assert len(stub.calls) == 4
    assert len(clock.slept) == 3
    assert [0.5 <= slept / 2**number <= 1.5 for number, slept in enumerate(clock.slept)] == [True] * 3
    assert way.purse.usages[-1]


@pytest.mark.parametrize("name", PROVIDERS)
async def test_a_good_answer_is_settled_with_what_was_said(stub: ModelServer, name: str) -> None:
    async with way_to(stub) as way:
        receipt = Receipt()
        text = await way.ask(name, receipt)
        assert way.purse.usages == [receipt.usage]
    assert receipt.usage
    assert receipt.usage.output == len(text) // 4
    assert (receipt.calls, receipt.faults, receipt.failed) == (1, 0, None)


async def test_an_endpoint_that_says_nothing_of_tokens_is_settled_by_what_went_and_came(stub: ModelServer) -> None:
    stub.fail(Fault("no_usage"))
    async with way_to(stub) as way:
        text = await way.ask("openai")
    [usage] = way.purse.usages
    assert usage
    assert usage.fresh == input_tokens(QUESTION)
    assert usage.output == pytest.approx(len(text) / 4, abs=40)


async def test_a_step_that_is_gone_on_with_has_four_calls_in_all(stub: ModelServer) -> None:
    """The reader goes on after every break in mid-stream, as it does to ask for the sections that are missing."""
    clock = HurriedClock()
    stub.fail(Fault("dropped", share=0.5, times=9))
    receipt = Receipt()
    async with way_to(stub, clock=clock) as way:
        for _ in range(9):
            with pytest.raises(AuthorBusy, match="dropped"):
                await way.ask("claude", receipt)
        assert len(stub.calls) == receipt.calls == 4
        assert len(clock.slept) == 3
        # It was one step, so the provider is not left alone for it.
        stub.forgive()
        assert await way.ask("claude")


async def test_no_money_no_call(stub: ModelServer) -> None:
    purse = RecordingPurse(refuses=AuthorUnusable("cap_learner"))
    async with way_to(stub, purse=purse) as way:
        with pytest.raises(AuthorUnusable, match="cap_learner") as raised:
            await way.ask("claude")
        purse.refuses = None
        assert await way.ask("claude")
    assert raised.value.advice == "give_up"
    assert len(stub.calls) == 1


@pytest.mark.parametrize(("asked_for", "least", "most"), [(2.5, 2.5, 3.0), (300.0, 60.0, 60.0)])
async def test_retry_after_is_honoured_up_to_a_minute(
    stub: ModelServer, asked_for: float, least: float, most: float
) -> None:
    clock = HurriedClock()
    stub.fail(Fault("rate_limit", retry_after=asked_for))
    async with way_to(stub, clock=clock) as way:
        await way.ask("claude")
    assert len(clock.slept) == 1
    assert least <= clock.slept[0] <= most


@pytest.mark.parametrize("name", PROVIDERS)
async def test_who_asks_us_to_come_back_after_the_deadline_is_not_asked_again(stub: ModelServer, name: str) -> None:
    clock = HurriedClock()
    stub.fail(Fault("rate_limit", retry_after=3600, times=9))
    async with way_to(stub, clock=clock) as way:
        with pytest.raises(AuthorBusy) as raised:
            await way.ask(name)
    assert len(stub.calls) == 1
    assert raised.value.retry_after == 3600
    assert not clock.slept


async def test_the_deadline_is_of_the_step_and_all_its_calls(stub: ModelServer) -> None:
    stub.fail(Fault("hang_before", times=9))
    async with way_to(stub, clock=SystemClock(), idle=30.0, deadline=0.5) as way:
        await way.providers["claude"].wire.load()  # takes its time
        started = time.monotonic()
        with pytest.raises(AuthorBusy, match="timed_out"):
            await way.ask("claude")
        took = time.monotonic() - started
    assert len(stub.calls) == 1
    assert took < 3


@pytest.mark.parametrize("name", PROVIDERS)
async def test_a_provider_that_keeps_failing_is_left_alone_and_others_are_not(stub: ModelServer, name: str) -> None:
    clock = HurriedClock()
    other = next(each for each in PROVIDERS if each != name)
    stub.fail(Fault("overloaded", provider=name, times=13))
    async with way_to(stub, clock=clock) as way:
        for _ in range(3):
            with pytest.raises(AuthorBusy, match="overloaded"):
                await way.ask(name)
        assert len(stub.calls) == 12
        with pytest.raises(AuthorBusy, match="resting") as raised:
            await way.ask(name)
        assert raised.value.advice == "elsewhere"
        assert 0 < (raised.value.retry_after or 0) <= 30
        assert await way.ask(other)
        assert len(stub.calls) == 13
        await clock.sleep(31)
        # One looks whether it is back, with one call; it is not, and the rest is longer.
        with pytest.raises(AuthorBusy, match="overloaded"):
            await way.ask(name)
        await clock.sleep(31)
        with pytest.raises(AuthorBusy, match="resting"):
            await way.ask(name)
        await clock.sleep(31)
        assert await way.ask(name)
        assert len(stub.calls) == 15
    assert len(way.purse.reserved) == len(way.purse.settled) == 15


async def test_what_is_ours_to_mend_does_not_count_against_a_provider(stub: ModelServer) -> None:
    async with way_to(stub) as way:
        for fault in ("bad_request", "spent", "truncated", "refusal"):
            stub.fail(Fault(fault))
            with pytest.raises(AuthorError):
                await way.ask("claude")
        assert await way.ask("claude")


async def many(way: Way, count: int, name: str = "claude") -> list[str]:
    return await asyncio.gather(*(way.ask(name) for _ in range(count)))


async def test_at_most_eight_are_in_flight_over_all_providers() -> None:
    async with talking_stub(pace=Pace(first_token_seconds=0.05)) as stub, way_to(stub, clock=SystemClock()) as way:
        await asyncio.gather(many(way, 12), many(way, 12, "openai"))
        assert stub.most_at_once == 8
    assert len(stub.calls) == 24


async def test_half_as_many_after_a_429_and_slowly_back_up() -> None:
    async with talking_stub(pace=Pace(first_token_seconds=0.05)) as stub, way_to(stub) as way:
        # All eight that are out at once are told so; that is one sign, not eight.
        stub.fail(Fault("rate_limit", times=8))
        await many(way, 8)
        stub.most_at_once = 0
        await many(way, 5)
        assert stub.most_at_once in {4, 5}
        for _ in range(3):
            await many(way, 8)
        stub.most_at_once = 0
        await many(way, 10)
        assert stub.most_at_once == 8


async def test_a_reader_who_stops_to_think_holds_no_place() -> None:
    async with talking_stub() as stub, way_to(stub) as way:
        ask = replace(QUESTION, model="claude-sonnet-5-5")
        slow = [way.caller.stream("claude", ask, PAYER, Receipt()) for _ in range(8)]
        for each in slow:
            assert await anext(each)
        async with asyncio.timeout(10):
            assert await way.ask("claude")
        for each in slow:
            await each.aclose()


@pytest.mark.parametrize("name", PROVIDERS)
async def test_a_reader_who_leaves_ends_the_call_which_is_settled(stub: ModelServer, name: str) -> None:
    stub.fail(Fault("hang", share=0.5))
    async with way_to(stub, purse=RecordingPurse(slowly=0.02)) as way:
        ask = replace(QUESTION, model="m")
        async with aclosing(way.caller.stream(name, ask, PAYER, Receipt())) as pieces:
            async for _ in pieces:
                break
        [usage] = way.purse.usages
        await stub.until(lambda: stub.calls[0].ended == "gone")
    assert usage
    assert usage.fresh + usage.written == pytest.approx(input_tokens(QUESTION), rel=0.05)
    assert usage.output > 0


@pytest.mark.parametrize("after", [0.0, 0.03, 0.07, 0.15])
async def test_whoever_is_cancelled_leaves_nothing_reserved(stub: ModelServer, after: float) -> None:
    stub.fail(Fault("hang", share=0.5, times=9))
    async with way_to(stub, clock=SystemClock(), purse=RecordingPurse(slowly=0.05)) as way:
        await way.providers["claude"].wire.load()
        asking = asyncio.create_task(way.ask("claude"))
        await asyncio.sleep(after)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert len(way.purse.usages) == len(way.purse.reserved)
        stub.forgive()
        async with asyncio.timeout(10):
            await many(way, 8)  # every place is free again


async def test_whoever_is_cancelled_while_waiting_takes_no_place(stub: ModelServer) -> None:
    stub.fail(Fault("hang_before", times=8))
    async with way_to(stub, clock=SystemClock()) as way:
        inside = [asyncio.create_task(way.ask("claude")) for _ in range(8)]
        await stub.until(lambda: len(stub.calls) == 8, 20)
        waiting = [asyncio.create_task(way.ask("claude")) for _ in range(3)]
        await asyncio.sleep(0.05)
        for task in (*waiting, *inside):
            task.cancel()
        await asyncio.gather(*waiting, *inside, return_exceptions=True)
        assert len(stub.calls) == 8
        async with asyncio.timeout(10):
            await many(way, 9)
