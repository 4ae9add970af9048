from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.rules.preferences import (
    DAY,
    checked_interests,
    level_faults,
    minutes_faults,
    quiet_faults,
    quiet_until,
)

VIENNA = "Europe/Vienna"
NIGHT = (22 * 60, 7 * 60)


def at(text: str, zone: str = VIENNA) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-02T21:59", None),
        ("2026-11-02T22:00", "2026-11-03T07:00"),
        ("2026-11-02T23:59:59", "2026-11-03T07:00"),
        ("2026-11-03T00:00", "2026-11-03T07:00"),
        ("2026-11-03T06:59:59", "2026-11-03T07:00"),
        ("2026-11-03T07:00", None),
        ("2026-12-31T23:00", "2027-01-01T07:00"),
        ("2026-03-28T23:00", "2026-03-29T07:00"),  # clocks go forward in this night
        ("2026-10-24T23:00", "2026-10-25T07:00"),  # and back in this one
    ],
)
def test_the_night_is_quiet_by_the_clock_on_the_wall(now: str, until: str | None) -> None:
    assert quiet_until(at(now), VIENNA, *NIGHT) == (at(until) if until else None)


def test_quiet_can_lie_within_a_day_and_in_any_zone() -> None:
    siesta = (13 * 60, 15 * 60)
    assert quiet_until(at("2026-11-02T13:30", "Asia/Tokyo"), "Asia/Tokyo", *siesta) == at(
        "2026-11-02T15:00", "Asia/Tokyo"
    )
    assert quiet_until(at("2026-11-02T13:30", "Asia/Tokyo"), VIENNA, *siesta) is None
    assert quiet_until(at("2026-11-02T13:30"), VIENNA, None, None) is None


def test_an_end_that_the_clock_jumps_over_is_not_in_the_past() -> None:
    begin, end = 0, 2 * 60 + 30  # 02:30 does not exist on 29 March 2026 in Vienna
    for minute in range(-60, 240):
        now = at("2026-03-29T01:00") + timedelta(minutes=minute)
        until = quiet_until(now, VIENNA, begin, end)
        assert until is None or now <= until <= now + timedelta(hours=25)


@given(
    begin=some.integers(0, DAY - 1),
    end=some.integers(0, DAY - 1),
    minutes=some.integers(0, 2 * DAY),
    zone=some.sampled_from(["UTC", "Asia/Kolkata", "America/St_Johns"]),
)
def test_quiet_ends_at_the_first_minute_that_is_not_quiet(begin: int, end: int, minutes: int, zone: str) -> None:
    if begin == end:
        return
    now = at("2026-06-10T00:00", zone) + timedelta(minutes=minutes)
    until = quiet_until(now, zone, begin, end)
    if until is None:
        return
    assert now < until <= now + timedelta(days=1)
    assert quiet_until(until, zone, begin, end) is None
    assert quiet_until(until - timedelta(minutes=1), zone, begin, end) == until


def test_interests_are_cleaned_and_each_is_there_once() -> None:
    assert checked_interests(["  Chess\n club ", "bread", "CHESS Club", "日本語"]) == (
        ("Chess club", "bread", "日本語"),
        [],
    )
    assert checked_interests([]) == ((), [])
    assert checked_interests(["x" * 40] * 11)[1] == []
    kept, faults = checked_interests([f"thing {number}" for number in range(11)])
    assert (len(kept), [fault.rule for fault in faults]) == (11, ["too_many"])


def test_interests_have_faults_by_their_place() -> None:
    _, faults = checked_interests(["ok", "", "x" * 41, "<i>x</i>", "a\u202eb", "a\x07b"])
    assert [(fault.field, fault.rule) for fault in faults] == [
        ("interests[1]", "too_short"),
        ("interests[2]", "too_long"),
        ("interests[3]", "html_tag"),
        ("interests[4]", "direction_override"),
        ("interests[5]", "control_character"),
    ]


def test_single_values_have_their_bounds() -> None:
    assert [bool(level_faults(level)) for level in (None, "beginner", "advanced", "", "expert")] == [False] * 3 + [
        True
    ] * 2
    assert [bool(minutes_faults(one)) for one in (None, 5, 480, 4, 481)] == [False] * 3 + [True] * 2
    assert [bool(quiet_faults(*one)) for one in ((None, None), (0, DAY - 1), (DAY - 1, 0))] == [False] * 3
    for wrong in ((None, 1), (1, None), (5, 5), (-1, 5), (0, DAY)):
        assert quiet_faults(*wrong)
