"""Tables that only ever grow: the database itself refuses to change, replace or remove a row, whoever asks it to.

The triggers are made with the table (`keep_rows`), and by the migration for a database that has the table already. On
SQLite they go when a migration makes the table anew (`batch_alter_table`): such a migration has to make them again.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table, event

_SQLITE = """
CREATE TRIGGER {table}_kept_{name} BEFORE {act} ON {table} {when}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
# INSERT OR REPLACE takes a row away without asking the trigger of DELETE, so it is met where it begins.
_REPLACED = "WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
_FUNCTION = """
CREATE OR REPLACE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$
"""
_POSTGRES = """
CREATE TRIGGER {table}_kept_{name} BEFORE {act} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_kept()
"""
_ACTS = {"change": "UPDATE", "removal": "DELETE"}


def statements_that_keep(table: str, dialect: str) -> tuple[str, ...]:
    """The SQL, one statement each, after which no row of `table` (whose key is ``id``) can be changed, replaced or
    removed; `dialect` is ``sqlite`` or ``postgresql``. Adding rows, and dropping the table, go on as before."""
    if dialect == "sqlite":
        made = [_SQLITE.format(table=table, name=name, act=act, when="") for name, act in _ACTS.items()]
        made.append(_SQLITE.format(table=table, name="place", act="INSERT", when=_REPLACED.format(table=table)))
    else:
        made = [_FUNCTION.format(table=table)]
        acts = {**_ACTS, "whole": "TRUNCATE"}
        made += [_POSTGRES.format(table=table, name=name, act=act) for name, act in acts.items()]
    return tuple(" ".join(one.split()) for one in made)


def statements_that_let_go(table: str, dialect: str) -> tuple[str, ...]:
    """The SQL that undoes `statements_that_keep`, for a migration that has to make the table anew."""
    if dialect == "sqlite":
        return tuple(f"DROP TRIGGER {table}_kept_{name}" for name in (*_ACTS, "place"))
    return (f"DROP FUNCTION {table}_kept() CASCADE",)


def keep_rows(table: Table) -> None:
    """Have the triggers made whenever the table is."""

    def made(target: Table, connection: Connection, **_: Any) -> None:
        for statement in statements_that_keep(target.name, connection.dialect.name):
            connection.exec_driver_sql(statement)

    def dropped(target: Table, connection: Connection, **_: Any) -> None:
        if connection.dialect.name == "postgresql":  # a function outlives the table it was made for
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {target.name}_kept()")

    event.listen(table, "after_create", made)
    event.listen(table, "after_drop", dropped)
