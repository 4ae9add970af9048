"""Whom the tests of money are about: learners with generations, and a purse on a clock in the test's hand."""

from __future__ import annotations

from datetime import datetime

from services.clock import Clock
from services.money.caps import Caps
from services.money.prices import read_prices
from services.money.purse import HousePurse
from storage.database import Database
from storage.models import Generation, Learner
from tests.kit.school import START


def learner(number: int) -> Learner:
    return Learner(
        id=number,
        telegram_id=number,
        name="Mai",
        language="en",
        time_zone="UTC",
        role="learner",
        admitted=True,
        reachable=True,
        created_at=START,
        seen_at=START,
    )


def generation(
    number: int, *, estimate: int | None = None, state: str = "running", finished_at: datetime | None = None
) -> Generation:
    return Generation(
        id=number,
        learner_id=1,
        request_key=str(number),
        order={},
        state=state,
        runs=0,
        progress=10,
        message_replaced=False,
        estimate=estimate,
        created_at=START,
        finished_at=finished_at,
    )


async def settle_in(database: Database, *rows: Learner | Generation) -> None:
    """Store them, learners first."""
    async with database.transaction() as session:
        for row in rows:
            session.add(row)
            await session.flush()


def purse_of(database: Database, clock: Clock, caps: Caps | None = None) -> HousePurse:
    return HousePurse(database=database, clock=clock, prices=read_prices(), caps=caps or Caps())
