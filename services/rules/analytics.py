"""The arithmetic of analytics: pure, with everything it needs as an argument."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo

from services.views import Remaining
from services.views.analytics import LearnerDay

PACE_DAYS = 14  # days that a forecast takes the pace from
SILENT_DAYS = 7  # days without a sign of life from which on somebody is at risk
FARTHEST_DAYS = 3650  # a forecast beyond ten years is none
Spell = tuple[datetime, int]  # when, and for how many seconds


def days(
    completions: Iterable[Spell], reading: Iterable[Spell], zone: tzinfo, today: date, count: int
) -> tuple[LearnerDay, ...]:
    """The last `count` days up to today. A completion's seconds count on the day on which it was made, the seconds of a
    section that is half read on the day on which it was opened."""
    seconds: Counter[date] = Counter()
    sections: Counter[date] = Counter()
    for at, spent in completions:
        day = at.astimezone(zone).date()
        seconds[day] += spent
        sections[day] += 1
    for at, spent in reading:
        seconds[at.astimezone(zone).date()] += spent
    wanted = (today - timedelta(days=back) for back in range(count - 1, -1, -1))
    return tuple(LearnerDay(day, seconds[day], sections[day]) for day in wanted)


def streaks(active: Iterable[date], today: date) -> tuple[int, int]:
    """The current and the longest run of days in a row. The current one ends today or, as today is not over, yesterday;
    days after today (of a time zone that was left) do not count."""
    known = {day for day in active if day <= today}
    longest = max((_run(day, known) for day in known if day + timedelta(days=1) not in known), default=0)
    end = today if today in known else today - timedelta(days=1)
    return _run(end, known), longest


def _run(end: date, active: set[date]) -> int:
    length = 0
    while end - timedelta(days=length) in active:
        length += 1
    return length


def pace(completions: Iterable[Spell], now: datetime) -> float | None:
    """Seconds of learning a day over the last two weeks, from their first completion on; None without one."""
    recent = [(at, spent) for at, spent in completions if now - timedelta(days=PACE_DAYS) < at <= now]
    if not recent:
        return None
    first = min(at for at, _ in recent)
    lasted = max(1, math.ceil((now - first) / timedelta(days=1)))
    return sum(spent for _, spent in recent) / lasted or None


def finish(remaining: Remaining, seconds_a_day: float | None, today: date) -> tuple[date, date] | None:
    """Between which days the remaining minutes are through; None if nothing remains, or nobody can tell."""
    if not remaining.high or not seconds_a_day:
        return None
    soon, late = (math.ceil(minutes * 60 / seconds_a_day) for minutes in (remaining.low, remaining.high))
    if late > FARTHEST_DAYS:
        return None
    return today + timedelta(days=soon), today + timedelta(days=late)
