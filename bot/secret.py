"""The secret that signs what Lectern hands out: made once and kept in the data folder, unless JWT_SECRET says it."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

NAME = "jwt_secret"
LEAST = 32  # bytes


class SecretError(Exception):
    """The secret can neither be read nor made; the text is one sentence for the person who starts Lectern."""


def kept_secret(folder: Path) -> str:
    """The secret in `folder`, made at the first time, for the owner's eyes only. Raises SecretError."""
    path = folder / NAME
    try:
        if not path.exists():
            _make(path)
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(0o600)  # somebody copied the folder without care
        found = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SecretError(f"The secret {path} cannot be kept ({error.strerror}); set JWT_SECRET instead.") from error
    except UnicodeDecodeError:
        found = ""
    if len(found) < LEAST:
        raise SecretError(f"The secret {path} is damaged; delete it, and a new one is made (docs/deploy.md, secrets).")
    return found


def _make(path: Path) -> None:
    """Write it whole under another name first: two that start at once agree, and none is ever half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{NAME}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
