from __future__ import annotations

import pytest

from services.raw_updates import DEEPEST, Unreadable, read

BAD = [
    (b"", "not JSON"),
    (b"hello", "not JSON"),
    (b"\xff\xfe\x00", "not JSON"),
    (b'{"update_id": NaN}', "not JSON"),
    (b'{"update_id": ' + b"9" * 5000 + b"}", "not JSON"),
    (b"[" * 100_000 + b"]" * 100_000, "nested too deep"),
    (b'{"update_id": 1, "a": ' + b"[" * DEEPEST + b"]" * DEEPEST + b"}", "nested too deep"),
    (b"[]", "without a number"),
    (b'"update_id"', "without a number"),
    (b"{}", "without a number"),
    (b'{"update_id": "1"}', "without a number"),
    (b'{"update_id": true}', "without a number"),
    (b'{"update_id": 1.0}', "without a number"),
    (b'{"update_id": 9223372036854775808}', "without a number"),
]


@pytest.mark.parametrize(("raw", "why"), BAD)
def test_what_is_no_update_is_told_by_why(raw: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read(raw)


def test_an_update_is_read_whatever_is_in_it() -> None:
    assert read(b'{"update_id": 1, "message": {"text": "\\ud800 \\u0000"}}')["message"]["text"] == "\ud800 \x00"
    wide = b'{"update_id": 1, "a": [' + b",".join([b"[[]]"] * 500) + b"]}"
    assert len(read(wide)["a"]) == 500
    deep = b'{"update_id": 1, "a": ' + b"[" * (DEEPEST - 1) + b"]" * (DEEPEST - 1) + b"}"
    assert read(deep)["update_id"] == 1
