from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.rules import can_keep, lessons_milestone, remaining_seconds, right_sections, right_size


@pytest.mark.parametrize(
    ("written", "total", "shown"), [(0, 5, 40), (1, 5, 49), (1, 6, 47), (2, 3, 70), (5, 5, 85), (0, 0, 40)]
)
def test_milestones_of_lessons(written: int, total: int, shown: int) -> None:
    assert lessons_milestone(written, total) == shown


@pytest.mark.parametrize(("lessons", "fits"), [(2, False), (3, True), (12, True), (13, False)])
def test_a_course_has_its_size(lessons: int, fits: bool) -> None:
    assert right_size(lessons) is fits


@pytest.mark.parametrize(("sections", "fits"), [(1, False), (2, True), (4, True), (5, False)])
def test_a_lesson_has_its_size(sections: int, fits: bool) -> None:
    assert right_sections(sections) is fits


@pytest.mark.parametrize(
    ("written", "enough"),
    [((2, 2, 2), True), ((2, 2, 1, 1), False), ((0, 3, 0, 2, 4), True), ((), False), ((4, 4), False)],
)
def test_three_lessons_of_two_sections_can_be_kept(written: tuple[int, ...], enough: bool) -> None:
    assert can_keep(written) is enough


@pytest.mark.parametrize(
    ("estimate", "elapsed", "writing", "written", "left", "lessons", "expected"),
    [
        (60, 15, 0, 0, 12, 0, 45),  # nothing written: what the author said, less what has passed
        (60, 60, 30, 3, 9, 0, None),  # the estimate has passed, no lesson to go by
        (None, 15, 10, 3, 9, 0, None),
        (60, 50, 30, 10, 5, 3, 15),  # 3 s a section, whoever wrote them side by side
        (None, 300, 30, 10, 5, 3, 15),
        (60, 50, 30, 10, 0, 5, 0),
    ],
)
def test_what_remains(
    estimate: int | None,
    elapsed: float,
    writing: float,
    written: int,
    left: int,
    lessons: int,
    expected: int | None,
) -> None:
    found = remaining_seconds(
        estimate=estimate, elapsed=elapsed, writing=writing, written=written, left=left, lessons_written=lessons
    )
    assert found == expected


@given(
    estimate=st.none() | st.integers(0, 1000),
    elapsed=st.floats(0, 5000),
    writing=st.floats(0, 5000),
    written=st.integers(0, 48),
    left=st.integers(0, 48),
    lessons=st.integers(0, 12),
)
def test_what_remains_is_never_negative(
    estimate: int | None, elapsed: float, writing: float, written: int, left: int, lessons: int
) -> None:
    found = remaining_seconds(
        estimate=estimate, elapsed=elapsed, writing=writing, written=written, left=left, lessons_written=lessons
    )
    assert found is None or found >= 0
