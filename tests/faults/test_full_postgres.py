"""The disk under PostgreSQL's tables is full: nothing is acknowledged that is not stored, people are told, and what
they did is done, once, when there is room."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from benchmarks.rig.deeds import only
from benchmarks.rig.stores import PostgresStore, postgres_store
from handlers.texts import DEFAULT, plain
from tests.faults.fleets import Form, judge, postgres, running
from tests.faults.rig import SEED
from tests.kit.small_disk import SmallDisk, small_disk

__all__ = ["postgres"]

HELD_UP = plain(DEFAULT, "held_up")
MEGABYTES = 48
PEOPLE, TAPS = 40, 240  # more than finds room in pages that are begun


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    """A small disk, where whoever runs PostgreSQL may come."""
    folder = Path(tempfile.mkdtemp(prefix="lectern-small-"))
    folder.chmod(0o755)
    try:
        with small_disk(folder / "disk", MEGABYTES) as made:
            if not made.mounted:
                pytest.skip("NOT TESTED: PostgreSQL on a full disk (no disk can be mounted here)")
            yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def small_store(server: str, disk: SmallDisk) -> AsyncIterator[PostgresStore]:
    """A database whose tables lie on the disk; what PostgreSQL writes its log to does not."""
    whole = PostgresStore(server)
    [(data,)] = await whole.rows("SHOW data_directory")
    place = _tables(disk.folder, Path(data))
    async with postgres_store(server) as store:
        [(name,)] = await store.rows("SELECT current_database()")
        await whole.rows(f"CREATE TABLESPACE small LOCATION '{place}'")
        await whole.rows(f"ALTER DATABASE {name} SET TABLESPACE small")
        try:
            yield store
        finally:
            disk.make_room()
            await whole.rows(f"DROP DATABASE {name} WITH (FORCE)")
            await whole.rows("DROP TABLESPACE small")
            await whole.rows(f"CREATE DATABASE {name}")  # which is dropped as all others are


def _tables(folder: Path, data: Path) -> Path:
    """A folder there that belongs to whom the folder `data` belongs to."""
    place, owner = folder / "tables", data.stat()
    place.mkdir()
    for path in (folder, place):
        os.chown(path, owner.st_uid, owner.st_gid)
    return place


@pytest.mark.parametrize("times", [1, pytest.param(3, marks=pytest.mark.soak)])
async def test_a_disk_that_is_full(postgres: str, disk: SmallDisk, tmp_path: Path, times: int) -> None:
    async with small_store(postgres, disk) as store:
        form = Form(3, store)
        async with running(form, tmp_path, SEED, learners=PEOPLE, courses=times, webhook=True) as (workers, school):
            deeds = only(school, "done", TAPS * times)
            for turn in range(times):
                disk.fill(0)
                await workers.telegram.give(deeds[turn * TAPS : (turn + 1) * TAPS])
                await asyncio.sleep(12)
                assert workers.telegram.unconfirmed > 0, "the disk was not full"
                told = [call.at for call in workers.telegram.ledger.calls if call.fields.get("text") == HELD_UP]
                assert told, "nobody was told"
                disk.make_room()
                await workers.rest()
            await judge(workers)
            balancer = workers.telegram.balancer
            assert balancer is not None
            assert set(balancer.statuses) <= {200, 503}
            assert await store.rows("SELECT count(*) FROM completion") == [(len(deeds),)]
            assert await store.rows("SELECT count(*) FROM work WHERE state = 'aside'") == [(0,)]
