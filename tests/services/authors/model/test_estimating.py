from __future__ import annotations

from dataclasses import replace

import pytest

from services.authors.model.estimating import input_tokens, tokens_of, used
from services.authors.model.wire import Receipt, Usage
from services.errors import AuthorBusy, AuthorRefused, AuthorUnusable
from tests.services.authors.wire_kit import QUESTION

SAID = Usage(fresh=10, cached=200, written=30, output=1)


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0), ("a", 1), ("four", 1), ("fives", 2), ("тест", 2), ("文字", 2), ("\ud800", 1)]
)
def test_a_token_is_about_four_bytes(text: str, tokens: int) -> None:
    assert tokens_of(text) == tokens


def test_everything_that_is_sent_counts() -> None:
    whole = input_tokens(QUESTION)
    assert input_tokens(replace(QUESTION, user=QUESTION.user + "x" * 400)) == whole + 100
    assert input_tokens(replace(QUESTION, blocks=())) < whole
    assert input_tokens(replace(QUESTION, schema={})) < whole


@pytest.mark.parametrize(
    ("receipt", "written", "error", "usage"),
    [
        # Refused before it began.
        (Receipt(), 0, AuthorBusy("rate_limited"), None),
        (Receipt(), 0, AuthorBusy("overloaded"), None),
        (Receipt(), 0, AuthorBusy("unreachable"), None),
        (Receipt(), 0, AuthorUnusable("spent"), None),
        (Receipt(), 0, AuthorRefused("declined"), None),
        # Nobody can say.
        (Receipt(), 0, AuthorBusy("dropped"), Usage(fresh=-1)),
        (Receipt(), 0, AuthorBusy("timed_out"), Usage(fresh=-1)),
        (Receipt(), 0, KeyboardInterrupt(), Usage(fresh=-1)),
        (Receipt(), 70, AuthorBusy("service_error"), Usage(fresh=-1, output=70)),
        (Receipt(), 70, None, Usage(fresh=-1, output=70)),
        # Said at the start, and cut short.
        (Receipt(SAID), 70, AuthorBusy("dropped"), replace(SAID, output=70)),
        (Receipt(SAID), 0, AuthorBusy("overloaded"), SAID),
        # Said at the end.
        (Receipt(replace(SAID, output=55), "end_turn"), 70, None, replace(SAID, output=55)),
        (Receipt(replace(SAID, output=900), "max_tokens"), 70, AuthorUnusable("truncated"), replace(SAID, output=900)),
    ],
)
def test_what_a_call_used(receipt: Receipt, written: int, error: BaseException | None, usage: Usage | None) -> None:
    if usage and usage.fresh < 0:
        usage = replace(usage, fresh=input_tokens(QUESTION))
    assert used(QUESTION, receipt, written, error) == usage
