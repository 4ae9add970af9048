from __future__ import annotations

import pytest

from services.authors.model import mend
from services.rules.wording import clip


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("\ud83dhalf\x00 and\x07 bell", "half and bell"),
        ("\u202eright\u202c \u2066to\u2069 left\ufeff", "right to left"),
        ("  trimmed \n", "trimmed"),
        ("مرحبا 文 😀 é", "مرحبا 文 😀 é"),
    ],
)
def test_clean(text: str, mended: str) -> None:
    assert mend.clean(text) == mended


def test_a_line_has_no_breaks_or_tags() -> None:
    assert mend.line(" <b>Bread</b>\n  &  water, a < b and List<T> ") == "Bread & water, a < b and List<T>"


@pytest.mark.parametrize(
    ("text", "longest", "clipped"),
    [("short", 10, "short"), ("one two three", 10, "one two…"), ("x" * 20, 10, "x" * 9 + "…"), ("one, two", 6, "one…")],
)
def test_clip(text: str, longest: int, clipped: str) -> None:
    assert clip(text, longest) == clipped
    assert len(clipped) <= longest


def test_long_paragraphs_are_cut_between_sentences_and_nothing_is_lost() -> None:
    sentences = [f"This is sentence number {number}, and it says something of its own." for number in range(40)]
    parts = mend.body(" ".join(sentences)).split("\n\n")
    assert len(parts) > 3
    assert all(len(part) <= mend.LONGEST_PARAGRAPH and part.endswith(".") for part in parts)
    assert " ".join(parts) == " ".join(sentences)


def test_paragraphs_without_blanks_are_cut_as_well() -> None:
    parts = mend.body("面团在夜里慢慢呼吸,然后变大。" * 80).split("\n\n")
    assert len(parts) > 1
    assert all(len(part) <= mend.LONGEST_PARAGRAPH for part in parts)


def test_code_stays_as_it_is() -> None:
    code = "```html\n<p>kept</p>\n\n| a | b |\n|---|---|\n" + "x = 1  # a very long line. " * 40 + "\n```"
    assert mend.body(f"Before <p>it</p>.\n\n{code}\nAfter.") == f"Before it.\n\n{code}\n\nAfter."


def test_a_fence_left_open_is_closed() -> None:
    assert mend.body("Text.\n\n~~~py\nprint(1)") == "Text.\n\n~~~py\nprint(1)\n~~~"


def test_a_table_becomes_a_list() -> None:
    table = "| Flour | Water |\n|:------|------:|\n| 500 g | 350 g |\n| 1 kg | 700 g |"
    assert mend.body(f"So much:\n\n{table}") == "So much:\n\n- Flour · Water\n- 500 g · 350 g\n- 1 kg · 700 g"


def test_lists_and_quotations_are_not_cut() -> None:
    items = "\n".join(f"- item {number} is here. It has two sentences." for number in range(30))
    assert mend.body(items) == items


def test_links_go_and_their_words_stay() -> None:
    text = "See [the page](https://x.example/y) and ![a loaf](www.x.example/p.png) at https://z.example."
    assert mend.line(text) == "See the page and a loaf at"
    assert mend.body(f"{text}\n\n```sh\ncurl https://kept.example\n```").endswith("curl https://kept.example\n```")


@pytest.mark.parametrize(
    ("text", "language", "broken"),
    [
        ("One. Two.", "en", False),
        ("One. Two and th", "en", True),
        ("One. **Two.**", "en", False),
        ("第一。第二", "zh", True),
        ("第一。第二。", "zh", False),
        ("पहला। दूसरा।", "hi", False),
        ("So:\n\n- one\n- two", "en", False),
        ("So:\n\n```py\nx = 1\n```", "en", False),
        ("หนึ่ง สอง", "th", False),
        ("", "en", False),
    ],
)
def test_a_text_that_breaks_off_is_told(text: str, language: str, broken: bool) -> None:
    assert mend.breaks_off(text, language) == broken
