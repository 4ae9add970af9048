"""The fence: a worker that was given up for dead while it slept writes nothing when it wakes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from storage.errors import StorageError
from storage.writer import Statement

# Whoever gives a worker up for dead deletes its row, and waits for every transaction that has passed here.
_SQL = "SELECT 1 FROM worker WHERE name = :name FOR KEY SHARE"
ALIVE = Statement(_SQL)
_ALIVE = text(_SQL)


@dataclass(slots=True)
class Fence:
    """What every write transaction of this process has to pass, on a database that several processes share. `name` is
    the worker as which it writes; None: it does no work, and nothing is asked."""

    name: str | None = None

    async def pass_through(self, session: AsyncSession) -> None:
        """Hold the worker's row until the transaction ends. Raises StorageError (``fenced``) if it is not there."""
        if self.name is not None and (await session.execute(_ALIVE, {"name": self.name})).first() is None:
            raise self.closed()

    def closed(self) -> StorageError:
        """The error for a worker that is not counted among the living any more."""
        return StorageError("fenced", "this worker slept too long, and others do its work now")
