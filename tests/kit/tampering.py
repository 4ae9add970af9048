"""What somebody with the whole database in their hands can do to the activity log, though the database refuses it."""

from __future__ import annotations

from sqlalchemy import text

from storage.database import Database
from storage.models.append_only import statements_that_let_go


async def tamper(database: Database, *statements: str) -> None:
    """Take the triggers away, then run the statements, all in one transaction."""
    async with database.transaction() as session:
        for statement in (*statements_that_let_go("activity_entry", database.dialect), *statements):
            await session.execute(text(statement))
