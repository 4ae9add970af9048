"""The bytes of uploaded files, in an SQLite file of their own, read and written in a thread."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path


class Blobs:
    """Bytes by path; the file at `path`, or memory without one."""

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(":memory:" if path is None else path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("CREATE TABLE IF NOT EXISTS blob (path TEXT PRIMARY KEY, body BLOB NOT NULL)")
        self._lock = threading.Lock()

    async def put(self, path: str, body: bytes) -> None:
        """Keep `body` under `path`; on return it is on disk."""
        await asyncio.to_thread(self._put, path, body)

    async def get(self, path: str) -> bytes | None:
        """The bytes under `path`, if any."""
        return await asyncio.to_thread(self._get, path)

    def close(self) -> None:
        """Close the file, after what is under way."""
        with self._lock:
            self._db.close()

    def _put(self, path: str, body: bytes) -> None:
        with self._lock:
            self._db.execute("INSERT OR REPLACE INTO blob VALUES (?, ?)", (path, body))

    def _get(self, path: str) -> bytes | None:
        with self._lock:
            row = self._db.execute("SELECT body FROM blob WHERE path = ?", (path,)).fetchone()
        return None if row is None else bytes(row[0])
