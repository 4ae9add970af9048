"""A round of the bench in a tiny dose: every figure is found, by the real sidecar and (where it is) by the peer."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks import peer_install
from benchmarks.sidecar_data import Stock, stock
from benchmarks.sidecar_rounds import Dose, Round, one_past, one_round

TINY = Dose(learners=2, completions=(4, 20), batches=(1, 3), reads=(2, 6))


async def _stock(folder: Path) -> Stock:
    return await stock(folder, learners=TINY.learners, courses=TINY.courses, earlier=3, reported=5)


def _found_everything(found: Round) -> None:
    for load in (found.completion, found.batch, found.course, found.unchanged):
        assert load.rps > 0
        assert 0 < load.p50 <= load.p99
    assert found.unchanged.size < found.course.size
    assert found.wrong == 0


async def test_our_round_finds_every_figure(tmp_path: Path) -> None:
    made = await _stock(tmp_path / "stock")
    _found_everything(await one_round(made, None, TINY))
    assert (await one_past(made, None)).rps > 0


async def test_both_sides_begin_with_the_same(tmp_path: Path) -> None:
    made = await _stock(tmp_path / "stock")
    with (
        closing(sqlite3.connect(made.database)) as theirs,
        closing(sqlite3.connect(made.folder / "lectern.db")) as ours,
    ):
        courses = dict(theirs.execute("SELECT id, document FROM course").fetchall())
        documents = [json.loads(row[0]) for row in theirs.execute("SELECT document FROM progress").fetchall()]
        events = ours.execute("SELECT learner_id, course_id, count(*) FROM learning_event GROUP BY 1, 2").fetchall()
        titles = dict(ours.execute("SELECT id, title FROM course").fetchall())
    assert {one: json.loads(text)["title"] for one, text in courses.items()}.items() <= titles.items()
    assert made.read in courses
    begun = [one for one in documents if one["course"] != made.read]
    assert sorted((one["learner"], one["course"], len(one["path"])) for one in begun) == sorted(events)


@pytest.mark.skipif(
    peer_install.missing() is not None or not peer_install.installed(),
    reason="THE BENCHMARK'S PEER IS NOT TESTED: no Node.js here, or its packages are not there before `make bench`",
)
@pytest.mark.parametrize("synchronous", ["FULL", "NORMAL"])
async def test_the_peers_round_finds_every_figure(synchronous: str, tmp_path: Path) -> None:
    made = await _stock(tmp_path / "stock")
    _found_everything(await one_round(made, synchronous, TINY))
