"""The order in which a question's options are shown: drawn from a seed that is stored with it, the same for all."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence


def shown_order(seed: int, count: int) -> tuple[int, ...]:
    """The author's places of a question's options in the order in which they are shown."""
    places = list(range(count))
    random.Random(seed).shuffle(places)
    return tuple(places)


def shown_slot(seed: int, key: int, count: int) -> int:
    """The slot (0-based) on which the option at `key` is shown. Raises ValueError if there is no such option."""
    return shown_order(seed, count).index(key)


def balanced_seed(first: int, key: int, count: int, used: Sequence[int]) -> int:
    """The first seed from `first` on that shows the right option on a slot that has had it least so far; `used` are
    the slots of the course's other questions. Pure chance would favour one slot in every twelfth course."""
    times = Counter(used)
    fewest = min(times[slot] for slot in range(count))
    seed = first
    while times[shown_slot(seed, key, count)] > fewest:
        seed += 1
    return seed
