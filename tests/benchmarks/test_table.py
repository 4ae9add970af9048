"""A promise is kept or missed, on the side of the limit that it is about."""

from __future__ import annotations

import pytest

from benchmarks.table import Line, render


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        (Line("at most", 0.5, 0.5, ""), True),
        (Line("at most", 0.51, 0.5, ""), False),
        (Line("at least", 2.0, 2.0, "", at_least=True), True),
        (Line("at least", 1.99, 2.0, "", at_least=True), False),
        (Line("told", 100.0, None, ""), True),
        (Line("none at all", 0, 0.0, "", ""), True),
        (Line("none at all", 1, 0.0, "", ""), False),
    ],
)
def test_a_promise_is_kept_or_missed(line: Line, kept: bool) -> None:
    assert line.kept is kept
    assert ("MISSED" in render([line])) is not kept


def test_the_table_says_which_way_a_limit_goes() -> None:
    told = render([Line("rps", 2.5, 2.0, "beside", at_least=True), Line("CPU", 0.4, 0.5, "beside")])
    assert "≥ 2.00 ×" in told
    assert "≤ 0.50 ×" in told
