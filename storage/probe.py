"""Asking the database whether it works, for real."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from storage.database import Database
from storage.errors import StorageError
from storage.models import Work
from storage.models.base import from_ms

NEVER = from_ms(0)
LEAST_FREE = 1024 * 1024  # bytes on SQLite's disk below which the next write may be the one that does not fit


class _Undo(Exception):
    """Ends the transaction of the probe without a commit."""


async def probe(database: Database) -> None:
    """Read, and write a row that is taken back again; on SQLite that needs no room yet, so the disk is asked too.
    Raises StorageError if anything does not work."""
    try:
        async with database.reading() as session:
            await session.execute(text("SELECT 1"))
            await session.scalar(select(Work.id).limit(1))
        async with database.transaction() as session:
            session.add(
                Work(kind="probe", lane="probe", key="probe", payload={}, state="done", due=NEVER, created_at=NEVER)
            )
            await session.flush()
            raise _Undo
    except _Undo:
        await _room(database)
    except (SQLAlchemyError, OSError) as error:
        raise StorageError("unusable", str(error)[:200]) from error


async def _room(database: Database) -> None:
    path = database.engine.url.database
    if database.dialect == "sqlite" and path is not None:
        disk = await asyncio.to_thread(os.statvfs, Path(path).parent)
        if disk.f_bavail * disk.f_frsize < LEAST_FREE:
            raise StorageError("full", f"{disk.f_bavail * disk.f_frsize} bytes are free on the database's disk")
