from __future__ import annotations

import pytest

from services.authors.protocol import Option
from services.rules.questions import Kept, Tried, asked, score, settles, shown_order, voted_down

RIGHT, WRONG, WORSE, SKIP = (
    Tried(1, True, False),
    Tried(0, False, False),
    Tried(2, False, False),
    Tried(None, False, True),
)


def kept(options: int = 4, key: int = 1, hint: str = "think") -> Kept:
    return Kept(7, 3, 0, "What?", tuple(Option(f"o{at}", f"why {at}") for at in range(options)), key, hint, 11)


def test_an_order_is_a_learners_own_and_always_the_same() -> None:
    assert shown_order(11, 5, 4) == shown_order(11, 5, 4)
    assert sorted(shown_order(11, 5, 4)) == [0, 1, 2, 3]
    assert len({shown_order(11, learner, 4) for learner in range(200)}) == 4
    assert len({shown_order(seed, 5, 4) for seed in range(200)}) == 24


def test_every_option_comes_to_every_place_about_as_often() -> None:
    first = [shown_order(11, learner, 4)[0] for learner in range(2000)]
    assert all(400 < first.count(place) < 600 for place in range(4))


@pytest.mark.parametrize(
    ("options", "nth", "choice", "settled"),
    [(4, 1, 1, True), (4, 1, 0, False), (4, 2, 0, True), (4, 1, None, True), (2, 1, 0, True), (3, 1, 0, False)],
)
def test_what_settles_a_question(options: int, nth: int, choice: int | None, settled: bool) -> None:
    assert settles(kept(options), nth, choice) is settled


@pytest.mark.parametrize(
    ("tries", "outcome", "attempt"),
    [
        ([], "open", 1),
        ([WRONG], "open", 2),
        ([RIGHT], "right", None),
        ([SKIP], "skipped", None),
        ([WRONG, RIGHT], "right", None),
        ([WRONG, WORSE], "wrong", None),
        ([WRONG, SKIP], "skipped", None),
    ],
)
def test_how_it_stands(tries: list[Tried], outcome: str, attempt: int | None) -> None:
    view = asked(kept(), 5, tries, number=1, of=2, voided=False, disputed=False)
    assert (view.outcome, view.attempt) == (outcome, attempt)
    assert view.at_first is (tries[:1] == [RIGHT])
    told = outcome != "open"
    assert (view.right is not None) is told
    assert view.hint == ("think" if tries and not told else None)
    if not told:
        assert "why" not in str(view), "nothing of the key, nor of the reasons"


def test_places_are_those_that_the_learner_sees() -> None:
    view = asked(kept(), 5, [WRONG, WORSE], number=1, of=1, voided=False, disputed=False)
    assert view.chosen is not None
    assert view.right is not None
    assert (view.options[view.chosen.place], view.chosen.explanation) == ("o2", "why 2")
    assert (view.options[view.right.place], view.right.explanation) == ("o1", "why 1")
    assert [view.options[place] for place in view.tried] == ["o0", "o2"]


def test_a_voided_question_tells_its_key_only_to_who_was_through_with_it() -> None:
    for tries, told in (([], False), ([WRONG], False), ([RIGHT], True), ([WRONG, WORSE], True)):
        view = asked(kept(), 5, tries, number=0, of=1, voided=True, disputed=True)
        assert (view.outcome, view.attempt, view.hint) == ("voided", None, None)
        assert (view.right is not None) is told


@pytest.mark.parametrize(
    ("right", "total", "expected"),
    [(0, 0, None), (0, 3, 0), (1, 3, 33), (2, 3, 67), (3, 3, 100), (199, 200, 99), (4, 3, 100)],
)
def test_the_score(right: int, total: int, expected: int | None) -> None:
    assert score(right, total) == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([0, 2], True),
        ([0, 0], True),
        ([1, 0], False),
        ([1, 1], False),
        ([None, 1], False),
        ([None, 0], None),
        ([None, None], None),
        ([], None),
    ],
)
def test_who_solves_it_again(answers: list[int | None], expected: bool | None) -> None:
    assert voted_down(1, answers) is expected
