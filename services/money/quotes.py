"""What a course would cost a learner, and whether that fits under the caps: said before it is made, not after half."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from services.clock import Clock
from services.errors import AuthorUnusable, Fault, Invalid, LimitReached
from services.money.caps import Caps, ShownTo
from services.money.estimate import Estimator, Size
from services.money.purse import bot_budget, learner_budget
from services.views import LearnerView
from storage.database import Database
from storage.money import MoneyRepository

Over = Literal["cap_course", "cap_learner", "cap_bot"]
DAY_SECONDS = 86_400
_STEP = 30  # minutes between the lengths that are tried in place of one that is too dear


@dataclass(frozen=True, slots=True)
class Quote:
    """Amounts in millionths of a US dollar. `left` is what the learner may still have spent today (None: no cap).

    `over` is the cap under which the course does not fit; `fitting` the longest length in minutes that would;
    `until` when the caps of the day begin anew."""

    amount: int
    left: int | None
    over: Over | None
    fitting: int | None
    until: datetime


class Quotes:
    """Asked with the size of a course. Without an `estimator` (no model, or no price) there are no quotes."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        caps: Caps,
        estimator: Estimator | None = None,
        shown_to: ShownTo = "nobody",
    ) -> None:
        self._database = database
        self._clock = clock
        self._caps = caps
        self._estimator = estimator
        self._shown_to = shown_to

    def shown_to(self, learner: LearnerView) -> bool:
        """Whether this person sees money."""
        return self._shown_to == "everybody" or (self._shown_to == "admins" and learner.role == "admin")

    async def quote(self, learner_id: int, size: Size) -> Quote | None:
        """What a course of that size would cost the learner now."""
        now = self._clock.now()
        if self._estimator is None or (estimate := self._estimator.estimate(size, now.date())) is None:
            return None
        rooms = await self._rooms(learner_id, now.date())
        over = next((cap for cap, room in rooms.items() if room is not None and estimate.needs > room), None)
        fitting = self._fitting(size, rooms, now.date()) if over else None
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return Quote(estimate.amount, rooms["cap_learner"], over, fitting, midnight)

    async def _rooms(self, learner_id: int, day: date) -> dict[Over, int | None]:
        """What is left under each cap; a course that is not begun has all of its own."""
        caps, used = self._caps, {"learner": 0, "bot": 0}
        if caps.learner_day is not None or caps.bot_day is not None:
            async with self._database.reading() as session:
                money = MoneyRepository(session)
                used["learner"] = await money.used(learner_budget(learner_id, day))
                used["bot"] = await money.used(bot_budget(day))
        return {
            "cap_course": caps.course,
            "cap_learner": None if caps.learner_day is None else max(0, caps.learner_day - used["learner"]),
            "cap_bot": None if caps.bot_day is None else max(0, caps.bot_day - used["bot"]),
        }

    def _fitting(self, size: Size, rooms: dict[Over, int | None], day: date) -> int | None:
        room = min(each for each in rooms.values() if each is not None)
        for minutes in range((size.minutes - 1) // _STEP * _STEP, 0, -_STEP):
            estimate = self._estimator.estimate(Size(minutes, size.source), day) if self._estimator else None
            if estimate is not None and estimate.needs <= room:
                return minutes
        return None


def refuse_if_over(quote: Quote | None, minutes: int) -> None:
    """Raise why a course of so many minutes cannot be begun now: Invalid where a shorter one would fit under the cap
    of a course, LimitReached where it fits tomorrow, AuthorUnusable where neither helps."""
    if quote is None or quote.over is None:
        return
    if quote.over != "cap_course":
        raise LimitReached(quote.over, 0, DAY_SECONDS, quote.until)
    if quote.fitting is None:
        raise AuthorUnusable(quote.over)
    raise Invalid(Fault("minutes", "too_dear", str(minutes), f"30–{quote.fitting}"))
