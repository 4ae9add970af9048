from __future__ import annotations

from typing import Any

import pytest

from bot.localchat.limits import ApiError
from bot.localchat.text import formatted, settled, tidy

HELLO = {"type": "bold", "offset": 0, "length": 5}


def refusal(raw: str, mode: str = "", given: Any = None, *, caption: bool = False) -> str:
    with pytest.raises(ApiError) as caught:
        formatted(raw, mode, given, caption=caption)
    return caught.value.description


def test_the_limit_counts_code_points_after_parsing() -> None:
    text, _ = formatted("<b>" + "👍" * 4096 + "</b>", "HTML", None)
    assert len(text) == 4096
    assert refusal("x" * 4097) == "Bad Request: message is too long"
    assert refusal("<b>" + "x" * 4097 + "</b>", "HTML") == "Bad Request: message is too long"


def test_the_limit_of_captions() -> None:
    assert len(formatted("x" * 1024, "", None, caption=True)[0]) == 1024
    assert refusal("x" * 1025, caption=True) == "Bad Request: message caption is too long"


def test_the_limit_of_raw_bytes() -> None:
    raw = "<b>x</b>" * 4096
    assert len(raw) == 32_768
    assert len(formatted(raw, "HTML", None)[0]) == 4096
    assert refusal(raw + " ", "HTML") == "Bad Request: message is too long"


@pytest.mark.parametrize("mode", ["Markdown", "MarkdownV2", "nonsense"])
def test_other_ways_of_marking_up_are_refused(mode: str) -> None:
    assert refusal("x", mode) == "Bad Request: unsupported parse_mode"


def test_a_lone_surrogate_is_refused() -> None:
    assert refusal("\ud83d") == "Bad Request: strings must be encoded in UTF-8"


def test_more_than_a_hundred_entities_are_dropped_without_a_word() -> None:
    _, entities = formatted("<b>a</b> " * 120, "HTML", None)
    assert len(entities) == 100
    assert entities[-1]["offset"] == 198


@pytest.mark.parametrize(
    ("text", "offset", "length", "left", "moved"),
    [
        ("  hello ", 2, 5, "hello", (0, 5)),
        ("\n\nhello", 0, 7, "hello", (0, 5)),
        ("he\rllo", 0, 6, "hello", (0, 5)),
        ("\u202ehello", 1, 5, "hello", (0, 5)),
        ("👍\rhello", 3, 5, "👍hello", (2, 5)),
        ("a\0b", 0, 3, "a b", (0, 3)),
        ("x   ", 1, 3, "x", None),
    ],
)
def test_cleaning_moves_entities(text: str, offset: int, length: int, left: str, moved: tuple[int, int] | None) -> None:
    clean, entities = tidy(text, [{"type": "bold", "offset": offset, "length": length}])
    assert clean == left
    assert [(e["offset"], e["length"]) for e in entities] == ([moved] if moved else [])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"type": "bold", "offset": 0, "length": 6},
            "entity beginning at UTF-16 offset 0 ends after the end of the text",
        ),
        ({"type": "bold", "offset": -1, "length": 2}, "receive an entity with incorrect offset"),
        ({"type": "loud", "offset": 0, "length": 1}, "can't parse MessageEntity"),
        ({"type": "bold"}, "can't parse MessageEntity"),
        ("bold", "can't parse MessageEntity"),
    ],
)
def test_entities_that_do_not_fit_are_refused(given: Any, words: str) -> None:
    assert refusal("hello", given=[given]).startswith(f"Bad Request: {words}")


def test_entities_must_not_cut_a_character() -> None:
    assert "middle of a UTF-16 symbol" in refusal("👍", given=[{"type": "bold", "offset": 1, "length": 1}])
    assert "middle of a UTF-16 symbol" in refusal("👍", given=[{"type": "bold", "offset": 0, "length": 1}])


def test_entities_as_such() -> None:
    assert formatted("hello", "", [HELLO]) == ("hello", [HELLO])


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        ("/start now", "bot_command", "/start"),
        ("do /learn@lectern_local_bot", "bot_command", "/learn@lectern_local_bot"),
        ("see https://a.b/c.", "url", "https://a.b/c"),
        ("ask @ada_admin", "mention", "@ada_admin"),
        ("#bread", "hashtag", "#bread"),
        ("me@example.org", "email", "me@example.org"),
    ],
)
def test_what_telegram_finds_by_itself(text: str, kind: str, what: str) -> None:
    (found,) = settled(text, [])
    assert (found["type"], text[found["offset"] : found["offset"] + found["length"]]) == (kind, what)


@pytest.mark.parametrize("text", ["and/or", "1/2", "C# and F#", "a/b/c", "#1"])
def test_what_it_leaves_alone(text: str) -> None:
    assert settled(text, []) == []


def test_nothing_is_found_or_kept_inside_code() -> None:
    code = {"type": "code", "offset": 0, "length": 6}
    assert settled("/start", [code, {"type": "bold", "offset": 1, "length": 2}]) == [code]
