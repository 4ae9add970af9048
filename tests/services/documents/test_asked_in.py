from __future__ import annotations

import pytest

from services.documents.asked_in import LETTERS, asked_in


@pytest.mark.parametrize(
    ("topic", "spoken", "language"),
    [
        ("Как работает закваска", "en", "ru"),
        ("Як працює закваска і що їй потрібно", "en", "uk"),
        ("كيف تعمل خميرة العجين", "en", "ar"),
        ("Cómo funciona la masa madre", "en", "es"),
        ("Cómo funciona la masa madre", "ru", "es"),
        ("Historia del arte barroco en Sevilla", "ar", "es"),
        ("Wie funktioniert ein Sauerteig", "en", "de"),
        ("Comment fonctionne le levain naturel", "es", "fr"),
        ("Podstawy programowania w Pythonie", "es", "pl"),
        ("How sourdough works and what it needs", "es", "en"),
        ("Enough statistics to read a medical study", "ru", "en"),
        ("Quantum mechanics for complete beginners", "en", "en"),
    ],
)
def test_a_course_comes_in_the_language_of_its_topic(topic: str, spoken: str, language: str) -> None:
    assert asked_in(topic, spoken) == language


@pytest.mark.parametrize("topic", ["SQL", "Jazz", "Docker", "Renaissance", "C++ & C#", "123"])
@pytest.mark.parametrize(("spoken", "language"), [("es", "es"), ("en", "en"), ("pt-br", "pt-br")])
def test_what_is_too_short_to_tell_is_in_the_learners_own(topic: str, spoken: str, language: str) -> None:
    assert sum(map(str.isalpha, topic)) < LETTERS
    assert asked_in(topic, spoken) == language


def test_a_short_topic_in_latin_letters_is_english_for_who_writes_otherwise() -> None:
    assert asked_in("Docker", "ar") == "en"
