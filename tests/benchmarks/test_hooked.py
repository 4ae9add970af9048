from __future__ import annotations

from pathlib import Path

from benchmarks import school
from benchmarks.hooked import Round, at, posted
from benchmarks.rig.stores import SqliteStore


async def test_taps_are_posted_acknowledged_and_followed_to_their_edits(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "lectern.db")
    made = await school.fill(store.url, learners=20)
    found = await posted(tmp_path / "worker", store, Round(made.taps[:20], made.taps[20:60], 100.0))
    assert len(found.acknowledged) == len(found.took) == 40
    assert at(found.took, 0.0) >= 40.0, "each call takes the stub 40 ms"
    assert 0 < found.p50 <= found.p99 == found.acknowledged[-1]
    assert found.workers > 0.1
    assert await store.rows("SELECT count(*) FROM completion") == [(60,)]
    again = await posted(tmp_path / "worker 2", store, Round(made.taps[60:70], made.taps[70:80], 100.0, first=2_000))
    assert len(again.took) == 10, "another round on the same database"
    assert await store.rows("SELECT count(*) FROM completion") == [(80,)]


async def test_the_floor_makes_a_row_of_each(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "lectern.db")
    taps = [(7_000_000_001, "1d.1")] * 10
    found = await posted(tmp_path / "floor", store, Round(taps[:2], taps[2:], 100.0, bare=True))
    assert len(found.acknowledged) == 8
    assert await store.rows("SELECT count(*) FROM bare") == [(10,)]
