from __future__ import annotations

import pytest

from services.errors import AuthorAsks, AuthorBusy, AuthorError, AuthorRefused, AuthorUnusable


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (AuthorBusy("overloaded"), "again"),
        (AuthorBusy("unreachable"), "again"),
        (AuthorBusy("resting"), "elsewhere"),
        (AuthorUnusable("spent"), "elsewhere"),
        (AuthorUnusable("key_refused"), "elsewhere"),
        (AuthorUnusable("model_unknown"), "elsewhere"),
        (AuthorUnusable("invalid_answer"), "elsewhere"),
        (AuthorUnusable("truncated"), "elsewhere"),
        (AuthorUnusable("price_unknown"), "elsewhere"),
        (AuthorRefused("declined"), "ask"),
        (AuthorAsks("Which Java?", "en"), "ask"),
        (AuthorUnusable("needs_source"), "ask"),
        (AuthorUnusable("cap_course"), "give_up"),
        (AuthorUnusable("cap_learner"), "give_up"),
        (AuthorUnusable("cap_bot"), "give_up"),
        (AuthorUnusable("no_author"), "give_up"),
    ],
)
def test_an_error_of_an_author_says_what_helps(error: AuthorError, advice: str) -> None:
    assert error.advice == advice
