from __future__ import annotations

import asyncio
import multiprocessing
import os
import shutil
import signal
import sqlite3
import stat
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.backup import BackupError, back_up, restore
from storage.database import Database
from storage.migrate import migrate, revisions
from tests.kit.school import add_course, add_learner

KEPT = "before-now"


def url_of(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


async def school(path: Path, learners: int = 3) -> Database:
    """A migrated database in use, with some learners and a course."""
    database = await Database.open(url_of(path))
    await migrate(database)
    ids = [await add_learner(database, 100 + number) for number in range(learners)]
    await add_course(database, ids[0])
    return database


def learners(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM learner").fetchone()[0])


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def refused(why: str, url: str, file: Path) -> str:
    """The detail with which `file` is not restored."""
    with pytest.raises(BackupError) as error:
        restore(url, file, KEPT)
    assert error.value.why == why
    return error.value.detail


async def a_backup(folder: Path) -> Path:
    """A backup of a small school."""
    database = await school(folder / "lectern.db")
    await database.close()
    back_up(url_of(folder / "lectern.db"), folder / "backup.db")
    return folder / "backup.db"


async def test_a_database_in_use_is_copied_into_one_file_for_its_owner_only(tmp_path: Path) -> None:
    database = await school(tmp_path / "lectern.db")
    try:
        file = tmp_path / "out" / "copy.db"
        file.parent.mkdir()
        assert back_up(url_of(tmp_path / "lectern.db"), file) == revisions()[-1]
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert names(file.parent) == {"copy.db"}
        assert learners(file) == 3
        await add_learner(database, 999)
        assert learners(file) == 3
    finally:
        await database.close()


async def test_it_is_the_state_of_one_instant_while_others_write(tmp_path: Path) -> None:
    """Pairs are written in one transaction each: no copy has half of one, and no writer is kept waiting."""
    database = await school(tmp_path / "lectern.db")
    async with database.transaction() as session:
        await session.execute(text("CREATE TABLE pair (n INTEGER, half INTEGER, filling BLOB)"))
    over = threading.Event()
    counts = []

    def copy() -> None:
        for number in range(6):
            back_up(url_of(tmp_path / "lectern.db"), tmp_path / f"copy{number}.db")
        over.set()

    copying = asyncio.create_task(asyncio.to_thread(copy))
    slowest = 0.0
    for n in range(5_000):
        begun = time.monotonic()
        async with database.transaction() as session:
            for half in (1, 2):
                await session.execute(
                    text("INSERT INTO pair VALUES (:n, :half, randomblob(3000))"), {"n": n, "half": half}
                )
        slowest = max(slowest, time.monotonic() - begun)
        if over.is_set():
            break
    await copying
    await database.close()
    for number in range(6):
        with closing(sqlite3.connect(tmp_path / f"copy{number}.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("SELECT n FROM pair GROUP BY n HAVING count(*) <> 2").fetchall() == []
            counts.append(connection.execute("SELECT count(*) FROM pair").fetchone()[0])
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]
    assert slowest < 4  # as long as a busy disk takes; a writer that waits for a lock gives up after five


async def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    file = await a_backup(tmp_path)
    before = file.read_bytes()
    for taken in (file, tmp_path / "lectern.db"):
        with pytest.raises(BackupError) as error:
            back_up(url_of(tmp_path / "lectern.db"), taken)
        assert error.value.why == "taken"
    assert file.read_bytes() == before


async def test_what_cannot_be_backed_up_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / "none.db").write_bytes(b"not a database at all, though of some length" * 100)
    sqlite3.connect(tmp_path / "other.db").execute("CREATE TABLE recipe (id INTEGER)").connection.close()
    cases = {"nothing": "absent.db", "not_ours": "none.db"}
    for why, name in [*cases.items(), ("not_ours", "other.db")]:
        with pytest.raises(BackupError) as error:
            back_up(url_of(tmp_path / name), tmp_path / "copy.db")
        assert error.value.why == why, name
    with pytest.raises(BackupError) as error:
        back_up("postgresql+asyncpg://me@nowhere/lectern", tmp_path / "copy.db")
    assert error.value.why == "server"
    await a_backup(tmp_path / "sound")
    with pytest.raises(BackupError) as error:
        back_up(url_of(tmp_path / "sound" / "lectern.db"), tmp_path / "no such folder" / "copy.db")
    assert error.value.why == "failed"
    assert names(tmp_path) == {"none.db", "other.db", "sound"}


async def test_a_backup_takes_the_place_of_a_database_which_is_kept(tmp_path: Path) -> None:
    file = await a_backup(tmp_path / "old")
    other = await school(tmp_path / "lectern.db", learners=5)
    await other.close()
    aside = restore(url_of(tmp_path / "lectern.db"), file, KEPT)
    assert aside == tmp_path / f"lectern.db.{KEPT}"
    assert (learners(tmp_path / "lectern.db"), learners(aside)) == (3, 5)
    assert stat.S_IMODE((tmp_path / "lectern.db").stat().st_mode) == 0o600
    database = await Database.open(url_of(tmp_path / "lectern.db"))
    await migrate(database)
    await add_learner(database, 999)
    await database.close()
    assert learners(tmp_path / "lectern.db") == 4
    assert learners(file) == 3


async def test_a_folder_that_is_new_gets_a_database(tmp_path: Path) -> None:
    file = await a_backup(tmp_path / "old")
    assert restore(url_of(tmp_path / "new" / "data" / "lectern.db"), file, KEPT) is None
    assert learners(tmp_path / "new" / "data" / "lectern.db") == 3


async def test_what_a_killed_process_left_in_its_log_goes_aside_with_its_database(tmp_path: Path) -> None:
    file = await a_backup(tmp_path / "old")
    target = tmp_path / "lectern.db"
    living = await school(tmp_path / "living.db", learners=5)
    for end in ("", "-wal"):
        shutil.copyfile(tmp_path / f"living.db{end}", tmp_path / f"lectern.db{end}")
    await living.close()
    aside = restore(url_of(target), file, KEPT)
    assert aside is not None
    assert (learners(target), learners(aside)) == (3, 5)


async def test_a_damaged_database_can_be_replaced_and_its_log_does_not_meet_the_new_one(tmp_path: Path) -> None:
    file = await a_backup(tmp_path / "old")
    target = tmp_path / "lectern.db"
    target.write_bytes(b"\0" * 100 + b"what the power left" * 1000)
    (tmp_path / "lectern.db-wal").write_bytes(b"and of the log" * 1000)
    aside = restore(url_of(target), file, KEPT)
    assert aside is not None
    assert learners(target) == 3
    assert aside.read_bytes().endswith(b"power left")


async def test_nothing_is_restored_while_somebody_has_the_database(tmp_path: Path) -> None:
    file = await a_backup(tmp_path / "old")
    database = await school(tmp_path / "lectern.db", learners=5)
    refused("in_use", url_of(tmp_path / "lectern.db"), file)
    await add_learner(database, 999)
    await database.close()
    assert learners(tmp_path / "lectern.db") == 6


async def test_what_is_newer_or_not_ours_or_damaged_changes_nothing(tmp_path: Path) -> None:
    file = await a_backup(tmp_path / "old")
    await (await school(tmp_path / "lectern.db", learners=5)).close()
    newer, damaged, none = tmp_path / "newer.db", tmp_path / "damaged.db", tmp_path / "none.db"
    for copy in (newer, damaged):
        shutil.copyfile(file, copy)
    with closing(sqlite3.connect(newer, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    pages = bytearray(damaged.read_bytes())
    pages[len(pages) // 2 :] = bytes(len(pages) - len(pages) // 2)
    damaged.write_bytes(pages)
    none.write_text("minutes of the meeting", encoding="utf-8")
    url = url_of(tmp_path / "lectern.db")
    assert refused("newer", url, newer) == "9999"
    with pytest.raises(BackupError) as error:
        restore(url, damaged, KEPT)
    assert error.value.why in {"damaged", "failed"}
    refused("not_ours", url, none)
    refused("nothing", url, tmp_path / "absent.db")
    assert learners(tmp_path / "lectern.db") == 5
    assert names(tmp_path) == {"old", "lectern.db", "lectern.db.lock", "newer.db", "damaged.db", "none.db"}


async def test_a_copy_with_its_log_and_a_plain_one_of_sqlites_own_are_taken_too(tmp_path: Path) -> None:
    database = await school(tmp_path / "living.db", learners=4)
    with_log = tmp_path / "with_log"
    with_log.mkdir()
    for end in ("", "-wal"):
        shutil.copyfile(tmp_path / f"living.db{end}", with_log / f"copy.db{end}")
    with (
        closing(sqlite3.connect(tmp_path / "living.db")) as old,
        closing(sqlite3.connect(tmp_path / "plain.db")) as new,
    ):
        old.backup(new)  # its header says that it has a log
    await database.close()
    for number, file in enumerate((with_log / "copy.db", tmp_path / "plain.db")):
        restore(url_of(tmp_path / f"new{number}" / "lectern.db"), file, KEPT)
        assert learners(tmp_path / f"new{number}" / "lectern.db") == 4


def _restore(url: str, file: str) -> None:
    restore(url, Path(file), KEPT)


async def test_killed_at_any_instant_it_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    file = await a_backup(tmp_path / "old")
    found = set()
    for number in range(8):
        folder = tmp_path / f"try{number}"
        folder.mkdir()
        await (await school(folder / "lectern.db", learners=5)).close()
        process = multiprocessing.get_context("fork").Process(
            target=_restore, args=(url_of(folder / "lectern.db"), str(file))
        )
        process.start()
        await asyncio.sleep(0.004 * number)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join(10)
        found.add(learners(folder / "lectern.db"))
        restore(url_of(folder / "lectern.db"), file, "again")
        assert learners(folder / "lectern.db") == 3
    assert found <= {3, 5}
