"""The bookkeeping of tries: how many, how long between them, and when there are no more."""

from __future__ import annotations

import random

import pytest

from services.authors.retry import WAIT_CAP, BadAnswer, Tries
from services.errors import AuthorBusy, AuthorError, AuthorRefused, AuthorUnusable
from tests.kit.hurried_clock import HurriedClock


def tries(clock: HurriedClock, seconds: float = 600.0) -> Tries:
    return Tries(clock, random.Random(3), deadline_seconds=seconds)


async def test_waits_grow_and_are_never_the_same_for_everybody() -> None:
    first: list[float] = []
    second: list[float] = []
    for seed in range(20):
        clock = HurriedClock()
        these = Tries(clock, random.Random(seed), deadline_seconds=600)
        await these.after(AuthorBusy("overloaded"))
        await these.after(AuthorBusy("overloaded"))
        first.append(clock.slept[0])
        second.append(clock.slept[1])
    assert all(0.5 <= each <= 1.5 for each in first)
    assert all(1.0 <= each <= 3.0 for each in second)
    assert len(set(first)) == 20


@pytest.mark.parametrize(
    "error",
    [
        AuthorRefused("declined"),
        AuthorUnusable("spent"),
        AuthorUnusable("key_refused"),
        AuthorUnusable("request_refused"),
    ],
)
async def test_what_is_final_is_raised_as_it_is(error: AuthorError) -> None:
    clock = HurriedClock()
    with pytest.raises(AuthorError) as raised:
        await tries(clock).after(error)
    assert raised.value is error
    assert not clock.slept


async def test_the_third_failure_is_raised_whatever_came_before() -> None:
    these = tries(HurriedClock())
    await these.after(BadAnswer(["too short"]))
    await these.after(AuthorBusy("overloaded"))
    with pytest.raises(AuthorBusy, match="rate_limited"):
        await these.after(AuthorBusy("rate_limited"))


async def test_findings_are_those_of_the_last_answer() -> None:
    these = tries(HurriedClock())
    await these.after(BadAnswer(["one"]))
    await these.after(BadAnswer(["two", "three"]))
    assert these.findings == ("two", "three")


async def test_a_cut_off_answer_gets_more_room_once() -> None:
    these = tries(HurriedClock())
    assert not these.roomier
    await these.after(AuthorUnusable("truncated"))
    assert these.roomier
    with pytest.raises(AuthorUnusable, match="truncated"):
        await these.after(AuthorUnusable("truncated"))


@pytest.mark.parametrize("asked_for", [0.0, -5.0, 12.0, 59.9, 61.0, 1e9])
async def test_no_wait_is_longer_than_a_minute(asked_for: float) -> None:
    clock = HurriedClock()
    await tries(clock).after(AuthorBusy("rate_limited", retry_after=asked_for))
    assert sum(clock.slept) <= WAIT_CAP
    assert sum(clock.slept) >= min(asked_for, WAIT_CAP)


async def test_nothing_is_tried_after_the_deadline() -> None:
    clock = HurriedClock()
    these = tries(clock, seconds=10)
    await clock.sleep(11)
    assert these.seconds_left() == 0
    with pytest.raises(BadAnswer):
        await these.after(BadAnswer(["too short"]))
