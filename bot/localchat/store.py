"""What the local Telegram remembers, in one SQLite file: messages, waiting updates, presses, polls, settings.

Every call is one small statement on a file in WAL mode (synchronous=NORMAL: what was written survives the death of the
process), short enough for the event loop; bytes of files are kept apart, in `blobs`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Json = dict[str, Any]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT, chat INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS message_of_chat ON message (chat, id);
CREATE TABLE IF NOT EXISTS pending (
    id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL, expires REAL NOT NULL);
CREATE TABLE IF NOT EXISTS press (id TEXT PRIMARY KEY, person INTEGER NOT NULL, made REAL NOT NULL,
    answered INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS poll (id TEXT PRIMARY KEY, message INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS vote (
    poll TEXT NOT NULL, person INTEGER NOT NULL, options TEXT NOT NULL, PRIMARY KEY (poll, person));
CREATE TABLE IF NOT EXISTS upload (
    file_id TEXT PRIMARY KEY, path TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, body TEXT NOT NULL);
"""
_FIRST_UPDATE = 100_000_000


class Store:
    """The file at `path`, or memory without one. All methods are quick and meant for one thread at a time."""

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(
            ":memory:" if path is None else path, isolation_level=None, check_same_thread=False, timeout=5.0
        )
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)
        if not self._db.execute("SELECT 1 FROM sqlite_sequence WHERE name = 'pending'").fetchone():
            self._db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('pending', ?)", (_FIRST_UPDATE,))
        self._depth = 0

    def close(self) -> None:
        """Close the file; nothing else may be called after that."""
        self._db.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is written inside is written whole or not at all; may be nested."""
        self._depth += 1
        if self._depth == 1:
            self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._depth -= 1
            if self._depth == 0:
                self._db.execute("ROLLBACK")
            raise
        self._depth -= 1
        if self._depth == 0:
            self._db.execute("COMMIT")

    def setting(self, name: str, default: Any = None) -> Any:
        """A remembered JSON value."""
        row = self._db.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return default if row is None else json.loads(row[0])

    def set(self, name: str, value: Any) -> None:
        """Remember a JSON value; None forgets it."""
        if value is None:
            self._db.execute("DELETE FROM setting WHERE name = ?", (name,))
        else:
            self._db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, json.dumps(value)))

    def add_message(self, chat: int, body: Json) -> Json:
        """Keep a new message; gives it its `message_id` (unique over all chats)."""
        with self.together():
            cursor = self._db.execute("INSERT INTO message (chat, body) VALUES (?, '{}')", (chat,))
            message = {"message_id": cursor.lastrowid} | body
            self._db.execute("UPDATE message SET body = ? WHERE id = ?", (json.dumps(message), cursor.lastrowid))
        return message

    def message(self, message_id: int) -> Json | None:
        """The message with that id, if it is (still) there."""
        row = self._db.execute("SELECT body FROM message WHERE id = ?", (message_id,)).fetchone()
        return None if row is None else dict(json.loads(row[0]))

    def replace_message(self, message: Json) -> None:
        """Keep an edited message."""
        self._db.execute("UPDATE message SET body = ? WHERE id = ?", (json.dumps(message), message["message_id"]))

    def delete_message(self, message_id: int) -> None:
        """Forget a message; its id is never used again."""
        self._db.execute("DELETE FROM message WHERE id = ?", (message_id,))

    def messages(self, chat: int, limit: int, before: int | None = None) -> list[Json]:
        """The last `limit` messages of `chat` (older than `before`), oldest first."""
        rows = self._db.execute(
            "SELECT body FROM message WHERE chat = ? AND id < ? ORDER BY id DESC LIMIT ?",
            (chat, before if before is not None else 2**62, limit),
        )
        return [json.loads(row[0]) for row in rows][::-1]

    def add_update(self, kind: str, body: Json, expires: float) -> int:
        """Queue an update for the bot until `expires` (seconds since 1970); ids only ever grow."""
        text = json.dumps({kind: body})
        return int(
            self._db.execute("INSERT INTO pending (body, expires) VALUES (?, ?)", (text, expires)).lastrowid or 0
        )

    def updates(self, offset: int, limit: int, now: float) -> list[Json]:
        """At most `limit` waiting updates with ids from `offset`, oldest first, without those that have expired."""
        rows = self._db.execute(
            "SELECT id, body FROM pending WHERE id >= ? AND expires > ? ORDER BY id LIMIT ?", (offset, now, limit)
        )
        return [{"update_id": row[0]} | json.loads(row[1]) for row in rows]

    def confirm(self, before: int) -> None:
        """Forget the updates with ids smaller than `before`."""
        self._db.execute("DELETE FROM pending WHERE id < ?", (before,))

    def expire(self, now: float) -> None:
        """Forget what nobody may fetch or answer any more."""
        self._db.execute("DELETE FROM pending WHERE expires <= ?", (now,))
        self._db.execute("DELETE FROM press WHERE made < ?", (now - 24 * 3600,))

    def newest_updates(self, count: int) -> int:
        """The id of the `count`-th update from the end, as a negative offset asks for."""
        rows = self._db.execute("SELECT id FROM pending ORDER BY id DESC LIMIT ?", (count,)).fetchall()
        return int(rows[-1][0]) if rows else 0

    def pending(self) -> int:
        """How many updates wait."""
        return int(self._db.execute("SELECT count(*) FROM pending").fetchone()[0])

    def add_press(self, query_id: str, person: int, made: float) -> None:
        """Remember a button press, so that its answer finds the person."""
        self._db.execute("INSERT INTO press (id, person, made) VALUES (?, ?, ?)", (query_id, person, made))

    def press(self, query_id: str) -> tuple[int, float] | None:
        """Who pressed, and when (seconds since 1970)."""
        row = self._db.execute("SELECT person, made FROM press WHERE id = ?", (query_id,)).fetchone()
        return None if row is None else (int(row[0]), float(row[1]))

    def answer_press(self, query_id: str) -> bool:
        """Mark a press as answered; True the first time."""
        found = self._db.execute("UPDATE press SET answered = 1 WHERE id = ? AND NOT answered", (query_id,))
        return found.rowcount > 0

    def add_poll(self, poll_id: str, message_id: int) -> None:
        """Remember which message a poll is in."""
        self._db.execute("INSERT INTO poll VALUES (?, ?)", (poll_id, message_id))

    def poll_message(self, poll_id: str) -> int | None:
        """The id of the message that a poll is in."""
        row = self._db.execute("SELECT message FROM poll WHERE id = ?", (poll_id,)).fetchone()
        return None if row is None else int(row[0])

    def vote(self, poll_id: str, person: int) -> list[int] | None:
        """What a person chose in a poll, if they have voted."""
        row = self._db.execute("SELECT options FROM vote WHERE poll = ? AND person = ?", (poll_id, person)).fetchone()
        return None if row is None else list(json.loads(row[0]))

    def set_vote(self, poll_id: str, person: int, options: list[int]) -> None:
        """Keep a person's choice; an empty one takes the vote back."""
        self._db.execute("DELETE FROM vote WHERE poll = ? AND person = ?", (poll_id, person))
        if options:
            self._db.execute("INSERT INTO vote VALUES (?, ?, ?)", (poll_id, person, json.dumps(options)))

    def votes(self, poll_id: str) -> list[list[int]]:
        """Everybody's choices in a poll."""
        return [json.loads(row[0]) for row in self._db.execute("SELECT options FROM vote WHERE poll = ?", (poll_id,))]

    def add_upload(self, file_id: str, path: str, kind: str, body: Json) -> None:
        """Remember what is known of a file: its `path` for downloads, its `kind` (photo…), Telegram's object."""
        self._db.execute("INSERT INTO upload VALUES (?, ?, ?, ?)", (file_id, path, kind, json.dumps(body)))

    def upload(self, file_id: str) -> tuple[str, str, Json] | None:
        """Path, kind and Telegram's object of a file."""
        row = self._db.execute("SELECT path, kind, body FROM upload WHERE file_id = ?", (file_id,)).fetchone()
        return None if row is None else (row[0], row[1], json.loads(row[2]))
