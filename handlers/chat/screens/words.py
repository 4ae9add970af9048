"""Small pieces that many screens say: durations, times of day, bars, steps. Pure."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from handlers.texts import plain

BAR_CELLS = 13


def duration(language: str, minutes: int) -> str:
    """Minutes as people say them: "45 min", "2 h", "1 h 30 min"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return plain(language, "words.minutes", minutes=minutes)
    if not rest:
        return plain(language, "words.hours", hours=hours)
    return plain(language, "words.hours_minutes", hours=hours, minutes=rest)


def seconds(language: str, count: int) -> str:
    """Seconds as people say them: "50 s", rounded to fives above ten; "2 min" from 100 on."""
    if count >= 100:
        return duration(language, round(count / 60))
    rounded = count if count < 10 else 5 * round(count / 5)
    return plain(language, "words.seconds", seconds=max(1, rounded))


def money(language: str, millionths: int) -> str:
    """Millionths of a US dollar as people of that language write dollars, to the cent: "$1.05", "under $0.01"."""
    from babel.numbers import format_currency  # imported when the first amount is said

    shown = str(format_currency(max(1, round(millionths / 10_000)) / 100, "USD", locale=language))
    if millionths <= 0:
        return str(format_currency(0, "USD", locale=language))
    return plain(language, "words.under", amount=shown) if millionths < 5_000 else shown


def about(language: str, millionths: int) -> str:
    """An amount that is estimated: "about $1.05"; less than a cent, and nothing, are said as they are."""
    said = money(language, millionths)
    return said if millionths < 5_000 else plain(language, "words.about", amount=said)


def picture_line(level: str, lessons: int, minutes: int, language: str) -> str:
    """The line under a title on a course's picture."""
    return plain(language, "words.picture", n=lessons, time=duration(language, minutes))


def time_of_day(at: datetime, time_zone: str) -> str:
    """An aware time as "14:20" in the learner's time zone (UTC if that is unknown here)."""
    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return at.astimezone(zone).strftime("%H:%M")


def bar(percent: int) -> str:
    """A progress bar of fixed width; full only at 100."""
    full = min(percent, 100) * BAR_CELLS // 100
    return "▓" * full + "░" * (BAR_CELLS - full)


def clip(text: str, limit: int) -> str:
    """The text, or its beginning and … where it is longer than `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
