from __future__ import annotations

import unicodedata

import pytest

from services.pictures.shaping import is_rtl, visual


@pytest.mark.parametrize(
    ("text", "rtl"),
    [
        ("Tides", False),
        ("12 שלום", True),
        ("«مقدمة» in English", True),
        ("English مقدمة", False),
        ("12 – 34", False),
        ("", False),
    ],
)
def test_the_first_letter_decides_the_direction(text: str, rtl: bool) -> None:
    assert is_rtl(text) is rtl


@pytest.mark.parametrize(
    ("line", "rtl", "seen"),
    [
        ("abc 12 (d)", False, "abc 12 (d)"),
        ("אבג", True, "גבא"),
        ("אב 12 גד", True, "דג 12 בא"),
        ("אב 3.5 גד", True, "דג 3.5 בא"),
        ("אב 40% גד", True, "דג 40% בא"),
        ("אב (ג) דה", True, "הד (ג) בא"),
        ("אב abc 12 גד", True, "דג abc 12 בא"),
        ("abc אב גד def", False, "abc דג בא def"),
        ("abc אב 12 גד def", False, "abc דג 12 בא def"),
        ("abc (אב) 12", False, "abc (בא) 12"),
        ("אב (abc) גד", True, "דג (abc) בא"),
        ("אב abc (גד)", True, "(דג) abc בא"),
        ("abc [אב (גד)] def", False, "abc [(דג) בא] def"),
        ("abc (אב", False, "abc (בא"),
        ("abc אב.", False, "abc בא."),
        ("אב abc.", True, ".abc בא"),
        ("", True, ""),
    ],
)
def test_runs_stand_where_the_bidirectional_algorithm_puts_them(line: str, rtl: bool, seen: str) -> None:
    assert visual(line, rtl=rtl) == seen


def shapes(line: str) -> list[str]:
    """The forms of the letters of `line`, in reading order."""
    return [unicodedata.decomposition(sign).split(" ")[0].strip("<>") for sign in reversed(visual(line, rtl=True))]


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("بيت", ["initial", "medial", "final"]),
        ("دار", ["isolated", "isolated", "isolated"]),
        ("باب", ["initial", "final", "isolated"]),
        ("سلام", ["initial", "final", "isolated"]),  # lam and alef are one sign
        ("لا", ["isolated"]),
        ("بَيْت", ["initial", "medial", "final"]),  # vowel points do not part letters
        ("می‌خواهم", ["initial", "final", "initial", "final", "isolated", "initial", "final"]),
    ],
)
def test_arabic_letters_take_the_form_that_their_neighbours_ask_for(word: str, forms: list[str]) -> None:
    assert shapes(word) == forms


def test_shaping_keeps_every_letter() -> None:
    word = "مقدمة في البرمجة"
    assert unicodedata.normalize("NFKC", visual(word, rtl=True)[::-1].replace("ﻻ", "لا")) == word
