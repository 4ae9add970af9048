from __future__ import annotations

import pytest

from services.rules.searching import COMMON, MOST_TERMS, telling, terms


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Fermentation, fermented: it ferments!", ["fermen", "fermen", "it", "fermen"]),
        ("Été ÉTÉ Straße", ["ete", "ete", "strass"]),
        ("snake_case plate2045", ["snake", "case", "plate2045"]),
        ("закваска й", ["закваc".replace("c", "с"), "и"]),
        ("酵母菌", ["酵母", "母菌"]),
        ("糖 and ขนมปัง", ["糖", "and", "ขน", "นม", "มป", "ปง"]),
        ("«…» — !", []),
    ],
)
def test_words_as_they_are_indexed(text: str, found: list[str]) -> None:
    assert terms(text) == found


def test_what_is_everywhere_and_what_is_nowhere_tells_nothing() -> None:
    texts = [["the", "bread", f"word{number}"] if number % 8 == 0 else ["the", f"word{number}"] for number in range(40)]
    assert len([1 for text in texts if "the" in text]) > COMMON * len(texts)
    assert telling(["the bread of word3 and the moon"], texts) == [["word3", "bread"]]


def test_of_a_long_question_the_rarest_words_are_taken() -> None:
    texts = [[f"w{number}" for number in range(100)[place:]] for place in range(100)]
    found = telling([" ".join(f"w{number}" for number in range(100))], texts)[0]
    assert found == [f"w{number}" for number in range(MOST_TERMS)]
