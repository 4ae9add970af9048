"""The price table: US dollars for a million tokens, by model and by the day from which a price holds.

Source: the providers' price pages as of November 2026. Where a price depends on the length of a prompt, the
highest that our prompts can reach stands here. For images, input is text and output is the picture; their prices come
from resellers that pass them on (launch of November 2026). An operator's own table (``PRICES_FILE``) takes its place.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from pathlib import Path

from services.authors.model.wire import Ask, Usage

COLUMNS = ("model", "input", "cache_read", "cache_write", "output", "effective_from")
BYTES_PER_TOKEN = 2  # of a prompt in UTF-8, at the very least: about 4 in English, 2–3 in other scripts


class BadPrices(ValueError):
    """A price table that cannot be used; the text says where and why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs from `effective_from` on: US dollars for a million tokens, which is also millionths of a
    dollar for one token."""

    model: str
    input: Decimal
    cache_read: Decimal
    cache_write: Decimal
    output: Decimal
    effective_from: date


class Prices:
    """All prices; `at` finds the one that holds."""

    def __init__(self, prices: Iterable[Price]) -> None:
        self._of: dict[str, list[Price]] = {}
        for price in sorted(prices, key=lambda each: each.effective_from):
            self._of.setdefault(price.model, []).append(price)

    def at(self, model: str, day: date) -> Price | None:
        """The price of `model` on `day`; before its first day the first that is known; None for an unknown model.

        A dated name (``claude-haiku-4-5-20251001``) costs what the name without its date costs."""
        rows = self._of.get(model) or self._of.get(_undated(model))
        if not rows:
            return None
        return next((each for each in reversed(rows) if each.effective_from <= day), rows[0])

    @property
    def models(self) -> frozenset[str]:
        """All models with a price."""
        return frozenset(self._of)


def read_prices(path: Path | None = None) -> Prices:
    """The table at `path`, or ours. Raises `BadPrices`, OSError."""
    source = path or files("services") / "money" / "prices.csv"
    rows = csv.DictReader(source.read_text(encoding="utf-8").splitlines())
    if rows.fieldnames is None or tuple(rows.fieldnames) != COLUMNS:
        raise BadPrices(f"the first line must be {','.join(COLUMNS)}")
    return Prices(_price(row, number) for number, row in enumerate(rows, 2))


def _price(row: dict[str, str | None], line: int) -> Price:
    try:
        amounts = [Decimal(row[name] or "") for name in COLUMNS[1:5]]
        day = date.fromisoformat(row["effective_from"] or "")
    except (InvalidOperation, ValueError) as error:
        raise BadPrices(f"line {line} must have four amounts and a day such as 2026-10-07") from error
    if not row["model"] or any(not each.is_finite() or each < 0 for each in amounts):
        raise BadPrices(f"line {line} must have a model and amounts of 0 or more")
    fresh, cache_read, cache_write, output = amounts
    return Price(row["model"], fresh, cache_read, cache_write, output, day)


def worst_case(ask: Ask, price: Price) -> int:
    """Millionths of a dollar that a call can cost at most: all of its prompt at the dearer of fresh and cache-writing
    input, all of its room as output."""
    characters = "".join((*(block.text for block in ask.blocks), ask.user, str(dict(ask.schema))))
    tokens = math.ceil(len(characters.encode("utf-8", "replace")) / BYTES_PER_TOKEN)
    return math.ceil(tokens * max(price.input, price.cache_write) + ask.room * price.output)


def cost(usage: Usage, price: Price) -> int:
    """Millionths of a dollar that `usage` costs, rounded up."""
    return math.ceil(
        usage.fresh * price.input
        + usage.cached * price.cache_read
        + usage.written * price.cache_write
        + usage.output * price.output
    )


def _undated(model: str) -> str:
    head, _, tail = model.rpartition("-")
    return head if len(tail) == 8 and tail.isdigit() else model
