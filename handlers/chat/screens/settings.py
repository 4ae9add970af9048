"""The settings: language and time zone. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers.chat.amounts import zone_of
from handlers.chat.buttons_reading import (
    OpenSettings,
    PickCity,
    PickLanguage,
    PickZone,
    SetLanguage,
    SetZone,
)
from handlers.chat.screen import Key, Row, Screen
from handlers.chat.screens import mail
from handlers.chat.screens.pager import pager
from handlers.chat.zones import REGIONS, UTC, city
from handlers.texts import LANGUAGES, plain, say
from services.views import LearnerView
from services.views.mail import MailboxView

CITIES = 16  # on a screen, two in a row


def settings(learner: LearnerView, now: datetime, box: MailboxView | None = None) -> Screen:
    """What is set, and a key to change each; `box` where letters are sent."""
    language = learner.language
    lines = [
        say(language, "settings.head"),
        say(language, "settings.language", name=LANGUAGES.get(language, language)),
        say(language, "settings.zone", zone=city(learner.time_zone), time=_time(now, learner.time_zone)),
    ]
    rows: list[Row] = [
        (Key(plain(language, "settings.language.key"), PickLanguage()),),
        (Key(plain(language, "settings.zone.key"), PickZone()),),
    ]
    if box is not None:
        lines.append(mail.line(language, box))
        rows.append(mail.key(language))
    return Screen("\n".join(lines), tuple(rows))


def languages(language: str) -> Screen:
    """The languages that the bot speaks; the one in use has a tick."""
    rows: list[Row] = []
    for code, name in LANGUAGES.items():
        rows.append((Key(f"✅ {name}" if code == language else name, SetLanguage(code)),))
    rows.append(_back(language))
    return Screen(say(language, "settings.language.ask"), tuple(rows))


def regions(language: str) -> Screen:
    """The parts of the world; a city can be typed as well."""
    keys = [Key(plain(language, f"zone.{region}"), PickCity(region, 0)) for region in REGIONS]
    rows = [*_in_twos(keys), (Key(UTC, SetZone(UTC)),), _back(language)]
    return Screen(say(language, "settings.zone.ask"), tuple(rows))


def cities(language: str, region: str, names: Sequence[str], page: int, now: datetime) -> Screen:
    """The cities of a part of the world, each with the time that it is there."""
    pages = max(1, -(-len(names) // CITIES))
    page = min(page, pages - 1)
    keys = [_city_key(language, name, now) for name in names[page * CITIES : (page + 1) * CITIES]]
    turn = pager(page, pages, lambda target: PickCity(region, target))
    rows = [*_in_twos(keys), turn, (Key(plain(language, "settings.zone.back"), PickZone()),)]
    return Screen(say(language, "settings.zone.cities"), tuple(row for row in rows if row))


def candidates(language: str, names: Sequence[str], now: datetime) -> Screen:
    """What a typed place may mean."""
    keys = [_city_key(language, name, now) for name in names]
    rows = [*_in_twos(keys), (Key(plain(language, "settings.zone.back"), PickZone()),)]
    return Screen(say(language, "settings.zone.found"), tuple(rows))


def unknown_place(language: str, typed: str) -> Screen:
    """A typed place that no zone is near to: the parts of the world again."""
    again = regions(language)
    return Screen(say(language, "settings.zone.unknown", found=typed), again.rows)


def _city_key(language: str, name: str, now: datetime) -> Key:
    return Key(plain(language, "settings.zone.key_time", city=city(name), time=_time(now, name)), SetZone(name))


def _time(now: datetime, time_zone: str) -> str:
    return now.astimezone(zone_of(time_zone)).strftime("%H:%M")


def _in_twos(keys: Sequence[Key]) -> list[Row]:
    return [tuple(keys[at : at + 2]) for at in range(0, len(keys), 2)]


def _back(language: str) -> Row:
    return (Key(plain(language, "settings.back"), OpenSettings()),)
