from __future__ import annotations

import pytest

from services.authors.model import sizes
from services.authors.model.sizes import (
    enough_for,
    fit_minutes,
    lengths,
    making_seconds,
    objectives_for,
    size_for,
    size_from,
)
from services.authors.protocol import SectionPlan


@pytest.mark.parametrize("minutes", range(30, 481, 15))
def test_sizes_stay_within_what_is_asked_of_a_model(minutes: int) -> None:
    lessons, sections = size_for(minutes)
    assert 4 <= lessons <= 8
    assert 2 <= sections <= 3
    assert 3 <= objectives_for(minutes) <= 6
    assert 60 <= making_seconds(minutes) <= 600


def test_more_time_never_makes_a_smaller_course() -> None:
    sizes = [lessons * sections for lessons, sections in map(size_for, range(30, 481))]
    assert sizes == sorted(sizes)
    seconds = [making_seconds(minutes) for minutes in (30, 60, 120, 240, 480)]
    assert max(seconds) < 5 * min(seconds)


@pytest.mark.parametrize(
    ("planned", "total", "fitted"),
    [
        ([5, 5, 5, 5], 40, [10, 10, 10, 10]),
        ([5, 10], 15, [5, 10]),
        ([0, -3, 99], 23, [4, 4, 15]),
        ([10, 10], 4, [4, 4]),
        ([10, 10], 480, [15, 15]),
        ([], 30, []),
    ],
)
def test_minutes_are_fitted(planned: list[int], total: int, fitted: list[int]) -> None:
    assert fit_minutes(planned, total) == fitted


def test_lengths_are_said_in_the_unit_of_the_script() -> None:
    assert lengths({1: 6, 3: 4}, "en") == "section 1 about 900 words, section 3 about 500 words."
    assert lengths({2: 6}, "zh-Hans") == "section 2 about 2250 characters."


@pytest.mark.parametrize(
    ("objectives", "questions"), [((), 2), ((0,), 2), ((0, 1), 2), ((0, 1, 2), 3), ((0, 1, 2, 3), 3)]
)
def test_every_objective_of_a_section_gets_a_question_up_to_three(objectives: tuple[int, ...], questions: int) -> None:
    assert sizes.questions_for(SectionPlan("T", "F", 5, objectives=objectives)) == questions


def test_an_answer_that_broke_off_gets_more_room_up_to_what_there_is() -> None:
    rooms = [sizes.bodies_room(25, cut) for cut in range(6)]
    assert rooms[:2] == [19_000, 38_000]
    assert rooms == sorted(rooms)
    assert rooms[-1] == sizes.MOST_ROOM
    assert sizes.plan_room(8, 0) > sizes.plan_room(2, 0) > sizes.proposal_room(0)
    assert sizes.quiz_room(2, 0) < sizes.bodies_room(10, 0)


@pytest.mark.parametrize(
    ("characters", "language", "minutes", "size"),
    [
        (1_200, "en", 30, (3, 2)),
        (4_000, "en", 30, (3, 2)),
        (12_000, "en", 60, (4, 2)),
        (4_000, "ja", 60, (4, 2)),
        (300_000, "en", 120, (6, 3)),
        (6_000, "en", 480, (5, 2)),
    ],
)
def test_a_thin_source_makes_a_smaller_course(
    characters: int, language: str, minutes: int, size: tuple[int, int]
) -> None:
    found = size_from(characters, language, minutes)
    assert found == size
    assert found <= size_for(minutes)


@pytest.mark.parametrize(
    ("characters", "language", "minutes"),
    [(1_200, "en", 30), (20_000, "en", 60), (20_000, "zh", 120), (300_000, "en", 900)],
)
def test_a_source_is_enough_for_so_many_minutes(characters: int, language: str, minutes: int) -> None:
    assert enough_for(characters, language) == minutes
