"""Finding a time zone: by part of the world, by a city's name however it is typed, by the offset from UTC. Pure
but for the names themselves, which are read from this machine's time zone data once: call it in a thread."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import available_timezones

from handlers.chat.amounts import zone_of

REGIONS = ("Europe", "Asia", "Africa", "America", "Australia", "Pacific", "Atlantic", "Indian")
UTC = "UTC"
FOUND = 8  # suggestions on a screen
_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+\-−–]?)\s*(\d{1,2})(?:[:.]?(\d{2}))?\s*h?")
_ZERO = {"utc", "gmt", "z", "zulu"}


@lru_cache
def names() -> tuple[str, ...]:
    """All zones that are a city in a part of the world, in alphabetical order."""
    return tuple(sorted(name for name in available_timezones() if name.partition("/")[0] in REGIONS))


def cities(region: str) -> tuple[str, ...]:
    """The zones of a part of the world; none for a part that there is not."""
    return tuple(name for name in names() if name.startswith(f"{region}/"))


def city(name: str) -> str:
    """What people call a zone: ``America/Argentina/Buenos_Aires`` → ``Buenos Aires``."""
    return name.rpartition("/")[2].replace("_", " ")


def known(name: str) -> bool:
    """Whether a zone of this name can be chosen."""
    return name == UTC or name in names()


def meant(typed: str) -> str | None:
    """The zone that `typed` names without a doubt: a city, the zone's own name, or UTC."""
    wanted = _folded(typed)
    if wanted in _ZERO:
        return UTC
    return next((name for name in names() if wanted in {_folded(city(name)), _folded(name)}), None)


def find(typed: str, now: datetime) -> tuple[str, ...]:
    """The zones that `typed` may mean, best first, at most 8."""
    wanted = _folded(typed)
    offset = _OFFSET.fullmatch(wanted)
    if offset is not None:
        return _at_offset(offset, now)
    by_city: dict[str, list[str]] = {}
    for name in names():
        by_city.setdefault(_folded(city(name)), []).append(name)
    inside = [name for folded, found in by_city.items() if len(wanted) >= 3 and wanted in folded for name in found]
    close = [name for folded in get_close_matches(wanted, by_city, n=FOUND, cutoff=0.75) for name in by_city[folded]]
    return tuple(dict.fromkeys([*inside, *close]))[:FOUND]


def _at_offset(match: re.Match[str], now: datetime) -> tuple[str, ...]:
    sign = -1 if match[1] in {"-", "−", "–"} else 1
    away = sign * timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if not away:
        return (UTC, "Europe/London", "Europe/Lisbon")
    there = [name for name in names() if now.astimezone(zone_of(name)).utcoffset() == away]
    return tuple(sorted(there, key=_prominence)[:FOUND])


def _prominence(name: str) -> tuple[bool, str]:
    return city(name) not in _LARGE, name


# Cities that most people of an offset know, to be offered first.
_LARGE = frozenset(
    {
        *("Los Angeles", "Denver", "Chicago", "New York", "Mexico City", "Bogota", "Lima", "Caracas", "Halifax"),
        *("Santiago", "Sao Paulo", "London", "Lisbon", "Lagos", "Berlin", "Paris", "Madrid", "Rome", "Cairo", "Athens"),
        *("Kyiv", "Johannesburg", "Istanbul", "Moscow", "Nairobi", "Riyadh", "Tehran", "Dubai", "Kabul", "Karachi"),
        *("Tashkent", "Kolkata", "Kathmandu", "Dhaka", "Yangon", "Bangkok", "Jakarta", "Ho Chi Minh", "Shanghai"),
        *("Singapore", "Manila", "Perth", "Seoul", "Tokyo", "Adelaide", "Sydney", "Brisbane", "Auckland", "Honolulu"),
    }
)


def _folded(text: str) -> str:
    """Lower case, without accents, with single blanks: ``São_Paulo`` and ``sao  paulo`` are the same."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(bare.casefold().replace("_", " ").split())
