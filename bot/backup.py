"""``python -m bot backup FILE`` and ``restore FILE``: what they say when it worked, and why when it did not."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from storage.backup import BackupError, back_up, restore

_SAID = {
    "server": "The database is PostgreSQL's, which has tools for this: docs/deploy.md shows them.",
    "nothing": "There is no file {detail}.",
    "taken": "There is a file {detail} already; name another one.",
    "not_ours": "{file} is no database of Lectern's; nothing was changed.",
    "newer": "{file} was made by a newer Lectern (its revision is {detail}); use that one.",
    "damaged": "{file} is damaged ({detail}); nothing was changed.",
    "in_use": "A Lectern is running on this database; stop it, then restore.",
    "failed": "It did not work, and nothing was changed: {detail}.",
}


class BackupFailed(Exception):
    """Why, in one sentence for the person at the command line."""


def run_backup(url: str, file: Path) -> str:
    """Copy the database at `url` into the new `file`; returns the sentence to say. Raises BackupFailed."""
    try:
        revision = back_up(url, file)
    except BackupError as error:
        raise BackupFailed(_worded(error, "The database")) from error
    size = file.stat().st_size / 1_000_000
    return f"Backed up to {file} ({size:.1f} MB, revision {revision}); keep the secrets beside it (docs/deploy.md)."


def run_restore(url: str, file: Path, now: datetime) -> str:
    """Put `file` in the place of the database at `url`; returns the sentence to say. Raises BackupFailed."""
    try:
        aside = restore(url, file, f"before-{now:%Y%m%dT%H%M%S}")
    except BackupError as error:
        raise BackupFailed(_worded(error, str(file))) from error
    was = f"; what was there before is kept as {aside}" if aside else ""
    return f"Restored from {file}{was}. Start Lectern to go on."


def _worded(error: BackupError, file: str) -> str:
    return _SAID[error.why].format(detail=error.detail, file=file)
