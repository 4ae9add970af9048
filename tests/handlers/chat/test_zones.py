from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from handlers.chat import zones
from handlers.chat.amounts import minutes, time_range, when, zone_of

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Berlin", "Europe/Berlin"),
        ("  bErLiN ", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("New_York", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("sao paulo", "America/Sao_Paulo"),
        ("Europe/Kyiv", "Europe/Kyiv"),
        ("Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("utc", "UTC"),
        ("GMT", "UTC"),
    ],
)
def test_a_place_that_can_mean_one_zone_only(typed: str, zone: str) -> None:
    assert zones.meant(typed) == zone


@pytest.mark.parametrize(
    ("typed", "zone"), [("Berln", "Europe/Berlin"), ("Kolkatta", "Asia/Kolkata"), ("york", "America/New_York")]
)
def test_a_place_nearly_right_is_offered(typed: str, zone: str) -> None:
    found = zones.find(typed, NOW)
    assert zones.meant(typed) is None
    assert zone in found
    assert len(found) <= zones.FOUND


@pytest.mark.parametrize(
    ("typed", "zone", "hours"),
    [
        ("+1", "Europe/Berlin", 1),
        ("UTC+1", "Europe/Paris", 1),
        ("utc +5:30", "Asia/Kolkata", 5.5),
        ("+0530", "Asia/Kolkata", 5.5),
        ("-5", "America/New_York", -5),
        ("GMT−3", "America/Sao_Paulo", -3),
        ("9", "Asia/Tokyo", 9),
        ("+0", "Europe/London", 0),
    ],
)
def test_an_offset_gives_cities_that_have_it_now_known_ones_first(typed: str, zone: str, hours: float) -> None:
    found = zones.find(typed, NOW)
    assert zone in found
    for name in found:
        assert NOW.astimezone(zone_of(name)).utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize("typed", ["", "🍞", "teach me bread", "+99", "+1:99", "x" * 60, "../../etc/passwd", "\x00"])
def test_what_is_no_place_finds_nothing(typed: str) -> None:
    assert zones.find(typed, NOW) == ()
    assert zones.meant(typed) is None


def test_only_real_zones_are_known() -> None:
    assert zones.known("Europe/Berlin")
    assert zones.known("UTC")
    assert not zones.known("Europe/Atlantis")
    assert not zones.known("../../etc/passwd")
    assert zones.cities("Atlantis") == ()
    assert all(zones.cities(region) for region in zones.REGIONS)


def test_a_moment_is_said_in_the_learners_zone() -> None:
    at = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert when("en", at, NOW, "Europe/Berlin") == "00:30"  # the 23rd there
    assert when("en", at, NOW, "UTC") == "22 Nov 23:30"
    assert when("en", at.replace(year=2025), NOW, "UTC") == "22 Nov 2025 23:30"
    assert when("en", at, NOW, "Not/There") == "22 Nov 23:30"


def test_lengths_of_time() -> None:
    assert [minutes(seconds) for seconds in (0, 30, 89, 90, 840)] == [1, 1, 1, 2, 14]
    assert time_range("en", 40, 55) == "40–55 min"
    assert time_range("en", 5, 5) == "5 min"
    assert time_range("en", 45, 130) == "45 min – 2 h 10 min"
