"""What an address may be, and when a week's letter is due. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.errors import Fault

LONGEST_ADDRESS = 254  # RFC 5321 §4.5.3.1.3, without the angle brackets
MORNING = 9  # the hour on Monday at which a week is looked back on
WEEK = timedelta(days=7)

# The addresses that a browser's e-mail field takes, with a dot in the domain: nothing quoted, nothing beyond ASCII.
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_WORD = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"(?=.{{1,64}}@){_WORD}(?:\.{_WORD})*@{_LABEL}(?:\.{_LABEL})+")


def address_faults(address: str) -> list[Fault]:
    """Faults of an e-mail address."""
    if len(address) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(address):
        return []
    return [Fault("address", "address", address[:40], "an e-mail address such as ada@example.org")]


def next_monday(now: datetime, time_zone: str) -> date:
    """The Monday whose morning comes next for somebody who lives in that zone (today, before nine)."""
    here = now.astimezone(ZoneInfo(time_zone))
    days = -here.weekday() % 7
    if days == 0 and here.hour >= MORNING:
        days = 7
    return here.date() + timedelta(days=days)


def morning(day: date, time_zone: str) -> datetime:
    """Nine in the morning of that day (aware UTC) by the clock on that zone's walls."""
    return datetime(day.year, day.month, day.day, MORNING, tzinfo=ZoneInfo(time_zone)).astimezone(UTC)
