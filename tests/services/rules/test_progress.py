"""The rules of product.md §5 as tables, and against a naive model that counts in fractions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import floor
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.authors.protocol import Credit
from services.rules import progress as rules
from services.views import CourseView, Done, LessonState, LessonView, SectionView

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SHAPES = st.lists(st.integers(1, 4), min_size=1, max_size=12)


def course(shape: Sequence[int], minutes: int = 5, unwritten: frozenset[int] = frozenset()) -> CourseView:
    """Lessons of these many sections, whose ids count from 1."""
    lessons, number = [], 0
    for place, count in enumerate(shape):
        sections = []
        for position in range(count):
            number += 1
            body = "" if number in unwritten else "x"
            sections.append(SectionView(number, place + 1, 1, position, "s", minutes, body, (), 1, 0))
        lessons.append(LessonView(place + 1, 1, place, "l", (), "ready", None, tuple(sections)))
    credit = Credit(ai=False, name="offline")
    return CourseView(1, 1, "c", "d", (), "beginner", "en", "ready", credit, NOON, tuple(lessons))


def completed(course: CourseView, ids: Sequence[int], seconds: Sequence[int] | int = 300) -> dict[int, Done]:
    """These sections, one a minute, in this order."""
    times = [seconds] * len(ids) if isinstance(seconds, int) else seconds
    homes = {section.id: section.lesson_id for section in course.sections}
    return {one: Done(one, homes[one], NOON + timedelta(minutes=n), times[n]) for n, one in enumerate(ids)}


@pytest.mark.parametrize(
    ("done", "total", "shown"),
    [(0, 0, 0), (0, 9, 0), (1, 8, 13), (1, 3, 33), (2, 3, 67), (1, 200, 1), (1, 201, 0), (199, 200, 99), (299, 300, 99),
     (200, 200, 100), (5, 4, 100), (1, 6, 17), (5, 6, 83), (3, 0, 0)],
)  # fmt: skip
def test_percent(done: int, total: int, shown: int) -> None:
    assert rules.percent(done, total) == shown


@given(st.integers(1, 400).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_percent_is_the_share_rounded_half_up_and_100_only_at_all(pair: tuple[int, int]) -> None:
    done, total = pair
    shown = rules.percent(done, total)
    assert (shown == 100) == (done == total)
    assert shown == (100 if done == total else min(99, floor(Fraction(100 * done, total) + Fraction(1, 2))))
    assert rules.percent(done + 1, total) >= shown


@given(SHAPES)
def test_next_is_the_first_that_can_be_read_and_is_not_done(shape: list[int]) -> None:
    every = list(range(1, sum(shape) + 1))
    unwritten = frozenset(every[::3])
    made = course(shape, unwritten=unwritten)
    done = completed(made, every[1::2])
    expected = [one for one in every if one not in unwritten and one not in done]
    found = rules.next_section(made, done)
    assert (found.id if found else None) == (expected[0] if expected else None)


def test_a_lesson_is_done_with_all_its_sections_and_never_without_any() -> None:
    made = course([2])
    assert not rules.lesson_done(made.lessons[0], {1})
    assert rules.lesson_done(made.lessons[0], {1, 2, 9})
    assert not rules.lesson_done(LessonView(1, 1, 0, "l", (), "waiting", None, ()), {1})


@pytest.mark.parametrize(
    ("seconds", "velocity"),
    [([], None), ([600], None), ([600, 600], 6.0), ([3600, 3600, 3600], 1.0), ([0, 0], None), ([0, 60], 120.0),
     ([9999, 720, 720, 720, 720, 720], 5.0)],
)  # fmt: skip
def test_velocity_is_sections_an_hour_over_the_last_five(seconds: list[int], velocity: float | None) -> None:
    made = course([4, 4])
    assert rules.velocity(tuple(completed(made, range(1, len(seconds) + 1), seconds).values())) == velocity


def test_velocity_looks_at_when_and_not_at_where() -> None:
    made = course([4, 4])
    done = completed(made, [8, 1, 2, 3, 4, 5], [9999, 720, 720, 720, 720, 720])
    assert rules.velocity([done[one] for one in sorted(done)]) == 5.0


@pytest.mark.parametrize(
    ("done", "seconds", "low", "high", "own"),
    [
        (0, 300, 50, 70, False),  # 60 minutes ± 20 %
        (2, 9999, 40, 60, False),  # too few to know a pace
        (3, 300, 40, 50, True),  # as planned: 45 ± 15 %
        (3, 600, 75, 105, True),  # twice as slow: 90 ± 15 %
        (3, 150, 20, 25, True),  # twice as fast
        (11, 300, 4, 6, True),  # below a quarter of an hour in minutes
        (12, 300, 0, 0, True),
    ],
)
def test_remaining(done: int, seconds: int, low: int, high: int, own: bool) -> None:
    made = course([4, 4, 4])
    found = rules.remaining(made, completed(made, range(1, done + 1), seconds))
    assert (found.low, found.high, found.own_pace) == (low, high, own)


@given(SHAPES, st.integers(4, 15), st.data())
def test_remaining_is_a_range_that_holds_both_paces(shape: list[int], minutes: int, data: st.DataObject) -> None:
    made, total = course(shape, minutes), sum(shape)
    count = data.draw(st.integers(0, total))
    times = data.draw(st.lists(st.integers(0, 7200), min_size=count, max_size=count))
    found = rules.remaining(made, completed(made, range(1, count + 1), times))
    assert 0 <= found.low <= found.high
    assert found.own_pace == (count >= 3)
    assert (found.high == 0) == (count == total)
    if count in {0, total}:
        return
    left = (total - count) * minutes
    own_paces = [sum(part) / (60 * minutes * len(part)) for part in (times, times[-5:])]
    for pace in own_paces if count >= 3 else [1.0]:
        assert found.low <= max(1, left * pace) + 2.5
        assert found.high >= left * pace - 2.5


def naive_quarters(total: int) -> dict[int, list[str]]:
    """Number done → what is reached with it."""
    reached: dict[int, list[str]] = {}
    for part, name in ((Fraction(1, 4), "quarter"), (Fraction(1, 2), "half"), (Fraction(3, 4), "three_quarters")):
        first = next(n for n in range(1, total + 1) if Fraction(n, total) >= part)
        if first < total:
            reached.setdefault(first, []).append(name)
    reached[total] = ["course"]
    return reached


@given(st.lists(st.integers(1, 4), min_size=1, max_size=30), st.randoms(use_true_random=False))
@example([4] * 13 + [1], Random(1))  # 13 of 53 are shown as 25 % and are less than a quarter
def test_each_achievement_comes_exactly_once_at_its_exact_share(shape: list[int], chance: Random) -> None:
    made, total = course(shape), sum(shape)
    order = list(range(1, total + 1))
    chance.shuffle(order)
    lessons: list[int] = []
    for n in range(1, total + 1):
        done = completed(made, order[:n])
        lesson = next(one for one in made.lessons if order[n - 1] in {section.id for section in one.sections})
        found = rules.achievements(made, lesson, done, 4321, 80)
        lessons += [one.lesson_id for one in found if one.kind == "lesson" and one.lesson_id]
        assert [one.kind for one in found if one.kind != "lesson"] == naive_quarters(total).get(n, [])
        assert all((one.seconds, one.score) == (4321, 80) for one in found if one.kind == "course")
        assert all(one.seconds == 300 * len(lesson.sections) for one in found if one.kind == "lesson")
    assert sorted(lessons) == [lesson.id for lesson in made.lessons]


def test_a_course_with_no_questions_that_count_has_no_score() -> None:
    made = course([1, 1])
    found = rules.achievements(made, made.lessons[1], completed(made, [1, 2]), 600, None)
    assert [(one.kind, one.score) for one in found] == [("lesson", None), ("course", None)]


def being_made(*states: LessonState, unwritten: frozenset[int] = frozenset(), unplanned: int = 99) -> CourseView:
    """Lessons of two sections in these states; from lesson `unplanned` (0-based) on they have no sections yet."""
    shape = course([2] * len(states), unwritten=unwritten)
    lessons = tuple(
        replace(lesson, state=state, sections=lesson.sections if place < unplanned else ())
        for place, (lesson, state) in enumerate(zip(shape.lessons, states, strict=True))
    )
    return replace(shape, state="making", lessons=lessons)


@pytest.mark.parametrize(
    ("shape", "done", "expected"),
    [
        (being_made("writing", "writing", unwritten=frozenset({2, 4})), {1}, 2),
        (being_made("writing", "writing", unwritten=frozenset({2, 4})), set(), None),  # section 1 can be read
        (being_made("ready", "writing", unwritten=frozenset({3, 4})), {1, 2}, 3),
        (being_made("failed", "writing", unwritten=frozenset({1, 2, 4})), set(), None),  # nobody writes lesson 1
        (being_made("failed", "writing", unwritten=frozenset({1, 2, 4})), {3}, 4),
        (replace(being_made("writing", "ready", unwritten=frozenset({2})), state="stopped"), {1}, None),
        (replace(being_made("ready", "waiting", unwritten=frozenset({3, 4})), state="ready"), {1, 2}, 3),  # tried again
        (being_made("ready", "waiting", "waiting", unwritten=frozenset({5, 6}), unplanned=1), {1, 2}, None),
        (being_made("ready", "ready"), {1, 2, 3, 4}, None),
    ],
)
def test_what_comes_next_is_waited_for_while_it_is_written(
    shape: CourseView, done: set[int], expected: int | None
) -> None:
    found = rules.awaited(shape, done)
    assert (found.id if found else None) == expected


def test_a_section_that_was_given_up_is_not_waited_for() -> None:
    shape = being_made("writing", unwritten=frozenset({1, 2}))
    first, second = shape.lessons[0].sections
    lesson = replace(shape.lessons[0], sections=(replace(first, given_up=True), second))
    shape = replace(shape, lessons=(lesson,))
    assert rules.awaited(shape, set()) == second
    assert not shape.awaited(lesson, lesson.sections[0])


def test_nobody_is_done_before_everything_is_planned() -> None:
    shape = being_made("ready", "waiting", "waiting", unplanned=1)
    assert shape.sections_total == 6
    done = completed(shape, [1, 2])
    kinds = [one.kind for one in rules.achievements(shape, shape.lessons[0], done, 600, None)]
    assert kinds == ["lesson", "quarter"]
    assert rules.percent(len(done), shape.sections_total) == 33
