"""A SQLite database as one file, taken while it is in use, and put back in the place of another."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy.engine import make_url

from storage.database import claim
from storage.errors import StorageError, worded
from storage.migrate import SCRIPTS, revisions

OURS = {"alembic_version", "learner", "course", "completion", "work"}  # tables that every Lectern has had
PATIENCE = 30.0  # seconds to wait for a program that holds the database


class BackupError(Exception):
    """Nothing was written or replaced. `why`: ``server`` (the database is none of SQLite's), ``nothing`` (there is no
    such file), ``taken`` (a file of that name is there), ``not_ours``, ``newer``, ``damaged``, ``in_use``, ``failed``
    (the system refused, as `detail` says)."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}" if detail else why)
        self.why = why
        self.detail = detail


def back_up(url: str, target: Path) -> str:
    """Copy the database at `url` (as of one instant, whoever writes meanwhile) into the new file `target`, which only
    its owner can read; checked, and there whole or not at all. Returns its revision. Raises BackupError."""
    source = _file_of(url)
    if not source.is_file():
        raise BackupError("nothing", str(source))
    if target.exists():
        raise BackupError("taken", str(target))
    draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    with _said_why(), _draft(draft):
        _copy(source, draft, "rw")  # a reader, but one that may read the log of changes that are not merged yet
        revision = _checked(draft)
        os.link(draft, target)  # fails if somebody was faster
        _settle(target.parent)
    return revision


def restore(url: str, source: Path, kept: str) -> Path | None:
    """Put the backup `source` in the place of the database at `url`, which nobody may have open.

    What was there is kept beside it, its name lengthened by `kept`; returns that file, None if there was none. Killed
    at any instant it leaves the old database or the new one. Raises BackupError."""
    target = _file_of(url)
    if not source.is_file():
        raise BackupError("nothing", str(source))
    lock = _claim(target)
    draft = target.with_name(f".{target.name}.restored")
    try:
        with _said_why(), _draft(draft):
            _copy(
                source, draft, "ro" if _log_of(source).exists() else "ro&immutable=1"
            )  # it may lie where none can write
            _checked(draft)
            return _swap(draft, target, target.with_name(f"{target.name}.{kept}"))
    finally:
        os.close(lock)


def _claim(target: Path) -> int:
    try:
        return claim(target)
    except StorageError as error:
        raise BackupError("in_use" if error.why == "in_use" else "failed", error.detail) from error


def _file_of(url: str) -> Path:
    parts = make_url(url)
    if parts.get_backend_name() != "sqlite" or not parts.database:
        raise BackupError("server")
    return Path(parts.database)


@contextmanager
def _said_why() -> Iterator[None]:
    """Has whatever the system or SQLite refuses raised as a BackupError."""
    try:
        yield
    except FileExistsError as error:
        raise BackupError("taken", str(error.filename2 or error.filename)) from error
    except OSError as error:
        raise BackupError("failed", error.strerror or str(error)) from error
    except sqlite3.Error as error:
        found = worded(error)
        not_ours = found is not None and "not a database" in found.detail
        raise BackupError("not_ours" if not_ours else "failed", str(error)) from error


@contextmanager
def _draft(path: Path) -> Iterator[None]:
    """A file for its owner's eyes only, which is gone afterwards, as is what SQLite put beside it."""
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    try:
        yield
    finally:
        for end in ("", "-wal", "-shm", "-journal"):
            path.with_name(path.name + end).unlink(missing_ok=True)


def _copy(source: Path, draft: Path, mode: str) -> None:
    """All pages in one step, which sees one state of the source, and makes no writer wait."""
    with closing(_connect(source, mode)) as old, closing(_connect(draft, "rw")) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE").fetchall()  # one file, without a log beside it
    handle = os.open(draft, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _checked(path: Path) -> str:
    """The revision of a database that is sound, ours, and not too new for this program. Raises BackupError."""
    with closing(_connect(path, "ro")) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables >= OURS:
            raise BackupError("not_ours")
        found = [revision for (revision,) in connection.execute("SELECT version_num FROM alembic_version")]
        if len(found) != 1:
            raise BackupError("not_ours")
        if found[0] not in revisions(SCRIPTS):
            raise BackupError("newer", found[0])
        ((said,), *_) = connection.execute("PRAGMA integrity_check(1)").fetchall()
        if said != "ok" or connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise BackupError("damaged", said)
    return str(found[0])


def _swap(draft: Path, target: Path, aside: Path) -> Path | None:
    """`draft` takes the place of `target`, which is called `aside` from now on; at no instant is there neither."""
    log = _log_of(target)
    there = target.exists()
    if there:
        _merge(target)
        os.link(target, aside)
    if log.exists() and log.stat().st_size:  # of a database that cannot be opened; it must not meet the new one
        log.rename(_log_of(aside))
    draft.replace(target)
    _settle(target.parent)
    return aside if there else None


def _merge(path: Path) -> None:
    """Have the changes that a killed process left in the log written into the file, which ends the log. A database that
    is too damaged for that is left as it is."""
    with suppress(sqlite3.Error), closing(_connect(path, "rw")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=PATIENCE, isolation_level=None)


def _settle(folder: Path) -> None:
    """Have the names in a folder survive the power, too."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
