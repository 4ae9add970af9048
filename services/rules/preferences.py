"""What somebody may say about how they learn, and when they want quiet. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from services.errors import Fault
from services.validation import LEVELS, character_faults, clean_text

MINUTES_A_DAY = (5, 480)
INTERESTS = 10
INTEREST = (1, 40)  # characters
DAY = 24 * 60  # minutes


def level_faults(level: str | None) -> list[Fault]:
    """Faults of a level; None says nothing."""
    if level is None or level in LEVELS:
        return []
    return [Fault("level", "unknown", level[:20], ", ".join(LEVELS))]


def minutes_faults(minutes: int | None) -> list[Fault]:
    """Faults of the minutes that somebody wants to learn a day; None says nothing."""
    low, high = MINUTES_A_DAY
    if minutes is None or low <= minutes <= high:
        return []
    return [Fault("minutes_a_day", "out_of_range", str(minutes)[:20], f"{low}–{high}")]


def checked_interests(interests: Sequence[str]) -> tuple[tuple[str, ...], list[Fault]]:
    """The interests cleaned, each once whatever its case, and their faults."""
    cleaned = [clean_text(one) for one in interests]
    first: dict[str, str] = {}
    for one in cleaned:
        first.setdefault(one.casefold(), one)
    kept = tuple(first.values())
    low, high = INTEREST
    faults = [] if len(kept) <= INTERESTS else [Fault("interests", "too_many", str(len(kept)), f"0–{INTERESTS}")]
    for place, one in enumerate(cleaned[: 2 * INTERESTS]):
        field = f"interests[{place}]"
        if not low <= len(one) <= high:
            faults.append(Fault(field, "too_short" if len(one) < low else "too_long", str(len(one)), f"{low}–{high}"))
        faults.extend(character_faults(field, one))
    return kept, faults


def quiet_faults(begin: int | None, end: int | None) -> list[Fault]:
    """Faults of quiet hours, in minutes after midnight: both or neither, and not the same."""
    if (begin is None) != (end is None):
        return [Fault("quiet_hours", "half", "only one end", "both or neither")]
    if begin is not None and end is not None:
        if not (0 <= begin < DAY and 0 <= end < DAY):
            return [Fault("quiet_hours", "out_of_range", f"{begin}–{end}"[:40], "00:00–23:59")]
        if begin == end:
            return [Fault("quiet_hours", "empty", "from and to are the same", "two times")]
    return []


def quiet_until(now: datetime, time_zone: str, begin: int | None, end: int | None) -> datetime | None:
    """Until when it is to be quiet (aware UTC); None if now is not in the quiet hours.

    `begin` and `end` are minutes after midnight by the clock on the wall, over midnight if `begin` is the later."""
    if begin is None or end is None:
        return None
    here = now.astimezone(ZoneInfo(time_zone))
    minute = here.hour * 60 + here.minute
    if not (begin <= minute < end if begin < end else minute >= begin or minute < end):
        return None
    day = here.date() + timedelta(days=1 if minute >= end else 0)
    over = datetime(day.year, day.month, day.day, end // 60, end % 60, tzinfo=ZoneInfo(time_zone)).astimezone(UTC)
    return max(over, now)  # a clock that was put forward may have jumped over the end
