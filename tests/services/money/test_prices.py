from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from services.authors.model.wire import Ask, Block, Usage
from services.money.prices import BadPrices, cost, read_prices, worst_case

HEAD = "model,input,cache_read,cache_write,output,effective_from\n"


def test_our_own_table_knows_the_models_that_are_set_by_default() -> None:
    prices = read_prices()
    for model in ("claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5", "gpt-6-sol", "gpt-6.2-sol"):
        assert prices.at(model, date(2026, 11, 23)) is not None, model


@pytest.mark.parametrize(
    ("day", "cache_read"), [(date(2026, 1, 1), "0.20"), (date(2026, 10, 6), "0.20"), (date(2026, 10, 7), "0.10")]
)
def test_a_price_holds_from_its_day_on(day: date, cache_read: str) -> None:
    price = read_prices().at("claude-sonnet-5-5", day)
    assert price is not None
    assert price.cache_read == Decimal(cache_read)


def test_a_dated_name_costs_what_its_model_costs_and_an_unknown_one_has_no_price() -> None:
    prices = read_prices()
    day = date(2026, 11, 23)
    assert prices.at("claude-haiku-4-5-20251001", day) == prices.at("claude-haiku-4-5", day)
    assert prices.at("llama-of-my-own", day) is None
    assert prices.at("", day) is None


def test_tokens_cost_by_kind_and_are_rounded_up() -> None:
    price = read_prices().at("claude-sonnet-5-5", date(2026, 11, 23))
    assert price is not None
    assert cost(Usage(fresh=1_000_000), price) == 2_000_000
    assert cost(Usage(fresh=10, cached=10, written=10, output=10), price) == 146
    assert cost(Usage(cached=1), price) == 1
    assert cost(Usage(), price) == 0


@pytest.mark.parametrize("text", ["An introduction to bread. " * 40, "Введение в хлеб. " * 40, "面包入门。" * 100])
def test_the_worst_case_is_never_below_what_a_call_can_come_to(text: str) -> None:
    price = read_prices().at("claude-opus-5-5", date(2026, 11, 23))
    assert price is not None
    ask = Ask("claude-opus-5-5", (Block(text, cached=True),), text, {"type": "object"}, 1000, "low")
    most_tokens = len(text) * 2  # no script comes to more than a token for each character
    if text.isascii():
        most_tokens = len(text) // 2
    assert worst_case(ask, price) >= cost(Usage(written=min(most_tokens, len(text)), output=1000), price)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("", "the first line must be"),
        ("model,price\n", "the first line must be"),
        (HEAD + "m,1,1,1,x,2026-01-01\n", "line 2"),
        (HEAD + "m,1,1,1,1,2026-01-01\nn,1,1,1,-1,2026-01-01\n", "line 3"),
        (HEAD + "m,1,1,1,NaN,2026-01-01\n", "line 2"),
        (HEAD + "m,1,1,1,1,soon\n", "line 2"),
        (HEAD + "m,1\n", "line 2"),
        (HEAD + ",1,1,1,1,2026-01-01\n", "line 2"),
    ],
)
def test_a_table_that_cannot_be_used_says_where(tmp_path: Path, table: str, said: str) -> None:
    path = tmp_path / "prices.csv"
    path.write_text(table, encoding="utf-8")
    with pytest.raises(BadPrices, match=said):
        read_prices(path)
