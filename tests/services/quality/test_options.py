from __future__ import annotations

from dataclasses import replace

import pytest

from services.authors.protocol import Option, QuestionDraft
from services.quality import options
from services.quality.keys import key_position
from tests.services.quality.kit import question, rules


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (("a dough that has risen for a day", "salt", "air"), True),
        (("a dough that has risen for a day", "a dough that was baked at once", "air"), False),
        (("a dough that has risen", "seventeen and a ha", "air"), False),  # 18 of 22: above three quarters
        (("a dough that rests", "1234567890123", "air"), True),  # 13 of 18
        (("unbelievably long", "salt", "air"), False),  # fewer than four words
        (("тесто которое поднималось весь день", "соль", "свет"), True),
        (("тесто которое поднималось", "соль", "свет"), False),
        (("عجين تُرك ليوم كامل في الدفء", "ملح", "هواء"), True),
        (("发酵了整整一天一夜的面团", "盐", "水"), True),  # 12 characters are read as nearly five words
        (("发酵面团", "盐", "水"), False),
        (("पूरे दिन तक फूला हुआ आटा", "नमक", "हवा"), True),
    ],
)
def test_length_tells(texts: tuple[str, ...], told: bool) -> None:
    found = list(options.length_tells(question(texts), "q"))
    assert rules(found) == ([("length_tells", "error")] if told else [])
    # Whichever option is long and wrong, nothing is told by it.
    assert not list(options.length_tells(question(texts, key=1), "q"))


def test_a_finding_never_says_which_option_is_right() -> None:
    for key in range(3):
        texts = ["salt", "air", "sun"]
        texts[key] = "a dough that has risen for a day"
        (found,) = options.length_tells(question(texts, key), "q")
        assert (found.path, found.found) == ("q.options", "options of very unequal length")


def test_the_longest_is_right_too_often() -> None:
    telling = question(("longest", "long", "short"))
    not_telling = question(("long", "longest", "short"))
    level = question(("short", "right", "wrong"))
    assert not list(options.longest_keys([telling] * 9))  # too few to say
    assert not list(options.longest_keys([*[telling] * 4, *[not_telling] * 6]))
    assert not list(options.longest_keys([level] * 12))  # the longest, but not alone
    (found,) = options.longest_keys([*[telling] * 5, *[not_telling] * 5])
    assert (found.rule, found.severity, found.found) == (
        "length_tells", "error", "the right option is the longest in 50 % of 10 questions",
    )  # fmt: skip
    broken = replace(telling, key=7)
    assert not list(options.longest_keys([broken] * 12))


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("Flour", "Water", []),
        ("Flour", "flour ", [("distinct_options", "error")]),
        ("Ｆｌｏｕｒ", "flour", [("distinct_options", "error")]),  # full width
        ("Straße", "STRASSE", [("distinct_options", "error")]),
        ("Мука", "МУКА", [("distinct_options", "error")]),
        ("الدقيق", "الدقيق ", [("distinct_options", "error")]),
        ("面粉", "面粉", [("distinct_options", "error")]),
        ("आटा", "आटा", [("distinct_options", "error")]),
        ("flour and water", "water and flour", [("distinct_options", "warning")]),
        ("мука и вода", "вода и мука", [("distinct_options", "warning")]),
        ("40 grams of flour", "grams of flour 40", []),  # numbers are told apart by a sign
        ("`a = b`", "`b = a`", []),
        ("wild yeast", "yeast", []),
        ("自然酵母", "面包酵母", []),
        ("", "", [("distinct_options", "error")]),
    ],
)
def test_distinct(one: str, other: str, found: list[tuple[str, str]]) -> None:
    assert rules(options.distinct(question((one, other, "something else")), "q")) == found


def test_likeness() -> None:
    assert options.likeness("a b c", "c b a") == 100
    assert options.likeness("a b", "c d") == 0
    assert options.likeness("", "a") == 0
    assert options.likeness("面包酵母", "面包酵母菌") > 80


@pytest.mark.parametrize(
    "text",
    [
        "All of the above", "None of the above.", "none of these", "Both of the above", "All of the answers",
        "Alle genannten", "Keine der obigen Antworten", "Toutes les réponses", "Aucune de ces réponses",
        "Todas las anteriores", "Ninguna de las anteriores", "Nenhuma das anteriores", "Tutte le precedenti",
        "Все вышеперечисленное", "Ничего из перечисленного", "Усі варіанти",
        "جميع ما سبق", "كل ما ذكر", "उपरोक्त सभी", "以上都是", "以上都不对", "上記のすべて",
    ],
)  # fmt: skip
def test_options_that_speak_of_the_others(text: str) -> None:
    (found,) = options.one_key(question(("Flour", text, "Salt")), "q")
    assert (found.path, found.rule, found.severity) == ("q.options.1.text", "one_key", "error")


@pytest.mark.parametrize(
    "text",
    [
        "All the flour",
        "None",
        "Above the clouds",
        "Все дрожжи",
        "كل يوم",
        "以上海为例",
        "Toutes ces plantes",
        "Both of them",
    ],
)
def test_options_that_do_not(text: str) -> None:
    assert not list(options.one_key(question(("Flour", text, "Salt")), "q"))


def test_how_many_options_and_a_key() -> None:
    assert not list(options.one_key(question(tuple("abcde")), "q"))
    assert rules(options.one_key(question(("a", "b")), "q")) == [("one_key", "error")]
    assert rules(options.one_key(question(tuple("abcdef")), "q")) == [("one_key", "error")]
    for key in (-1, 3, 99):
        (found,) = options.one_key(question(key=key), "q")
        assert found.path == "q.key"
    assert rules(options.one_key(QuestionDraft("?", (), 0), "q")) == [("one_key", "error")] * 2


def explained(*explanations: str) -> QuestionDraft:
    texts = ("Flour", "水", "Соль")
    pairs = zip(texts, explanations, strict=True)
    return QuestionDraft("What is it?", tuple(Option(text, why) for text, why in pairs), 0)


@pytest.mark.parametrize(
    ("explanations", "where"),
    [
        (("It is ground wheat.", "它不是面粉", "Это не мука"), []),
        (("", "b is not", "c is not"), ["q.options.0.explanation"]),
        (("   \n", "b is not", "c is not"), ["q.options.0.explanation"]),
        (("FLOUR.", "水。", "Соль"), [f"q.options.{at}.explanation" for at in range(3)]),
        (("x" * 201, "b is not", "c is not"), ["q.options.0.explanation"]),
        (("x" * 200, "字" * 200, "ж" * 200), []),
        (("a\nb\nc", "b is not", "c is not"), []),
        (("a\nb\nc\nd", "b is not", "c is not"), ["q.options.0.explanation"]),
    ],
)
def test_explanations(explanations: tuple[str, str, str], where: list[str]) -> None:
    found = list(options.explanations(explained(*explanations), "q"))
    assert [one.path for one in found] == where
    assert {one.severity for one in found} <= {"error"}


def test_limits_of_a_poll() -> None:
    assert not list(options.explanations(question(prompt="x" * 300), "q"))
    assert [one.path for one in options.explanations(question(prompt="x" * 301), "q")] == ["q.prompt"]
    assert [one.path for one in options.explanations(replace(question(), prompt=" "), "q")] == ["q.prompt"]
    long = explained("It is ground wheat.", "它不是面粉", "Это не мука")
    long = replace(long, options=(Option("字" * 101, "why"), *long.options[1:]))
    assert [one.path for one in options.explanations(long, "q")] == ["q.options.0.text"]


@pytest.mark.parametrize(
    ("slots", "bad"),
    [
        ([], False),
        ([0] * 9, False),  # too few to say
        ([0] * 10, True),
        ([0, 0, 0, 0, 1, 1, 1, 2, 2, 3], False),  # exactly 40 %
        ([0, 0, 0, 0, 0, 1, 1, 1, 2, 3], True),
        ([0, 1, 2, 3] * 5, False),
        ([0, 1] * 10, True),  # both
    ],
)
def test_key_position(slots: list[int], bad: bool) -> None:
    found = list(key_position(slots))
    assert bool(found) is bad
    assert all(one.rule == "key_position" and one.severity == "error" for one in found)
