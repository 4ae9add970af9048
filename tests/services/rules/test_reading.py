from __future__ import annotations

import pytest

from services.rules.reading import count_words, exact_minutes, is_unspaced, reading_minutes, split_code


@pytest.mark.parametrize(
    ("body", "questions", "minutes"),
    [
        ("", 0, 1),
        ("word " * 200, 0, 1),
        ("word " * 201, 0, 2),
        ("word " * 200, 1, 2),
        ("word " * 350, 3, 4),
        ("汉" * 500, 0, 1),
        ("汉" * 501, 0, 2),
        ("ไ" * 1000, 0, 2),
        ("слово " * 400, 0, 2),
        ("كلمة " * 400, 0, 2),
        ("한국어 " * 400, 0, 2),
        ("```python\n" + "x = 1\n" * 30 + "```", 0, 3),
        ("~~~\n" + "x = 1\n\n" * 10 + "~~~\n" + "word " * 200, 0, 2),
    ],
)
def test_minutes(body: str, questions: int, minutes: int) -> None:
    assert reading_minutes(body, questions) == minutes


def test_code_is_not_prose() -> None:
    prose, lines = split_code("one two\n````\n```\nthree\n````\nfour")
    assert prose.split() == ["one", "two", "four"]
    assert lines == 2


def test_an_open_fence_runs_to_the_end() -> None:
    assert split_code("a\n```\nb\nc") == ("a", 2)


def test_words_of_mixed_scripts() -> None:
    assert count_words("don't re-use Python 的") == pytest.approx(3.4)


def test_exact_is_not_rounded() -> None:
    assert exact_minutes("word " * 100, 2) == pytest.approx(2.0)


def test_scripts_without_blanks_are_told_apart() -> None:
    assert is_unspaced("潮汐是海水的涨落")
    assert is_unspaced("パンを焼く")
    assert not is_unspaced("한국어 문장")
    assert not is_unspaced("tides and 潮")
    assert not is_unspaced("123")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("जंगली खमीर गेहूं की भूसी", 5),  # vowels are signs beside their letters
        ("হাওয়ায় থাকে", 2),
        ("காற்றில் வாழ்கிறது", 2),
        ("اَلْخُبْزُ طَعَامٌ", 2),  # with all vowels written
        ("שָׁלוֹם עוֹלָם", 2),
        ("cafe\u0301 cre\u0301me", 2),
    ],
)
def test_words_with_signs_beside_their_letters(text: str, words: int) -> None:
    assert count_words(text) == words
