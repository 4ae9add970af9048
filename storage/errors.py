"""What can be wrong with the database itself."""

from __future__ import annotations


class StorageError(Exception):
    """The database cannot be used. `why`: ``locked``, ``read_only``, ``newer``, ``in_use``, ``full``, ``unreachable``,
    ``migration`` (one failed), ``unusable``, ``fenced`` (this process was given up for dead)."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}" if detail else why)
        self.why = why
        self.detail = detail


_SIGNS = {
    "database is locked": "locked",
    "readonly database": "read_only",
    "database or disk is full": "full",
    "unable to open database file": "unusable",
    "file is not a database": "unusable",
}


def worded(error: Exception) -> StorageError | None:
    """The StorageError behind a driver's exception, if its message tells; else None."""
    words = str(error)
    for sign, why in _SIGNS.items():
        if sign in words:
            return StorageError(why, words.splitlines()[0][:200])
    return None
