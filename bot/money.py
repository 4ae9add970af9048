"""What models cost here: the price table and the caps, looked at before anything is spent."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import Any

from bot.settings import Settings
from services.authors.model.estimating import tokens_of
from services.authors.model.prompting import Prompts
from services.authors.model.provider import Provider
from services.authors.model.reading import second_readers
from services.clock import Clock
from services.meter import Meter
from services.money.estimate import Estimator
from services.money.prices import BadPrices, Prices, read_prices
from services.money.purse import HousePurse
from services.money.quotes import Quotes
from storage.database import Database


class MoneyError(Exception):
    """Prices cannot be read, or caps not be kept; the text is one sentence for the person who starts Lectern."""


def make_purse(
    settings: Settings, database: Database, clock: Clock, meter: Meter, providers: Sequence[Provider]
) -> HousePurse:
    """The purse that pays `providers`. Raises `MoneyError` for a table of prices that cannot be used, and for a model
    without a price where there is a cap, which could not be kept then."""
    prices = _prices(settings)
    today = clock.now().date()
    unknown = [model for each in providers for model in each.models if prices.at(model, today) is None]
    if unknown and settings.caps.any:
        raise MoneyError(
            f"A spending cap is set, but the price of {' and '.join(dict.fromkeys(unknown))} is not known, so it could "
            "not be kept; set PRICES_FILE to a table in which it stands."
        )
    return HousePurse(database=database, clock=clock, prices=prices, caps=settings.caps, meter=meter)


def make_quotes(
    settings: Settings, database: Database, clock: Clock, purse: HousePurse, providers: Sequence[Provider]
) -> Quotes:
    """What courses would cost with the first of `providers`; nothing to say of without any."""
    estimator = None
    if providers:
        prompts, first = Prompts(), providers[0]
        rules = tokens_of(prompts.text("rules")) + tokens_of(prompts.text("teaching"))
        second = second_readers(providers) if settings.second_opinion else ()
        models: dict[str, Any] = {"plan_model": first.plan_model, "lesson_model": first.lesson_model}
        models |= {"picture_model": settings.image_model, "second_model": second[0].lesson_model if second else None}
        estimator = Estimator(purse.prices, **models, rules=rules)
    given: dict[str, Any] = {"database": database, "clock": clock, "caps": purse.caps}
    return Quotes(**given, estimator=estimator, shown_to=settings.show_cost)


def _prices(settings: Settings) -> Prices:
    path = settings.prices_file
    try:
        return read_prices(path)
    except OSError as error:
        raise MoneyError(f"PRICES_FILE {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise MoneyError(f"PRICES_FILE {path} is not UTF-8 text, which it must be.") from error
    except (BadPrices, csv.Error) as error:
        raise MoneyError(f"PRICES_FILE {path} cannot be used: {error}.") from error
