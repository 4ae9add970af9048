from __future__ import annotations

import random

import pytest

from services.rules.shuffling import balanced_seed, shown_order, shown_slot


@pytest.mark.parametrize("options", [3, 4, 5])
def test_balanced_seeds_favour_no_slot(options: int) -> None:
    rng = random.Random(options)
    used: list[int] = []
    for number in range(40):
        key = rng.randrange(options)
        seed = balanced_seed(number * 64, key, options, used)
        assert number * 64 <= seed < number * 64 + 64
        used.append(shown_slot(seed, key, options))
        assert max(map(used.count, range(options))) - min(map(used.count, range(options))) <= 1
    assert sorted(shown_order(5, options)) == list(range(options))


def test_an_order_is_the_same_for_everybody() -> None:
    assert shown_order(7, 4) == shown_order(7, 4)
    assert len({shown_order(seed, 4) for seed in range(200)}) == 24  # every order there is
    assert [shown_slot(seed, 2, 4) for seed in range(50)] == [shown_order(seed, 4).index(2) for seed in range(50)]


def test_an_option_that_is_not_there() -> None:
    with pytest.raises(ValueError):
        shown_slot(1, 4, 4)


def test_questions_with_fewer_options_do_not_unbalance_the_rest() -> None:
    used: list[int] = []
    for number in range(60):
        count = 3 if number % 3 else 4
        used.append(shown_slot(balanced_seed(number, number % count, count, used), number % count, count))
    assert max(map(used.count, range(4))) <= 0.4 * len(used)
