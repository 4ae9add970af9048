"""What can be wrong with the database itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class StorageError(Exception):
    """The database cannot be used. `why`: ``locked``, ``read_only``, ``newer``, ``in_use``, ``full``, ``unreachable``,
    ``migration`` (one failed), ``unusable``, ``fenced`` (this process was given up for dead)."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}" if detail else why)
        self.why = why
        self.detail = detail


class Entangled(StorageError):
    """Two transactions waited for each other, and this one was given up: nothing of it was written, and it may be done
    again."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("locked", detail)


_SIGNS = {
    "database is locked": "locked",
    "deadlock detected": "locked",
    "due to lock timeout": "locked",
    "could not serialize access": "locked",
    "readonly database": "read_only",
    "database or disk is full": "full",
    "unable to open database file": "unusable",
    "file is not a database": "unusable",
    "disk I/O error": "unusable",
    "database disk image is malformed": "unusable",
    "connection is closed": "unreachable",
    "connection was closed": "unreachable",
}
_AWAY = ("08", "53", "57P")  # PostgreSQL's states: no connection, no room, shutting down or starting


def worded(error: Exception) -> StorageError | None:
    """The StorageError behind a driver's exception, if it is about the database rather than about what was asked."""
    if isinstance(error, StorageError):
        return error
    words = str(error) or type(error).__name__
    why = next((why for sign, why in _SIGNS.items() if sign in words), None)
    if why is None and _away(error):
        why = "unreachable"
    return None if why is None else StorageError(why, words.splitlines()[0][:200])


@contextmanager
def storage_errors() -> Iterator[None]:
    """Has whatever is wrong with the database raised as a StorageError; all else passes as it is."""
    try:
        yield
    except Exception as error:
        found = worded(error)
        if found is None or found is error:
            raise
        raise found from error


def _away(error: Exception) -> bool:
    # Here, because who only names our errors (the processes that read documents) has no use for SQLAlchemy.
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.exc import TimeoutError as NoConnectionFree

    if isinstance(error, OSError | NoConnectionFree):  # refused, reset, timed out
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    state = getattr(getattr(error, "orig", error), "sqlstate", None)
    return isinstance(state, str) and state.startswith(_AWAY)
