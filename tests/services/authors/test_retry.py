"""How long is waited before a call is made again, and when it is not."""

from __future__ import annotations

import random

import pytest

from services.authors.retry import WAIT_CAP, BadAnswer, seconds_before_next
from services.errors import AuthorBusy, AuthorUnusable


def wait(faults: int, *, asked_for: float | None = None, left: float = 600.0, seed: int = 3) -> float | None:
    return seconds_before_next(AuthorBusy("overloaded", retry_after=asked_for), faults, left, random.Random(seed))


def test_waits_grow_and_are_never_the_same_for_everybody() -> None:
    for faults, least, most in ((1, 0.5, 1.5), (2, 1.0, 3.0), (3, 2.0, 6.0)):
        waits = {wait(faults, seed=seed) for seed in range(20)}
        assert len(waits) == 20
        assert all(each is not None and least <= each <= most for each in waits)


@pytest.mark.parametrize(
    ("asked_for", "least", "most"),
    [(0.0, 0.0, 0.5), (-5.0, 0.0, 0.5), (2.5, 2.5, 3.0), (61.0, WAIT_CAP, WAIT_CAP), (599.0, WAIT_CAP, WAIT_CAP)],
)
def test_what_a_service_asks_for_is_given_up_to_a_minute(asked_for: float, least: float, most: float) -> None:
    waited = wait(1, asked_for=asked_for)
    assert waited is not None
    assert least <= waited <= most


@pytest.mark.parametrize(("asked_for", "left"), [(3600.0, 600.0), (600.0, 600.0), (30.0, 20.0), (None, 0.1)])
def test_there_is_no_next_call_after_the_end(asked_for: float | None, left: float) -> None:
    assert wait(3, asked_for=asked_for, left=left) is None


def test_a_bad_answer_is_an_unusable_one_with_findings() -> None:
    error = BadAnswer(["too short"])
    assert isinstance(error, AuthorUnusable)
    assert (error.why, error.findings, error.advice) == ("invalid_answer", ("too short",), "elsewhere")
