"""Bringing a database up to what this program expects, in one transaction: it happens whole or not at all."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from storage.database import Database
from storage.errors import StorageError, worded

LOCK = 7_203_004  # any number: PostgreSQL's advisory lock that lets one worker migrate at a time
log = logging.getLogger(__name__)


async def migrate(database: Database) -> None:
    """Run every migration that is missing. Raises StorageError("newer") for a database made by a newer program, and
    what the migration raised if one failed; the database is then as it was."""
    try:
        async with database.engine.begin() as connection:
            if database.dialect == "postgresql":
                await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            await connection.run_sync(_upgrade)
    except DBAPIError as error:
        raise worded(error) or error from error


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    script = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    known = {revision.revision for revision in script.walk_revisions()}
    if current is not None and current not in known:
        raise StorageError("newer", f"revision {current}")
    if current != script.get_current_head():
        log.info("bringing the database from %s to %s", current or "empty", script.get_current_head())
        command.upgrade(config, "head")
