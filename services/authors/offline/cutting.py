"""Cutting a row of pieces into parts at the least cost: one exact search, used for lessons and for sections."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence


def best_cuts(places: Sequence[int], least: int, most: int, cost: Callable[[int, int], float]) -> list[int] | None:
    """Where to cut: the chosen `places`, first and last included, so that there are `least` to `most` parts.

    `places` are the allowed places in rising order; ``cost(i, j)`` is that of the part from i to j, infinite if it must
    not be. None if there is no way at all. Time is O(most · places²).
    """
    last = len(places) - 1
    costs = [[math.inf] * (last + 1) for _ in range(last + 1)]
    for start in range(last):
        for end in range(start + 1, last + 1):
            costs[start][end] = cost(places[start], places[end])
    best = [[math.inf] * (last + 1) for _ in range(most + 1)]
    came = [[0] * (last + 1) for _ in range(most + 1)]
    best[0][0] = 0.0
    for parts in range(1, most + 1):
        for end in range(parts, last + 1):
            for start in range(parts - 1, end):
                total = best[parts - 1][start] + costs[start][end]
                if total < best[parts][end]:
                    best[parts][end], came[parts][end] = total, start
    parts = min(range(least, most + 1), key=lambda number: best[number][last])
    if math.isinf(best[parts][last]):
        return None
    cuts = [last]
    for number in range(parts, 0, -1):
        cuts.append(came[number][cuts[-1]])
    return [places[index] for index in reversed(cuts)]
