from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.rules import mail as rules

ZONES = [
    "UTC",
    "Europe/Vienna",
    "America/New_York",
    "Asia/Tokyo",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Asia/Kolkata",
]


@pytest.mark.parametrize(
    ("now", "zone", "monday"),
    [
        ("2026-11-23T08:59:59", "UTC", "2026-11-23"),
        ("2026-11-23T09:00:00", "UTC", "2026-11-30"),
        ("2026-11-22T23:30:00", "Asia/Tokyo", "2026-11-23"),  # 08:30 on Monday there
        ("2026-11-23T00:30:00", "Asia/Tokyo", "2026-11-30"),
        ("2026-11-23T05:00:00", "America/New_York", "2026-11-23"),
        ("2026-11-24T00:00:00", "UTC", "2026-11-30"),
    ],
)
def test_the_monday_whose_morning_comes_next(now: str, zone: str, monday: str) -> None:
    assert rules.next_monday(datetime.fromisoformat(now).replace(tzinfo=UTC), zone) == date.fromisoformat(monday)


def test_nine_is_nine_by_the_clock_on_the_wall() -> None:
    assert rules.morning(date(2026, 7, 6), "Europe/Vienna") == datetime(2026, 7, 6, 7, tzinfo=UTC)
    assert rules.morning(date(2026, 11, 23), "Europe/Vienna") == datetime(2026, 11, 23, 8, tzinfo=UTC)


@given(some.integers(0, 2 * 365 * 86_400), some.sampled_from(ZONES))
def test_the_next_morning_is_always_ahead_within_a_week(seconds: int, zone: str) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    due = rules.morning(rules.next_monday(now, zone), zone)
    assert now < due <= now + timedelta(days=7, hours=1)  # a week may have an hour more
    here = due.astimezone(ZoneInfo(zone))
    assert (here.weekday(), here.hour, here.minute) == (0, 9, 0)


@pytest.mark.parametrize("address", ["a@b.example", "first.last+tag@sub.example.org", f"{'a' * 64}@example.org"])
def test_addresses_that_people_have(address: str) -> None:
    assert rules.address_faults(address) == []
