"""Workers of the version before go on while a new one has brought the database up to date: see docs/deploy.md."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect

from storage.database import Database
from storage.migrate import migrate, revisions
from tests.kit.old_schools import grow, until

Shape = dict[str, dict[str, bool]]  # table → column → whether a row may leave it out


def _shape(connection: Connection) -> Shape:
    look = inspect(connection)
    return {
        table: {
            column["name"]: bool(column["nullable"] or column["default"] is not None or column.get("primary_key"))
            for column in look.get_columns(table)
        }
        for table in look.get_table_names()
    }


async def _look(database: Database) -> Shape:
    async with database.engine.connect() as connection:
        return await connection.run_sync(_shape)


@pytest.mark.parametrize(("old", "new"), list(zip(revisions(), revisions()[1:], strict=False)))
async def test_a_migration_takes_nothing_away_and_asks_nothing_new_of_old_statements(
    tmp_path: Path, old: str, new: str
) -> None:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'lectern.db'}")
    try:
        await grow(database, tmp_path, old)
        before = await _look(database)
        await migrate(database, until(tmp_path, new))
        after = await _look(database)
    finally:
        await database.close()
    for table, columns in before.items():
        for column, optional in columns.items():
            assert column in after.get(table, {}), f"{table}.{column} is gone"
            assert after[table][column] or not optional, f"{table}.{column} has to be given now"
        for column in after[table].keys() - columns.keys():
            assert after[table][column], f"{table}.{column} is new and has to be given"
