"""Bringing a database up to what this program expects, in one transaction: it happens whole or not at all."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from storage.database import Database
from storage.errors import StorageError, worded

LOCK = 7_203_004  # any number: PostgreSQL's advisory lock that lets one worker migrate at a time
SCRIPTS = Path(__file__).parent / "migrations"
log = logging.getLogger(__name__)


async def migrate(database: Database, scripts: Path = SCRIPTS) -> None:
    """Run every migration of the folder `scripts` that is missing. Raises StorageError: ``newer`` for a database made
    by a newer program, ``migration`` if one failed, what keeps the database from being used; it is then as it was."""
    try:
        async with database.engine.execution_options(migrating=True).begin() as connection:
            if database.dialect == "postgresql":
                await connection.execute(text("SET LOCAL lock_timeout = 0"))  # another worker's migration may take long
                await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            await connection.run_sync(_upgrade, scripts)
    except StorageError:
        raise
    except OSError as error:
        raise StorageError("unreachable", str(error)) from error
    except Exception as error:
        raise worded(error) or StorageError("migration", f"{type(error).__name__}: {error}"[:500]) from error
    finally:
        await database.engine.dispose()  # the connection that migrated on SQLite does not watch foreign keys


def revisions(scripts: Path = SCRIPTS) -> list[str]:
    """All revisions that the folder `scripts` knows, oldest first. The file of a migration is named by its revision."""
    return sorted(path.stem.partition("_")[0] for path in (scripts / "versions").glob("*.py"))


def _is_current(connection: Connection, scripts: Path) -> bool:
    """Whether nothing is missing, as is the rule; asked without Alembic, which would stay in memory (8 MB)."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    return (
        connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == revisions(scripts)[-1:]
    )


def _upgrade(connection: Connection, scripts: Path) -> None:
    if _is_current(connection, scripts):
        return
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(scripts))
    config.attributes["connection"] = connection
    script = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    known = {revision.revision for revision in script.walk_revisions()}
    if current is not None and current not in known:
        raise StorageError("newer", f"revision {current}")
    if current != script.get_current_head():
        log.info("bringing the database from %s to %s", current or "empty", script.get_current_head())
        command.upgrade(config, "head")
        _check_references(connection)


def _check_references(connection: Connection) -> None:
    """SQLite checks no foreign keys while it migrates (see storage.database), so all of them afterwards."""
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
        if broken:
            raise StorageError("migration", f"{len(broken)} broken references, the first in {broken[0][0]}")
