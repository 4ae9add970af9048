"""kill -9 after each statement of every migration, those to come among them: what was is still there, and the next
start brings it to the same place as a start that nobody killed."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from storage.database import Database
from storage.errors import StorageError
from storage.migrate import migrate, revisions
from tests.kit.database import bare_postgres
from tests.kit.database import lasting_postgres as postgres
from tests.kit.old_schools import Dump, dump, grow

__all__ = ["postgres"]

EMPTY = "0000"
PATIENCE = 60.0
MOST = 1_000  # statements that any way up may have
ONLY_READ = ("SELECT", "PRAGMA", "BEGIN", "WITH")
STARTS = [EMPTY, *revisions()[:-1]]


def _start(url: str, doomed: int) -> None:
    """In a process of its own: bring the database up to date; die after so many statements that change something."""
    done = 0

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        nonlocal done
        done += not statement.lstrip().startswith(ONLY_READ)
        if 0 < doomed == done:
            os.kill(os.getpid(), signal.SIGKILL)

    async def run() -> None:
        database = await Database.open(url)
        await migrate(database)
        await database.close()

    event.listen(Engine, "after_cursor_execute", count)
    try:
        asyncio.run(run())
    except StorageError as error:
        os._exit(3 if error.why == "in_use" else 4)
    os._exit(0)


def _begun(url: str, doomed: int = 0) -> multiprocessing.process.BaseProcess:
    process = multiprocessing.get_context("fork").Process(target=_start, args=(url, doomed))
    process.start()
    return process


def _ended(process: multiprocessing.process.BaseProcess) -> int | None:
    process.join(PATIENCE)
    return process.exitcode


def _look(url: str) -> Dump:
    async def look() -> Dump:
        database = await Database.open(url)
        try:
            return await dump(database)
        finally:
            await database.close()

    return asyncio.run(look())


def _make(url: str, folder: Path, revision: str) -> None:
    async def make() -> None:
        database = await Database.open(url)
        try:
            await grow(database, folder, revision)
        finally:
            await database.close()

    folder.mkdir()
    asyncio.run(make())


@contextmanager
def _databases(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[tuple[str, str]]:
    """The URLs of two empty databases."""
    if kind == "sqlite":
        yield f"sqlite+aiosqlite:///{folder / 'killed.db'}", f"sqlite+aiosqlite:///{folder / 'spared.db'}"
    else:
        server = request.getfixturevalue("postgres")
        with bare_postgres(server) as killed, bare_postgres(server) as spared:
            yield killed, spared


def _kill_after_each(killed: str, spared: str, step: int) -> int:
    """Start again and again on the database `killed`, each life `step` statements longer; returns after how many the
    last one was cut short."""
    before = _look(killed)
    assert _ended(_begun(spared)) == 0
    for doomed in range(1, MOST, step):
        code = _ended(_begun(killed, doomed))
        if code == 0:
            break
        assert code == -signal.SIGKILL, doomed
        if doomed % 8 == 1:
            assert _look(killed) == before, doomed
    assert _look(killed) == _look(spared) != before
    return doomed - 1


@pytest.mark.parametrize(
    ("kind", "start", "step"),
    [("sqlite", EMPTY, 7), ("sqlite", revisions()[0], 3), ("postgresql", revisions()[-2], 1)],
)
def test_killed_after_some_statements(
    kind: str, start: str, step: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    _from(start, kind, step, request, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("start", STARTS)
def test_killed_after_every_statement(start: str, kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    _from(start, kind, 1, request, tmp_path)


def _from(start: str, kind: str, step: int, request: pytest.FixtureRequest, folder: Path) -> None:
    with _databases(kind, request, folder) as (killed, spared):
        for number, url in enumerate((killed, spared)):
            if start != EMPTY:
                _make(url, folder / f"migrations{number}", start)
        last = _kill_after_each(killed, spared, step)
    print(f"killed after every {step} of {last} statements on {kind} from {start}")
    assert last > 2


def test_workers_that_start_together_on_postgresql(postgres: str, tmp_path: Path) -> None:
    with bare_postgres(postgres) as together, bare_postgres(postgres) as alone:
        for number, url in enumerate((together, alone)):
            _make(url, tmp_path / f"migrations{number}", revisions()[0])
        assert [_ended(one) for one in [_begun(together) for _ in range(3)]] == [0, 0, 0]
        assert _ended(_begun(alone)) == 0
        assert _look(together) == _look(alone)


def test_a_second_one_on_sqlite_is_refused(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'lectern.db'}"

    async def second() -> int | None:
        first = await Database.open(url)
        try:
            return await asyncio.to_thread(_ended, _begun(url))
        finally:
            await first.close()

    assert asyncio.run(second()) == 3
    assert _ended(_begun(url)) == 0
