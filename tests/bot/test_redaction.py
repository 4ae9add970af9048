"""What looks like a secret goes, what does not stays."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from bot.redaction import MASK, Redactor

TOKEN = "123456789:" + "AbC-_" * 7


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"token {TOKEN}.", f"token {MASK}."),
        (f"https://api.telegram.org/bot{TOKEN}/getMe", f"https://api.telegram.org/bot{MASK}/getMe"),
        ("http://h/file/bot42:short/photos/1.jpg", f"http://h/file/bot{MASK}/photos/1.jpg"),
        (f"http://h/bot{quote(TOKEN)}/getMe", f"http://h/bot{MASK}/getMe"),
        (f"{TOKEN}{TOKEN}", MASK),
        (f"bot{TOKEN}", f"bot{MASK}"),
        ("key sk-ant-api03-abcdefghijklmnop", f"key {MASK}"),
        ("{'x-api-key': 'abc'}", f"{{'x-api-key': '{MASK}'}}"),
        ("(b'x-api-key', b'abc')", f"(b'x-api-key', b'{MASK}')"),
        ("Authorization: Bearer abcdef123456", f"Authorization: Bearer {MASK}"),
        ("postgresql+asyncpg://me:pw@db/x", f"postgresql+asyncpg://me:{MASK}@db/x"),
        ("eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbg", MASK),
    ],
)
def test_what_looks_like_a_secret_goes(text: str, left: str) -> None:
    assert Redactor()(text) == left
    assert Redactor()(left) == left, "what is redacted stays as it is"


@pytest.mark.parametrize(
    "text",
    [
        "at 12:30:45.123456 the course 17:lesson was ready",
        'File "/app/bot/settings.py", line 10',
        "http://127.0.0.1:8080/chat/ and http://[::1]:8080/x@y",
        "tasks-and-questions: skip-this-very-long-word-please",
        "the bearer of this",
        "",
    ],
)
def test_what_does_not_stays(text: str) -> None:
    assert Redactor()(text) == text


@pytest.mark.parametrize("secret", ['pass"wörd\\/', "two words", "line\nfeed", "a+b&c=d%"])
def test_a_known_secret_goes_however_it_is_spelled(secret: str) -> None:
    redact = Redactor([secret])
    shapes = [secret, quote(secret), quote(secret, safe=""), json.dumps(secret), json.dumps(secret, ensure_ascii=False)]
    for text in (*shapes, repr(secret), f"prefix{secret}suffix"):
        assert MASK in redact(text)
        assert redact(text).replace(MASK, "").strip("\"'") in {"", "prefixsuffix"}


def test_a_secret_that_contains_another_goes_whole_and_a_word_is_no_secret() -> None:
    assert Redactor(["secret-1", "secret-1-and-more"])("x secret-1-and-more") == f"x {MASK}"
    assert Redactor(["open", ""])("ACCESS is open") == "ACCESS is open"
