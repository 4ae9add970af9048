from __future__ import annotations

import json
from typing import Any

import pytest

from bot.localchat import keyboards
from bot.localchat.limits import ApiError
from bot.localchat.params import Params


def read(rows: Any) -> Any:
    return keyboards.read(Params({"reply_markup": json.dumps({"inline_keyboard": rows})}, {}))


def key(data: str = "x", **more: Any) -> dict[str, Any]:
    return {"text": "Go", "callback_data": data} | more


@pytest.mark.parametrize(
    "rows",
    [
        [[key("x" * 64)]],
        [[key("é" * 32)]],
        [[key()] * 8],
        [[key()] * 8] * 12 + [[key()] * 4],
        [[{"text": "Go", "url": "https://example.org/x"}]],
        [[{"text": "Go", "url": "http://127.0.0.1:8080/x"}]],
        [[{"text": "Go", "url": "tg://user?id=1"}]],
        [[{"text": "Go", "copy_text": {"text": "abc"}}]],
    ],
)
def test_what_is_taken(rows: Any) -> None:
    assert read(rows) == {"inline_keyboard": rows}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([[key("x" * 65)]], "BUTTON_DATA_INVALID"),
        ([[key("é" * 33)]], "BUTTON_DATA_INVALID"),
        ([[key("")]], "BUTTON_DATA_INVALID"),
        ([[key()] * 9], "reply markup is too long"),
        ([[key()] * 8] * 12 + [[key()] * 5], "reply markup is too long"),
        ([[{"text": "Go"}]], "Text buttons are unallowed in the inline keyboard"),
        ([[{"callback_data": "x"}]], 'Can\'t find field "text"'),
        ([[key(text=" ")]], "text must be non-empty"),
        ([[{"text": "Go", "url": "http://localhost/x"}]], "is invalid: Wrong HTTP URL"),
        ([[{"text": "Go", "url": "javascript:alert(1)"}]], "is invalid: Wrong HTTP URL"),
        ([[{"text": "Go", "copy_text": {"text": "x" * 257}}]], "BUTTON_COPY_TEXT_INVALID"),
        ("rows", "must be of type Array"),
    ],
)
def test_what_is_refused(rows: Any, words: str) -> None:
    with pytest.raises(ApiError) as caught:
        read(rows)
    assert words in caught.value.description


@pytest.mark.parametrize("markup", [None, {"remove_keyboard": True}, {"force_reply": True}, {"inline_keyboard": []}])
def test_what_is_no_keyboard_of_a_message(markup: Any) -> None:
    assert keyboards.read(Params({"reply_markup": markup}, {})) is None


@pytest.mark.parametrize("markup", ["{", "[" * 100_000, "[1]"])
def test_what_is_no_markup_at_all(markup: str) -> None:
    with pytest.raises(ApiError) as caught:
        keyboards.read(Params({"reply_markup": markup}, {}))
    assert caught.value.description.startswith("Bad Request: can't parse reply keyboard markup JSON object")
