"""Everything about models that is shared: one way to them, one purse, whoever writes, and whoever else is asked."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from bot.money import make_purse, make_quotes
from bot.providers import make_providers
from bot.settings import Settings
from bot.studio import Extras, make_extras
from services.authors.model.author import ModelAuthor
from services.authors.model.caller import Caller
from services.authors.model.calling import Calls
from services.authors.model.provider import Provider
from services.authors.offline import OfflineAuthor
from services.authors.protocol import Author
from services.clock import Clock
from services.meter import Meter
from services.money.purse import HousePurse
from services.money.quotes import Quotes
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Models:
    """Who writes, who pays for it and says what it will cost, and who else is asked."""

    author: Author
    purse: HousePurse
    quotes: Quotes
    extras: Extras


def make_models(settings: Settings, database: Database, clock: Clock, meter: Meter, rng: random.Random) -> Models:
    """All of it. Raises what `bot.money.make_purse` raises."""
    providers = make_providers(settings, clock)
    purse = make_purse(settings, database, clock, meter, providers)
    caller = Caller(providers, purse=purse, clock=clock, rng=rng)
    quotes = make_quotes(settings, database, clock, purse, providers)
    extras = make_extras(settings, providers, caller, purse, clock, rng)
    return Models(make_author(providers, caller, rng), purse, quotes, extras)


def make_author(providers: Sequence[Provider], calls: Calls, rng: random.Random) -> Author:
    """The models that there are keys for, in order, asked by `calls`; without any the offline author."""
    return ModelAuthor(calls, providers, rng=rng) if providers else OfflineAuthor()
