"""How a learner's own amounts are said: time spent, a range of time left, a moment in their zone. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from handlers.chat.screens.words import duration
from handlers.texts import plain


def minutes(seconds: int) -> int:
    """Whole minutes of a time spent: rounded, at least 1."""
    return max(1, (seconds + 30) // 60)


def time_range(language: str, low: int, high: int) -> str:
    """A range of minutes: ``40–55 min``, ``1 h 10 min – 2 h``, one length where both are the same."""
    if low >= high:
        return duration(language, high)
    if high < 60:
        return plain(language, "amount.range", low=low, high=high)
    return f"{duration(language, low)} – {duration(language, high)}"


def when(language: str, at: datetime, now: datetime, time_zone: str) -> str:
    """A moment in the learner's zone: ``14:05`` today, else ``21 Nov 14:05``, with the year if it is another one."""
    zone = zone_of(time_zone)
    there, here = at.astimezone(zone), now.astimezone(zone)
    time = there.strftime("%H:%M")
    if there.date() == here.date():
        return time
    month = plain(language, "date.months").split()[there.month - 1]
    key = "date.time" if there.year == here.year else "date.year_time"
    return plain(language, key, day=there.day, month=month, year=there.year, time=time)


@lru_cache(maxsize=1024)
def zone_of(time_zone: str) -> tzinfo:
    """The zone of an IANA name; UTC where this machine does not know it."""
    try:
        return ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
