from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from services.authors.model.wire import Ask, Usage
from services.authors.protocol import Payer
from services.errors import AuthorUnusable, CapHeld
from services.meter import Meter
from services.money.caps import Caps
from services.money.prices import read_prices, worst_case
from services.money.purse import FORGOTTEN_MINUTES, KEPT_DAYS, HousePurse
from storage.database import Database
from storage.models import Budget, Spending
from storage.money import MoneyRepository
from tests.kit.clocks import HeldClock
from tests.kit.database import database, postgres, postgres_database, sqlite
from tests.kit.house import eventually
from tests.services.money.people import generation, learner, settle_in

__all__ = ["database", "postgres", "sqlite"]

ASK = Ask("claude-sonnet-5-5", (), "Write.", {}, 10_000, "low", "body")
PAYER = Payer(1, 1)


@pytest.fixture
async def people(database: Database) -> Database:
    await settle_in(database, learner(1), learner(2), generation(1))
    return database


async def test_a_call_counts_at_its_worst_case_until_it_is_settled(people: Database) -> None:
    purse, clock = _purse(people, Caps())
    price = read_prices().at(ASK.model, clock.now().date())
    assert price is not None
    reservation = await purse.reserve(PAYER, "claude", ASK)
    assert await _used(people, "course:1") == worst_case(ASK, price)
    await purse.settle(reservation, Usage(fresh=100, output=500))
    assert await _used(people, "course:1") == 100 * 2 + 500 * 10
    await purse.settle(reservation, Usage(output=9_999))  # a second time changes nothing
    assert await _used(people, "course:1") == 100 * 2 + 500 * 10
    await _agree(people)


async def test_a_call_that_used_nothing_costs_nothing(people: Database) -> None:
    purse, _ = _purse(people, Caps(bot_day=10_000_000))
    await purse.settle(await purse.reserve(None, "claude", ASK), None)
    async with people.reading() as session:
        assert (await session.scalars(select(Spending.spent))).all() == [0]
    await _agree(people)


@pytest.mark.parametrize(
    ("caps", "payer", "why"),
    [
        (Caps(course=250_000), PAYER, "cap_course"),
        (Caps(learner_day=250_000), Payer(1), "cap_learner"),
        (Caps(bot_day=250_000), None, "cap_bot"),
        (Caps(bot_day=250_000), Payer(2), "cap_bot"),
    ],
)
async def test_no_cap_is_overshot_by_calls_at_the_same_time(
    people: Database, caps: Caps, payer: Payer | None, why: str
) -> None:
    purse, _ = _purse(people, caps)
    tried = await asyncio.gather(*(purse.reserve(payer, "claude", ASK) for _ in range(20)), return_exceptions=True)
    refused = [each for each in tried if isinstance(each, AuthorUnusable)]
    assert len(tried) - len(refused) == 2  # a little over 0.1 dollars each
    assert {each.why for each in refused} == {why}
    await _agree(people)  # what was refused has left nothing behind in the other budgets


async def test_what_others_hold_may_come_back_and_what_is_spent_does_not(people: Database) -> None:
    purse, _ = _purse(people, Caps(course=150_000))
    first = await purse.reserve(PAYER, "claude", ASK)
    with pytest.raises(CapHeld):
        await purse.reserve(PAYER, "claude", ASK)
    await purse.settle(first, Usage(output=9_000))
    with pytest.raises(AuthorUnusable) as caught:
        await purse.reserve(PAYER, "claude", ASK)
    assert not isinstance(caught.value, CapHeld), "nobody holds anything any more"
    assert caught.value.why == "cap_course"


async def test_two_processes_share_their_caps(postgres: str) -> None:
    """Two engines, as two processes have them, forty calls at once from each: no cap is overshot, nothing is lost."""
    async with postgres_database(postgres) as one:
        await settle_in(one, learner(1), learner(2), generation(1))
        url = one.engine.url.render_as_string(hide_password=False)
        two = await Database.open(url)
        caps = Caps(course=400_000, learner_day=700_000, bot_day=900_000)
        purses = [_purse(database, caps)[0] for database in (one, two)]

        async def call(number: int) -> None:
            purse, payer = purses[number % 2], (PAYER, Payer(1), Payer(2), None)[number % 4]
            reservation = await purse.reserve(payer, "claude", ASK)
            await asyncio.sleep(0)
            await purse.settle(reservation, Usage(fresh=number, output=1_000 + number))

        try:
            tried = await asyncio.gather(*(call(number) for number in range(80)), return_exceptions=True)
            assert all(each is None or isinstance(each, AuthorUnusable) for each in tried), tried
            assert sum(each is None for each in tried) >= 8
            await _agree(one)
            day = HeldClock().now().date().isoformat()
            for name, cap in (("course:1", caps.course), (f"learner:1:{day}", caps.learner_day)):
                assert await _used(two, name) <= (cap or 0)
            assert await _used(two, f"bot:{day}") <= (caps.bot_day or 0)
        finally:
            await two.close()


async def test_what_this_process_spends_is_counted(people: Database) -> None:
    meter = Meter()
    purse = HousePurse(database=people, clock=HeldClock(), prices=read_prices(), caps=Caps(), meter=meter)
    reservation = await purse.reserve(PAYER, "claude", ASK)
    assert not meter.spent
    for _ in range(2):  # the second settlement is none
        await purse.settle(reservation, Usage(fresh=100, output=500))
    assert meter.spent == {ASK.model: 5_200}
    assert (meter.tokens[ASK.model, "fresh"], meter.tokens[ASK.model, "output"]) == (100, 500)


async def test_a_new_day_has_its_own_budget(people: Database) -> None:
    purse, clock = _purse(people, Caps(learner_day=150_000))
    await purse.reserve(Payer(1), "claude", ASK)
    with pytest.raises(AuthorUnusable):
        await purse.reserve(Payer(1), "claude", ASK)
    await purse.reserve(Payer(2), "claude", ASK)
    clock.move(86_400)
    await purse.reserve(Payer(1), "claude", ASK)


async def test_an_unknown_price_is_refused_only_where_there_is_a_cap(people: Database) -> None:
    unknown = Ask("mine", (), "Write.", {}, 10_000, "low", "body")
    purse, _ = _purse(people, Caps())
    await purse.settle(await purse.reserve(PAYER, "openai", unknown), Usage(output=10))
    capped, _ = _purse(people, Caps(course=1))
    with pytest.raises(AuthorUnusable) as caught:
        await capped.reserve(PAYER, "openai", unknown)
    assert caught.value.why == "price_unknown"


async def test_what_a_killed_process_had_reserved_stays_counted_and_is_closed_later(people: Database) -> None:
    purse, clock = _purse(people, Caps())
    await purse.reserve(PAYER, "claude", ASK)
    before = await _used(people, "course:1")
    assert await purse.sweep() == 0
    clock.move(timedelta(minutes=FORGOTTEN_MINUTES, seconds=1).total_seconds())
    assert await purse.sweep() == 1
    assert await _used(people, "course:1") == before
    assert await purse.sweep() == 0
    await _agree(people)


async def test_budgets_of_past_days_are_cleared_away_and_what_was_spent_stays(people: Database) -> None:
    purse, clock = _purse(people, Caps())
    days = []
    for _ in range(KEPT_DAYS + 2):
        await purse.settle(await purse.reserve(PAYER, "claude", ASK), Usage(output=1))
        days.append(clock.now().date())
        clock.move(86_400)
    clock.move(-86_400)  # the last of them is today
    cleaning = asyncio.create_task(purse.sweep_forever())
    try:
        await eventually(lambda: _budgets(people), lambda names: len(names) == 2 * (KEPT_DAYS + 1) + 1)
    finally:
        cleaning.cancel()
    kept = {name for day in days[1:] for name in (f"bot:{day}", f"learner:1:{day}")}
    assert await _budgets(people) == {"course:1", *kept}
    async with people.reading() as session:
        since = clock.now() - timedelta(days=30)
        assert (await MoneyRepository(session).sums(since))[""].calls == len(days)
    assert await purse.purge() == 0


async def test_sums_by_model_and_by_generation(people: Database) -> None:
    purse, clock = _purse(people, Caps())
    await purse.settle(await purse.reserve(PAYER, "claude", ASK), Usage(fresh=10, cached=5, output=1))
    other = Ask("claude-opus-5-5", (), "Plan.", {}, 100, "low", "plan")
    await purse.settle(await purse.reserve(Payer(2), "claude", other), Usage(output=2))
    async with people.reading() as session:
        money = MoneyRepository(session)
        since = clock.now() - timedelta(days=1)
        by_model = await money.sums(since, by="model")
        assert {model: spent.amount for model, spent in by_model.items()} == {
            "claude-opus-5-5": 40,
            "claude-sonnet-5-5": 31,
        }
        assert (await money.sums(since))[""].calls == 2
        assert (await money.of_generation(1)).amount == 31
        assert (await money.of_generation(1)).cached == 5


def _purse(database: Database, caps: Caps) -> tuple[HousePurse, HeldClock]:
    clock = HeldClock()
    return HousePurse(database=database, clock=clock, prices=read_prices(), caps=caps), clock


async def _used(database: Database, budget: str) -> int:
    async with database.reading() as session:
        return await MoneyRepository(session).used(budget)


async def _budgets(database: Database) -> set[str]:
    async with database.reading() as session:
        return set(await session.scalars(select(Budget.name)))


async def _agree(database: Database) -> None:
    """Every budget is the sum of its rows."""
    async with database.reading() as session:
        budgets = {row.name: row.used for row in await session.scalars(select(Budget))}
        rows = await session.execute(select(Spending.budgets, func.coalesce(Spending.spent, Spending.reserved)))
        sums: dict[str, int] = {}
        for names, amount in rows:
            for name in names.split():
                sums[name] = sums.get(name, 0) + amount
    assert {name: used for name, used in budgets.items() if used} == {name: used for name, used in sums.items() if used}
