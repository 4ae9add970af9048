"""Money in words: on a card, and what admins are told."""

from __future__ import annotations

import pytest

from handlers.chat.screens.costs import on_card, spending
from handlers.chat.screens.words import money
from services.money.caps import Caps
from services.money.reports import EstimatesView, PeriodView, SpendingView, SpentView
from tests.kit.school import START

NOTHING = SpentView(0, 0, 0, 0, 0, 0)
UNTIL = "2026-11-24T00:00:00+00:00"


@pytest.mark.parametrize(
    ("millionths", "said"),
    [
        (0, "$0.00"),
        (1, "under $0.01"),
        (4_999, "under $0.01"),
        (5_000, "$0.01"),
        (586_250, "$0.59"),
        (1_234_567_890, "$1,234.57"),
    ],
)
def test_amounts_to_the_cent(millionths: int, said: str) -> None:
    assert money("en", millionths) == said


def test_a_card_says_only_what_there_is_to_say() -> None:
    def said(cost: dict[str, object]) -> str:
        return " ".join(on_card("en", "Europe/Berlin", cost))

    assert said({}) == ""
    assert said({"amount": 590_000, "left": None}) == "It will cost about $0.59."
    assert "today’s allowance has $1.00 left" in said({"amount": 590_000, "left": 1_000_000})
    over = {"until": UNTIL, "operator": "Ada"}
    assert said({**over, "over": "cap_course", "fitting": 90}).endswith("One of 1 h 30 min would.")
    assert said({**over, "over": "cap_course", "fitting": None}).endswith("Ada can change that.")
    assert said({**over, "over": "cap_bot", "fitting": None}).endswith("From 01:00 on it can be made.")
    assert said({**over, "over": "cap_learner", "fitting": 30}).endswith("One of 30 min fits today.")


@pytest.mark.parametrize(
    ("language", "usual", "small"),
    [
        ("en", "It will cost about $0.59.", "It will cost under $0.01."),
        ("es", "Coste: unos 0,59\xa0US$.", "Coste: menos de 0,01\xa0US$."),
        ("ru", "Цена: примерно 0,59\xa0$.", "Цена: меньше 0,01\xa0$."),
        ("ar", "الكلفة: نحو {}.", "الكلفة: أقل من {}."),
    ],
)
def test_less_than_a_cent_is_no_estimate_of_one(language: str, usual: str, small: str) -> None:
    def said(amount: int, left: int | None = None) -> str:
        text = " ".join(on_card(language, "UTC", {"amount": amount, "left": left}))
        return text.replace("\u2068", "").replace("\u2069", "")

    for amount, cents, words in ((590_000, 590_000, usual), (4_000, 10_000, small)):
        sentence = words.format(money(language, cents))
        assert said(amount) == sentence
        assert said(amount, 1_000_000).startswith(sentence.removesuffix("."))
    assert said(0).endswith(f" {money(language, 0)}.")


def test_before_anything_was_spent() -> None:
    periods = tuple(PeriodView(days, NOTHING, {}, {}) for days in (1, 7, 30))
    view = SpendingView(START, Caps(), 0, periods, 0, 0, EstimatesView(0, 0, 0, None), ())
    assert spending("en", view).text == (
        "<b>Spending on models</b>\nUS dollars; days begin at midnight UTC\n\n"
        "<b>Today</b> $0.00\n<b>7 days</b> $0.00\n<b>30 days</b> $0.00\n\n"
        "There are no caps; CAP_COURSE_USD, CAP_LEARNER_DAY_USD and CAP_DAY_USD set them."
    )
