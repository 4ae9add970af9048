"""What a course will probably cost: in proportion, in the right order of magnitude, and with room for its last call."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from services.money.estimate import Estimate, Estimator, Size
from services.money.prices import Price, Prices, read_prices

DAY = date(2026, 11, 23)
RULES = 6_000


def estimator(
    plan: str = "claude-opus-5-5",
    lesson: str = "claude-sonnet-5-5",
    picture: str | None = None,
    second: str | None = None,
) -> Estimator:
    models = {"plan_model": plan, "lesson_model": lesson}
    return Estimator(read_prices(), **models, rules=RULES, picture_model=picture, second_model=second)


def estimated(size: Size, of: Estimator | None = None) -> Estimate:
    found = (of or estimator()).estimate(size, DAY)
    assert found is not None
    return found


def test_longer_courses_cost_more() -> None:
    amounts = [estimated(Size(minutes)).amount for minutes in range(30, 481, 30)]
    assert amounts == sorted(set(amounts))
    assert 100_000 < amounts[0] < amounts[-1] < 5_000_000  # between a dime and five dollars


def test_a_document_costs_what_is_read_of_it() -> None:
    amounts = [estimated(Size(60, characters)).amount for characters in (0, 10_000, 60_000, 160_000)]
    assert amounts == sorted(set(amounts))
    beyond = [estimated(Size(60, characters)).amount for characters in (400_000, 5_000_000)]
    assert len(set(beyond)) == 1, "what is beyond the reach of a call costs nothing"


def test_dearer_models_cost_more_and_a_picture_is_added() -> None:
    plain = estimated(Size(60))
    assert estimated(Size(60), estimator(lesson="claude-opus-5-5")).amount > plain.amount
    with_picture = estimated(Size(60), estimator(picture="gpt-image-2.6-flare"))
    assert 10_000 < with_picture.amount - plain.amount < 100_000
    assert estimated(Size(60), estimator(picture="an-unknown-one")) == plain, "a card drawn here costs nothing"


def test_a_second_opinion_is_added() -> None:
    plain, judged = estimated(Size(60)), estimated(Size(60), estimator(second="claude-opus-5-5"))
    assert 0.1 < (judged.amount - plain.amount) / plain.amount < 1.0
    assert judged.needs - judged.amount == plain.needs - plain.amount, "its calls are small ones"
    longer = estimated(Size(240), estimator(second="claude-opus-5-5")).amount - estimated(Size(240)).amount
    assert longer > judged.amount - plain.amount
    assert estimated(Size(60), estimator(second="an-unknown-one")) == plain


def test_there_is_room_for_the_worst_case_of_the_last_call() -> None:
    for minutes in (30, 120, 480):
        found = estimated(Size(minutes))
        assert found.needs - found.amount >= 100_000


@pytest.mark.parametrize("unknown", [{"plan": "mine"}, {"lesson": "mine"}])
def test_nobody_can_say_without_a_price(unknown: dict[str, str]) -> None:
    assert estimator(**unknown).estimate(Size(60), DAY) is None


def test_what_costs_nothing_is_estimated_at_nothing() -> None:
    nothing = Decimal(0)
    free = Prices([Price("mine", nothing, nothing, nothing, nothing, DAY)])
    found = Estimator(free, plan_model="mine", lesson_model="mine", rules=RULES).estimate(Size(60), DAY)
    assert found == Estimate(0, 0)
