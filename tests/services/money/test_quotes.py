"""Whether a course fits under the caps, said before it is made; and what is refused, and how one goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.authors.protocol import Payer
from services.errors import AuthorUnusable, Invalid, LimitReached
from services.money.caps import Caps, ShownTo
from services.money.estimate import Estimator, Size
from services.money.prices import read_prices
from services.money.quotes import Quotes, refuse_if_over
from services.views import LearnerView
from storage.database import Database
from tests.kit.clocks import HeldClock
from tests.kit.database import database, postgres, sqlite
from tests.kit.school import START
from tests.services.money.people import learner, purse_of, settle_in
from tests.services.money.test_purse import ASK

__all__ = ["database", "postgres", "sqlite"]
ESTIMATOR = Estimator(read_prices(), plan_model="claude-opus-5-5", lesson_model="claude-sonnet-5-5", rules=6_000)
TOMORROW = (START + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def quotes(database: Database, caps: Caps, *, shown_to: ShownTo = "nobody", known: bool = True) -> Quotes:
    clock = HeldClock()
    return Quotes(database=database, clock=clock, caps=caps, estimator=ESTIMATOR if known else None, shown_to=shown_to)


def needed(minutes: int) -> int:
    found = ESTIMATOR.estimate(Size(minutes), HeldClock().now().date())
    assert found is not None
    return found.needs


async def test_without_caps_everything_fits(database: Database) -> None:
    quote = await quotes(database, Caps()).quote(1, Size(480))
    assert quote is not None
    assert (quote.over, quote.left, quote.fitting) == (None, None, None)
    refuse_if_over(quote, 480)
    assert await quotes(database, Caps(), known=False).quote(1, Size(60)) is None
    refuse_if_over(None, 60)


async def test_a_course_that_is_too_dear_has_a_shorter_one_that_fits(database: Database) -> None:
    quote = await quotes(database, Caps(course=needed(120))).quote(1, Size(240))
    assert quote is not None
    assert (quote.over, quote.fitting) == ("cap_course", 120)
    with pytest.raises(Invalid) as caught:
        refuse_if_over(quote, 240)
    (fault,) = caught.value.faults
    assert (fault.field, fault.rule, fault.found, fault.allowed) == ("minutes", "too_dear", "240", "30–120")
    fits = await quotes(database, Caps(course=needed(120))).quote(1, Size(120))
    assert fits is not None
    assert fits.over is None


async def test_where_not_even_a_short_one_fits_only_the_operator_can_help(database: Database) -> None:
    quote = await quotes(database, Caps(course=10_000)).quote(1, Size(60))
    assert quote is not None
    with pytest.raises(AuthorUnusable) as caught:
        refuse_if_over(quote, 60)
    assert caught.value.why == "cap_course"


@pytest.mark.parametrize("over", ["cap_learner", "cap_bot"])
async def test_what_is_used_today_is_taken_off_and_tomorrow_there_is_more(database: Database, over: str) -> None:
    await settle_in(database, learner(1), learner(2))
    cap = needed(60) + 50_000
    caps = Caps(learner_day=cap) if over == "cap_learner" else Caps(bot_day=cap)
    before = await quotes(database, caps).quote(1, Size(60))
    assert before is not None
    assert before.over is None
    await purse_of(database, HeldClock(), caps).reserve(Payer(1), "claude", ASK)  # a little over 0.1 dollars
    quote = await quotes(database, caps).quote(1, Size(60))
    assert quote is not None
    assert (quote.over, quote.until) == (over, TOMORROW)
    assert quote.fitting is None or quote.fitting < 60
    with pytest.raises(LimitReached) as caught:
        refuse_if_over(quote, 60)
    assert (caught.value.limit, caught.value.retry_at) == (over, TOMORROW)
    other = await quotes(database, caps).quote(2, Size(60))
    assert other is not None
    assert other.over == (None if over == "cap_learner" else over), "one's own cap is nobody else's"
    if over == "cap_learner":
        assert quote.left is not None
        assert 0 < quote.left < cap - 100_000


@pytest.mark.parametrize(
    ("shown_to", "learners", "admins"), [("nobody", False, False), ("admins", False, True), ("everybody", True, True)]
)
async def test_who_sees_money(sqlite: Database, shown_to: ShownTo, learners: bool, admins: bool) -> None:
    asked = quotes(sqlite, Caps(), shown_to=shown_to)
    person = LearnerView(1, 1, "Mai", "en", "UTC", "learner", admitted=True, reachable=True)
    assert asked.shown_to(person) is learners
    assert asked.shown_to(replace(person, role="admin")) is admins
