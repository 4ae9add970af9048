"""Asking the database whether it works, for real."""

from __future__ import annotations

from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from storage.database import Database
from storage.errors import StorageError
from storage.models import Work
from storage.models.base import from_ms

NEVER = from_ms(0)


class _Undo(Exception):
    """Ends the transaction of the probe without a commit."""


async def probe(database: Database) -> None:
    """Read, and write a row that is taken back again. Raises StorageError if either does not work."""
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
        return
    except (SQLAlchemyError, OSError) as error:
        raise StorageError("unusable", str(error)[:200]) from error
