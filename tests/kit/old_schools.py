"""Databases as older versions of the program left them, with rows in every table, whatever tables there are."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, ForeignKeyConstraint, MetaData, String, Table, select

from storage.database import Database
from storage.migrate import SCRIPTS, migrate, revisions

ROWS = 3  # in every table
Dump = dict[str, list[tuple[Any, ...]]]


def until(folder: Path, revision: str) -> Path:
    """The migrations up to `revision`, in a folder of their own."""
    scripts = folder / f"migrations_{revision}"
    shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (scripts / "versions").glob("[0-9]*.py"):
        if path.name[: len(revision)] > revision:
            path.unlink()
    return scripts


async def grow(database: Database, folder: Path, revision: str) -> None:
    """Bring an empty database to `revision` one migration at a time, and after each give every empty table rows."""
    for step in [one for one in revisions() if one <= revision]:
        await migrate(database, until(folder, step))
        async with database.engine.begin() as connection:
            await connection.run_sync(_fill)


async def dump(database: Database) -> Dump:
    """Every table's columns (as the first row) and rows, in order."""

    def read(connection: Connection) -> Dump:
        found: Dump = {}
        for table in _tables(connection):
            rows = [tuple(row) for row in connection.execute(select(table))]
            found[table.name] = [tuple(table.columns.keys()), *sorted(rows, key=repr)]
        return found

    async with database.engine.connect() as connection:
        return await connection.run_sync(read)


def _tables(connection: Connection) -> list[Table]:
    known = MetaData()
    known.reflect(connection)
    return known.sorted_tables


def _fill(connection: Connection) -> None:
    for table in _tables(connection):
        if table.name != "alembic_version" and connection.execute(select(table).limit(1)).first() is None:
            connection.execute(table.insert(), [_row(table, number) for number in range(1, ROWS + 1)])


def _row(table: Table, number: int) -> dict[str, Any]:
    """Row `number`: whatever refers to another table refers to its row of the same number."""
    row: dict[str, Any] = {}
    for column in table.columns:
        if isinstance(column.type, String):
            row[column.name] = json.dumps(f"{table.name} {column.name} {number}")  # JSON too, where that is wanted
        elif column.type.python_type is bytes:
            row[column.name] = bytes([number])
        elif column.type.python_type is bool:
            row[column.name] = number % 2 == 1
        else:
            row[column.name] = number
    for constraint in table.constraints:
        if isinstance(constraint, ForeignKeyConstraint):
            for element in constraint.elements:
                row[element.parent.name] = _row(element.column.table, number)[element.column.name]
    return row
