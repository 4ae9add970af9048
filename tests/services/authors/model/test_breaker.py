from __future__ import annotations

import pytest

from services.authors.model.breaker import FIRST_REST, LONGEST_REST, Breaker
from services.errors import AuthorBusy
from tests.kit.clocks import HeldClock


def opened(clock: HeldClock) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(3):
        assert not breaker.admit()
        breaker.failed(probe=False)
    return breaker


def test_three_in_a_row_open_it() -> None:
    breaker = opened(HeldClock())
    assert breaker.resting == FIRST_REST
    with pytest.raises(AuthorBusy, match="resting") as raised:
        breaker.admit()
    assert raised.value.retry_after == FIRST_REST


def test_an_answer_in_between_begins_the_count_anew() -> None:
    breaker = Breaker(HeldClock())
    for outcome in ("failed", "failed", "good", "failed", "failed"):
        breaker.admit()
        if outcome == "good":
            breaker.succeeded()
        else:
            breaker.failed(probe=False)
    assert not breaker.resting


def test_what_tells_nothing_counts_for_nothing() -> None:
    breaker = Breaker(HeldClock())
    for _ in range(9):
        breaker.left(probe=breaker.admit())
    assert not breaker.resting


def test_one_looks_whether_it_is_back() -> None:
    clock = HeldClock()
    breaker = opened(clock)
    clock.move(FIRST_REST)
    assert breaker.admit()
    with pytest.raises(AuthorBusy, match="resting"):
        breaker.admit()
    breaker.succeeded()
    assert not breaker.admit()


def test_one_who_leaves_without_an_answer_makes_room_for_another() -> None:
    clock = HeldClock()
    breaker = opened(clock)
    clock.move(FIRST_REST)
    breaker.left(probe=breaker.admit())
    assert breaker.admit()


def test_the_rest_grows_to_its_limit_and_begins_small_again() -> None:
    clock = HeldClock()
    breaker = opened(clock)
    rests = []
    for _ in range(6):
        rests.append(breaker.resting)
        clock.move(breaker.resting)
        breaker.failed(probe=breaker.admit())
    assert rests == [30.0, 60.0, 120.0, 240.0, LONGEST_REST, LONGEST_REST]
    clock.move(LONGEST_REST)
    breaker.admit()
    breaker.succeeded()
    for _ in range(3):
        breaker.failed(probe=breaker.admit())
    assert breaker.resting == FIRST_REST


def test_calls_that_were_out_when_it_opened_change_its_rest_only_by_an_answer() -> None:
    clock = HeldClock()
    breaker = opened(clock)
    clock.move(10)
    breaker.failed(probe=False)
    assert breaker.resting == FIRST_REST - 10
    breaker.succeeded()
    assert not breaker.resting
