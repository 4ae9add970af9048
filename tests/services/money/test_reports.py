"""What was spent: by time, model and step, what is open, how far estimates were off, the dearest courses."""

from __future__ import annotations

from dataclasses import replace

from services.authors.model.wire import Ask, Usage
from services.authors.protocol import Payer
from services.money.caps import Caps
from services.money.prices import read_prices, worst_case
from services.money.reports import SpendingReports
from storage.database import Database
from tests.kit.clocks import HeldClock
from tests.kit.database import database, postgres, sqlite
from tests.services.money.people import generation, learner, purse_of, settle_in

__all__ = ["database", "postgres", "sqlite"]
DAY = 86_400
BODY = Ask("claude-sonnet-5-5", (), "Write.", {}, 10_000, "low", "body")
PLAN = Ask("claude-opus-5-5", (), "Plan.", {}, 10_000, "low", "plan")


async def test_periods_models_and_steps(database: Database) -> None:
    await settle_in(database, learner(1), generation(1))
    clock = HeldClock()
    purse = purse_of(database, clock)
    for days_ago, ask, output in ((20, PLAN, 1_000), (3, BODY, 200), (0, BODY, 100)):
        clock.at = HeldClock().at
        clock.move(-days_ago * DAY)
        reservation = await purse.reserve(Payer(1, 1), "claude", ask)
        await purse.settle(reservation, Usage(fresh=10, cached=80, written=10, output=output))
    view = await SpendingReports(database=database, clock=HeldClock(), caps=Caps(bot_day=5)).report()
    today, week, month = view.periods
    assert [period.days for period in view.periods] == [1, 7, 30]
    assert [period.total.calls for period in view.periods] == [1, 2, 3]
    assert list(month.by_model) == ["claude-opus-5-5", "claude-sonnet-5-5"], "the dearest first"
    assert {step: spent.calls for step, spent in month.by_step.items()} == {"plan": 1, "body": 2}
    assert sum(spent.amount for spent in month.by_model.values()) == month.total.amount
    assert set(week.by_model) == {"claude-sonnet-5-5"}
    assert today.total.cached_share == 0.8
    assert view.today == today.total.amount == 10 * 2 + 80 // 10 + 10 * 2.5 + 100 * 10
    assert (view.open_calls, view.open_amount, view.caps.bot_day) == (0, 0, 5)


async def test_nothing_was_spent(database: Database) -> None:
    view = await SpendingReports(database=database, clock=HeldClock(), caps=Caps()).report()
    assert view.periods[0].total.calls == view.today == 0
    assert view.periods[0].total.cached_share is None
    assert (view.estimates.error, view.dearest) == (None, ())


async def test_estimates_against_what_ready_courses_came_to(database: Database) -> None:
    clock = HeldClock()
    now = clock.now()
    await settle_in(
        database,
        learner(1),
        generation(1, estimate=1_000, state="ready", finished_at=now),
        generation(2, estimate=3_000, state="ready", finished_at=now),
        generation(3, estimate=9_000),  # still being made
        generation(4, state="ready", finished_at=now),  # nobody had said what it would cost
    )
    purse = purse_of(database, clock)
    for number, output in ((1, 150), (2, 200), (3, 500), (4, 700)):  # 10 millionths each
        await purse.settle(await purse.reserve(Payer(1, number), "claude", BODY), Usage(output=output))
    await purse.reserve(Payer(1, 4), "claude", BODY)
    solved = await purse.reserve(Payer(1, 2), "claude", replace(BODY, step="solve"))
    await purse.settle(solved, Usage(output=50))  # a dispute, which no estimate is about
    price = read_prices().at(BODY.model, now.date())
    assert price is not None
    worst = worst_case(BODY, price)
    view = await SpendingReports(database=database, clock=clock, caps=Caps()).report()
    assert (view.estimates.courses, view.estimates.estimated, view.estimates.came_to) == (2, 4_000, 3_500)
    assert view.estimates.error == (500 + 1_000) / 4_000
    assert [(each.generation_id, each.amount, each.estimate) for each in view.dearest] == [
        (4, 7_000 + worst, None),
        (3, 5_000, 9_000),
        (2, 2_500, 3_000),
        (1, 1_500, 1_000),
    ]
    assert (view.open_calls, view.open_amount) == (1, worst)
