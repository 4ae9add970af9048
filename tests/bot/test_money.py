"""Prices and caps at the start: what cannot be used or kept stops it with one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.money import MoneyError, make_purse, make_quotes
from bot.providers import make_providers
from bot.settings import load_settings
from services.authors.protocol import Payer
from services.clock import SystemClock
from services.meter import Meter
from services.money.estimate import Size
from services.money.prices import COLUMNS
from services.money.quotes import Quotes
from storage.database import Database
from tests.kit.database import postgres, sqlite
from tests.kit.process import BotProcess

__all__ = ["postgres", "sqlite"]
KEY = {"ANTHROPIC_API_KEY": "sk-ant-not-a-real-key-0123456789"}
OWN_MODEL = {**KEY, "ANTHROPIC_LESSON_MODEL": "our-own-model"}


def built(database: Database, given: dict[str, str]) -> Quotes:
    settings, clock = load_settings(given, None), SystemClock()
    providers = make_providers(settings, clock)
    return make_quotes(settings, database, clock, make_purse(settings, database, clock, Meter(), providers), providers)


def refused(database: Database, given: dict[str, str]) -> str:
    with pytest.raises(MoneyError) as caught:
        built(database, given)
    said = str(caught.value)
    assert said.endswith(".")
    assert "\n" not in said
    return said


async def test_a_model_without_a_price_is_no_matter_without_a_cap(sqlite: Database) -> None:
    assert await built(sqlite, OWN_MODEL).quote(1, Size(60)) is None
    assert await built(sqlite, KEY).quote(1, Size(60)) is not None
    assert await built(sqlite, {}).quote(1, Size(60)) is None, "nobody is paid"


async def test_a_second_opinion_that_is_wished_for_is_in_the_estimate(sqlite: Database) -> None:
    plain, asked = await built(sqlite, KEY).quote(1, Size(60)), {**KEY, "SECOND_OPINION": "1"}
    judged = await built(sqlite, asked).quote(1, Size(60))
    assert plain is not None
    assert judged is not None
    assert judged.amount > plain.amount
    alone = {**KEY, "ANTHROPIC_PLAN_MODEL": "claude-sonnet-5-5"}
    unasked = await built(sqlite, alone).quote(1, Size(60))
    assert await built(sqlite, {**alone, "SECOND_OPINION": "1"}).quote(1, Size(60)) == unasked, "there is nobody else"


@pytest.mark.parametrize("cap", ["CAP_COURSE_USD", "CAP_LEARNER_DAY_USD", "CAP_DAY_USD"])
def test_a_cap_that_could_not_be_kept_stops_the_start(sqlite: Database, cap: str) -> None:
    said = refused(sqlite, {**OWN_MODEL, cap: "5"})
    assert said.startswith("A spending cap is set, but the price of our-own-model is not known")
    assert "PRICES_FILE" in said


async def test_a_table_of_ones_own_is_used(sqlite: Database, tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    rows = ["our-own-model,1,0.1,1,4,2026-01-01", "claude-opus-5-5,4,0.2,5,20,2026-01-01"]
    path.write_text("\n".join([",".join(COLUMNS), *rows]), encoding="utf-8")
    quotes = built(sqlite, {**OWN_MODEL, "CAP_COURSE_USD": "5", "PRICES_FILE": str(path)})
    assert await quotes.quote(Payer(1).learner_id, Size(60)) is not None
    said = refused(sqlite, {**KEY, "CAP_COURSE_USD": "5", "PRICES_FILE": str(path)})
    assert "claude-sonnet-5-5" in said, "it takes the place of ours"


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"model;input\n", "the first line must be model,input,cache_read"),
        (f"{','.join(COLUMNS)}\nx,1,1,1,free,2026-01-01".encode(), "line 2 must have four amounts and a day"),
        (f"{','.join(COLUMNS)}\nx,1,1,1,1,soon".encode(), "line 2 must have four amounts and a day"),
        (f"{','.join(COLUMNS)}\nx,-1,1,1,1,2026-01-01".encode(), "amounts of 0 or more"),
        (f"{','.join(COLUMNS)}\nx,1,1,1,NaN,2026-01-01".encode(), "amounts of 0 or more"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (None, "cannot be read: No such file"),
    ],
)
def test_a_table_that_cannot_be_used(sqlite: Database, tmp_path: Path, content: bytes | None, part: str) -> None:
    path = tmp_path / "prices.csv"
    if content is not None:
        path.write_bytes(content)
    said = refused(sqlite, {"PRICES_FILE": str(path)})
    assert said.startswith(f"PRICES_FILE {path} ")
    assert part in said


async def test_the_program_stops_with_the_sentence(tmp_path: Path, free_port: int) -> None:
    bot = BotProcess(tmp_path, {**OWN_MODEL, "CAP_DAY_USD": "5", "HTTP_PORT": str(free_port)})
    await bot.launch()
    with pytest.raises(AssertionError, match="did not start"):
        await bot.ready()
    await bot.kill()
    assert "the price of our-own-model is not known" in bot.said
    assert "Traceback" not in bot.said
