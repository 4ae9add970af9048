from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.analytics import FARTHEST_DAYS, days, finish, pace, streaks
from services.views import Remaining

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SPELLS = st.lists(st.tuples(st.integers(0, 40 * 24), st.integers(0, 5000)), max_size=20)


def ago(number: int) -> date:
    return TODAY - timedelta(days=number)


@given(SPELLS, SPELLS, st.sampled_from(["UTC", "Asia/Kathmandu", "Pacific/Kiritimati", "America/St_Johns"]))
def test_days_have_no_holes_and_lose_no_second(
    done: list[tuple[int, int]], half: list[tuple[int, int]], name: str
) -> None:
    zone = ZoneInfo(name)
    spells = [[(NOW - timedelta(hours=hours), seconds) for hours, seconds in one] for one in (done, half)]
    today = NOW.astimezone(zone).date()
    found = days(spells[0], spells[1], zone, today, 60)
    assert [one.day for one in found] == [today - timedelta(days=back) for back in range(59, -1, -1)]
    assert sum(one.seconds for one in found) == sum(seconds for _, seconds in done + half)
    assert sum(one.sections for one in found) == len(done)


def test_a_day_is_the_learners_own() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    found = days([(late, 60)], [], ZoneInfo("Europe/Vienna"), TODAY, 2)
    assert [(one.day.day, one.seconds, one.sections) for one in found] == [(22, 0, 0), (23, 60, 1)]
    found = days([(late, 60)], [], ZoneInfo("UTC"), TODAY, 2)
    assert [(one.day.day, one.seconds) for one in found] == [(22, 60), (23, 0)]


def test_a_day_without_its_hour_is_still_one_day() -> None:
    # 29 March 2026: in Vienna the clocks go from 02:00 to 03:00.
    zone = ZoneInfo("Europe/Vienna")
    times = [datetime(2026, 3, 28, 23, 0, tzinfo=UTC), datetime(2026, 3, 29, 21, 59, tzinfo=UTC)]
    found = days([(at, 1) for at in times], [], zone, date(2026, 3, 30), 3)
    assert [one.sections for one in found] == [0, 2, 0]


@pytest.mark.parametrize(
    ("active", "expected"),
    [
        ([], (0, 0)),
        ([0], (1, 1)),
        ([1], (1, 1)),
        ([2], (0, 1)),
        ([0, 1, 2], (3, 3)),
        ([1, 2, 5, 6, 7, 8], (2, 4)),
        ([0, 2, 3], (1, 2)),
        ([-1, 0], (1, 1)),
        ([0, 0, 1], (2, 2)),
    ],
)
def test_streaks(active: list[int], expected: tuple[int, int]) -> None:
    assert streaks([ago(number) for number in active], TODAY) == expected


def test_the_pace_is_that_of_the_last_two_weeks_from_their_first_day_on() -> None:
    assert pace([], NOW) is None
    assert pace([(NOW - timedelta(days=15), 900)], NOW) is None
    assert pace([(NOW - timedelta(days=3), 0)], NOW) is None
    assert pace([(NOW - timedelta(hours=2), 900)], NOW) == 900
    assert pace([(NOW - timedelta(days=20), 9000), (NOW - timedelta(days=3), 600), (NOW, 300)], NOW) == 300


def test_the_forecast_is_a_range_of_days() -> None:
    assert finish(Remaining(60, 90, True), 1800, TODAY) == (ago(-2), ago(-3))
    assert finish(Remaining(1, 1, True), 3600, TODAY) == (ago(-1), ago(-1))
    assert finish(Remaining(0, 0, True), 1800, TODAY) is None
    assert finish(Remaining(60, 90, True), None, TODAY) is None
    assert finish(Remaining(60, 90, True), 90 * 60 / FARTHEST_DAYS, TODAY) is not None
    assert finish(Remaining(60, 90, True), 0.0001, TODAY) is None
