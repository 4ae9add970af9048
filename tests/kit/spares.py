"""Empty databases, made once by this process and used again: a file that is copied, a database that is emptied.

To make all tables costs more than most tests do with them."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from storage.database import Database

Make = Callable[[Database], Awaitable[None]]
_files: dict[Make, bytes] = {}
_free: dict[str, list[str]] = {}
_shapes: dict[str, str] = {}

# Whatever a test may have done to a database besides filling its tables.
_SHAPE = """SELECT concat_ws('/',
    (SELECT md5(string_agg(concat_ws(' ', c.relname, a.attname, a.atttypid, a.attnotnull, a.attisdropped, a.atthasdef),
        ',' ORDER BY c.relname, a.attnum)) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'public'::regnamespace),
    (SELECT md5(string_agg(concat_ws(' ', tgname, tgenabled), ',' ORDER BY tgname)) FROM pg_trigger
        WHERE NOT tgisinternal),
    (SELECT md5(string_agg(conname, ',' ORDER BY conname)) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace),
    (SELECT count(*) FROM pg_proc), (SELECT count(*) FROM pg_namespace),
    (SELECT count(*) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
        WHERE d.datname = current_database()))"""
_CUT_OFF = """SELECT bool_and(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
# As a replica, so that no trigger of a table that only grows refuses it.
_EMPTY = """
SET session_replication_role = replica;
DO $$
DECLARE
    one regclass;
    filled boolean;
    found text[] := '{}';
BEGIN
    FOR one IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', one) INTO filled;
        IF filled THEN
            found := found || one::text;
        END IF;
    END LOOP;
    IF cardinality(found) > 0 THEN
        EXECUTE format('TRUNCATE %s RESTART IDENTITY CASCADE', array_to_string(found, ', '));
    END IF;
    PERFORM setval(format('%I.%I', schemaname, sequencename), 1, false) FROM pg_sequences WHERE last_value IS NOT NULL;
END $$
"""


async def sqlite_copy(path: Path, make: Make) -> None:
    """Put an empty SQLite database at `path` (whose folder may be missing), as `make` makes it."""
    if make not in _files:
        with tempfile.TemporaryDirectory() as folder:
            original = Path(folder) / "lectern.db"
            database = await Database.open(f"sqlite+aiosqlite:///{original}")
            await make(database)
            await database.close()
            _files[make] = await asyncio.to_thread(original.read_bytes)
    await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
    await asyncio.to_thread(path.write_bytes, _files[make])


def take(server: str) -> str | None:
    """The URL (``postgresql://…``) of an empty database on `server` that nobody uses, if there is one."""
    free = _free.get(server)
    return free.pop() if free else None


async def remember(server: str, url: str) -> None:
    """Note how the database at `url` on `server` looks, whose tables have just been made; none that looks otherwise is
    used again."""
    connection = await _connected(url)
    try:
        _shapes[server] = await connection.fetchval(_SHAPE)
    finally:
        await connection.close()


async def give_back(server: str, url: str) -> bool:
    """Empty the database at `url` on `server`, cutting off whoever is connected, and keep it for `take`; False if
    something was done to it that emptying does not undo."""
    connection = await _connected(url)
    try:
        await connection.fetchval(_CUT_OFF)
        if await connection.fetchval(_SHAPE) != _shapes[server]:
            return False
        await connection.execute(_EMPTY)
    finally:
        await connection.close()
    _free.setdefault(server, []).append(url)
    return True


async def _connected(url: str) -> Any:
    import asyncpg

    return await asyncpg.connect(url)
