from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.chat.literal import literal
from handlers.chat.markup import KINDS, Mark, Marked, convert, to_api, units


def kinds(body: str) -> list[tuple[str, str]]:
    """Each mark with the text that it covers."""
    marked = convert(body)
    return [(mark.kind, marked.text[mark.start : mark.end]) for mark in marked.marks]


def test_prose_with_emphasis_code_and_a_link() -> None:
    body = "A **starter** is _alive_; `feed()` it, says [a baker](https://example.org/a)."
    assert convert(body).text == "A starter is alive; feed() it, says a baker."
    assert kinds(body) == [("bold", "starter"), ("italic", "alive"), ("code", "feed()"), ("text_link", "a baker")]
    assert convert(body).marks[-1].more == "https://example.org/a"


def test_a_heading_is_bold_and_a_list_keeps_its_points() -> None:
    body = "## Feeding\n\n- flour\n- water\n\n1. mix\n2. wait"
    assert convert(body).text == "Feeding\n\n• flour\n• water\n\n1. mix\n2. wait"
    assert kinds(body) == [("bold", "Feeding")]


def test_code_stays_code_with_its_language() -> None:
    marked = convert("Look:\n\n```python\nif a < b:\n    print('||')\n\nx = 1\n```\n\nDone.")
    assert marked.text == "Look:\n\nif a < b:\n    print('||')\n\nx = 1\n\nDone."
    [code] = marked.marks
    assert (code.kind, code.more) == ("pre", "python")
    assert marked.text[code.start : code.end].startswith("if a < b:")


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "tg://user?id=1", "/etc", "x.y"],
)
def test_a_link_that_is_not_of_the_web_is_plain_text(address: str) -> None:
    assert kinds(f"See [this]({address}).") == []
    assert convert(f"See [this]({address}).").text == "See this."


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("a vector<int> of <b>bold</b> & <br> things", "a vector<int> of <b>bold</b> & <br> things"),
        ("<div>\nhi\n</div>", "<div>\nhi\n</div>"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("x <!-- a secret --> y", "x <!-- a secret --> y"),
        ("> quoted\n> <p>\n> on", "quoted\n<p>\non"),
        ("true || false || true", "true || false || true"),
        ("a ||| b |||| c", "a ||| b |||| c"),
        (r"already \<b> and \|| escaped", "already <b> and || escaped"),
        ("`<i> || <i> ||` stays", "<i> || <i> || stays"),
    ],
)
def test_tags_and_bars_stand_for_themselves(body: str, shown: str) -> None:
    assert convert(body).text == shown
    assert not {mark.kind for mark in convert(body).marks} & {"spoiler", "bold"}


def test_code_within_a_block_of_html_is_not_changed() -> None:
    assert convert("<div>\n```\nc <b> || d\n```\n</div>").text == "<div>\nc <b> || d\n</div>"


def test_what_hides_or_turns_text_is_taken_out() -> None:
    assert convert("a\x00b\u202ec\u2066d\u2069e\x1bf\ud83dg").text == "abcdefg"


def test_offsets_count_utf16_units() -> None:
    entities = to_api(convert("😀😀 **bold** 😀 `x`"))
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in entities] == [
        ("bold", 5, 4),
        ("code", 13, 1),
    ]


def test_a_cut_clips_marks_and_drops_those_outside() -> None:
    marked = Marked("one two three", (Mark("bold", 0, 7), Mark("code", 8, 13)))
    assert marked.cut(4, 8) == Marked("two", (Mark("bold", 0, 3),))
    assert (marked + Marked("!", (Mark("italic", 0, 1),))).marks[-1] == Mark("italic", 13, 14)


def test_units_are_those_of_utf16() -> None:
    assert [units(text) for text in ("", "abc", "é", "中", "😀", "a😀")] == [0, 3, 1, 1, 2, 3]


def test_hostile_markdown_takes_no_time() -> None:
    begun = time.monotonic()
    for body in ("<div>\n" * 8000, "<b>" * 8000, "||" * 20000, "[" * 5000, "> " * 2000 + "x", "*_" * 8000, "`" * 9999):
        literal(body)
        convert(body)
    assert time.monotonic() - begun < 20


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab <>|*_`~[]()#-!\\\n$&;:/😀é中"), max_size=80))
def test_any_text_gives_marks_within_it(body: str) -> None:
    marked = convert(body)
    for mark in marked.marks:
        assert mark.kind in KINDS
        assert 0 <= mark.start < mark.end <= len(marked.text)
    for entity in to_api(marked):
        assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= units(marked.text)
