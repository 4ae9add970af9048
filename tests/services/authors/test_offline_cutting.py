from __future__ import annotations

import math
import random
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.authors.offline.atoms import COURSE_WORDS, Atom, material, weigh
from services.authors.offline.cutting import best_cuts
from services.authors.offline.outline import divide
from services.authors.protocol import Passage
from services.documents.parse import parse
from services.errors import DocumentRefused


def brute(size: int, least: int, most: int, costs: dict[tuple[int, int], float]) -> float:
    ways = ((0, *inner, size) for parts in range(least, most + 1) for inner in combinations(range(1, size), parts - 1))
    return min((sum(costs[pair] for pair in pairwise(way)) for way in ways), default=math.inf)


@given(st.integers(1, 7), st.integers(1, 3), st.integers(0, 2), st.randoms(use_true_random=False))
def test_the_cheapest_of_all_ways(size: int, least: int, more: int, rng: random.Random) -> None:
    draw = rng.random
    costs = {
        (i, j): math.inf if draw() < 0.2 else round(draw() * 9) for i in range(size) for j in range(i + 1, size + 1)
    }
    cuts = best_cuts(range(size + 1), least, least + more, lambda i, j: costs[(i, j)])
    expected = brute(size, least, least + more, costs)
    if cuts is None:
        assert math.isinf(expected)
    else:
        assert (cuts[0], cuts[-1]) == (0, size)
        assert least <= len(cuts) - 1 <= least + more
        assert sum(costs[pair] for pair in pairwise(cuts)) == expected


def atoms(*lengths: int, heading_every: int = 0) -> list[Atom]:
    made = []
    for number, length in enumerate(lengths):
        text = ("word " * length).strip()
        depth = 1 if number == 0 or (heading_every and number % heading_every == 0) else 0
        path = (f"H{number // heading_every}",) if heading_every else ()
        made.append(Atom(Passage(f"p{number}", text, "", ""), weigh(text), path, depth))
    return made


def greedy_pieces(row: list[Atom]) -> int:
    """The most pieces of at least 100 characters that a row can be cut into."""
    pieces = held = 0
    for atom in row:
        held += len(atom.passage.text)
        if held >= 100:
            pieces, held = pieces + 1, 0
    return pieces


@given(st.lists(st.integers(1, 400), min_size=1, max_size=60), st.integers(0, 9))
def test_any_row_is_divided_by_the_rules_or_too_thin(lengths: list[int], heading_every: int) -> None:
    row = atoms(*lengths, heading_every=heading_every)
    if (pieces := greedy_pieces(row)) < 6:
        with pytest.raises(DocumentRefused, match="too_thin"):
            divide(row)
        return
    parts = divide(row)
    assert pieces >= sum(len(part.sections) for part in parts)
    assert 3 <= len(parts) <= 12
    assert all(2 <= len(part.sections) <= 4 for part in parts)
    assert [atom for part in parts for atom in part.atoms] == row
    for part in parts:
        for section in part.sections:
            assert sum(len(atom.passage.text) for atom in section) >= 100


def test_six_long_paragraphs_are_enough_and_five_are_not() -> None:
    assert len(divide(atoms(*[30] * 6))) == 3
    with pytest.raises(DocumentRefused):
        divide(atoms(*[30] * 5))


def test_headings_decide_where_lessons_begin() -> None:
    parts = divide(atoms(*[120] * 20, heading_every=5))
    assert [part.atoms[0].passage.id for part in parts] == ["p0", "p5", "p10", "p15"]


def test_what_finds_no_room_is_counted_not_hidden() -> None:
    text = "# T\n\n" + "\n\n".join("word " * 200 for _ in range(400))
    found = material(parse("a.md", text.encode()))
    assert sum(atom.weight for atom in found.atoms) <= COURSE_WORDS
    assert 0.3 < found.share < 0.6


def test_contents_and_unfinished_places_are_no_text_to_learn_from() -> None:
    text = "# T\n\n## Contents\n\n- One\n- Two\n\n## One\n\nReal text.\n\nTODO write more\n\n## Two\n\nMore text.\n"
    found = material(parse("a.md", text.encode()))
    assert [atom.passage.text for atom in found.atoms] == ["Real text.", "More text."]
    assert (found.left_out, found.share) == (3, 1.0)
