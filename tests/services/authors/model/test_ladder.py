from __future__ import annotations

import pytest

from services.authors.claude import claude_provider
from services.authors.model.ladder import Ladder
from services.authors.model.provider import Provider
from services.authors.retry import BadAnswer
from services.clock import SystemClock
from services.errors import AuthorBusy, AuthorError, AuthorRefused, AuthorUnusable

FIRST = claude_provider(api_key="k", clock=SystemClock())
SECOND = Provider("second", FIRST.wire, "plan", "lesson")
BAD = BadAnswer(["Too short."])


def test_a_bad_answer_is_asked_for_twice_more_then_elsewhere() -> None:
    ladder = Ladder([FIRST, SECOND])
    for name in ["claude"] * 3 + ["second"] * 2:
        assert ladder.provider.name == name
        ladder.after(BAD)
    assert ladder.provider is SECOND
    with pytest.raises(AuthorUnusable, match="invalid_answer") as raised:
        ladder.after(BAD)
    assert type(raised.value) is AuthorUnusable


def test_what_was_wrong_is_said_and_what_broke_off_gets_more_room() -> None:
    ladder = Ladder([FIRST])
    ladder.after(BAD)
    assert (ladder.complaints, ladder.cut) == (("Too short.",), 0)
    ladder.after(AuthorUnusable("truncated"))
    assert ladder.cut == 1
    assert "broke off" in ladder.complaints[0]


@pytest.mark.parametrize(
    "error", [AuthorRefused("declined"), AuthorUnusable("cap_course"), AuthorUnusable("cap_bot")], ids=str
)
def test_what_nobody_helps_is_raised_at_once(error: AuthorError) -> None:
    with pytest.raises(AuthorError) as raised:
        Ladder([FIRST, SECOND]).after(error)
    assert raised.value is error


@pytest.mark.parametrize("error", [AuthorUnusable("spent"), AuthorBusy("overloaded"), AuthorBusy("resting")], ids=str)
def test_what_one_provider_cannot_the_next_is_asked_for(error: AuthorError) -> None:
    ladder = Ladder([FIRST, SECOND])
    ladder.after(error)
    assert ladder.provider is SECOND
    with pytest.raises(AuthorError) as raised:
        ladder.after(error)
    assert raised.value is error


def test_a_stream_that_broke_is_gone_on_with_on_the_same_receipt_until_that_makes_no_call() -> None:
    ladder = Ladder([FIRST, SECOND])
    receipt = ladder.receipt
    for calls in (1, 2, 3):
        receipt.characters, receipt.calls = 100, calls
        ladder.after(AuthorBusy("dropped"))
        assert ladder.provider is FIRST
        assert ladder.receipt is receipt
    ladder.after(AuthorBusy("dropped"))  # the step's tries are used up: no call was made
    assert ladder.provider is SECOND
    assert ladder.receipt is not receipt


def test_it_begins_with_whoever_wrote_the_piece() -> None:
    assert Ladder([FIRST, SECOND], first=SECOND).provider is SECOND
