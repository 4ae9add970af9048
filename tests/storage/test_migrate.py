from __future__ import annotations

import asyncio
import multiprocessing
import os
import shutil
import signal
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from storage.database import Database
from storage.errors import StorageError
from storage.migrate import SCRIPTS, migrate
from storage.models import Base
from tests.kit.database import database, postgres, sqlite
from tests.kit.school import add_course, add_learner

__all__ = ["database", "postgres", "sqlite"]

STEP = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    {body}
"""


async def emptied(database: Database) -> Database:
    """The database without the tables that the fixture made from the models."""
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.drop_all)
    return database


async def tables(database: Database) -> set[str]:
    def names(connection: Connection) -> set[str]:
        return set(MigrationContext.configure(connection).dialect.get_table_names(connection))

    async with database.engine.connect() as connection:
        return await connection.run_sync(names)


async def differences(database: Database) -> list[Any]:
    def compare(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, Base.metadata))

    async with database.engine.connect() as connection:
        return await connection.run_sync(compare)


def with_step(folder: Path, body: str) -> Path:
    """Our migrations and one more, whose upgrade is `body`."""
    scripts = folder / "migrations"
    shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    head = max(path.name[:4] for path in (scripts / "versions").glob("[0-9]*.py"))
    (scripts / "versions" / "9999_step.py").write_text(STEP.format(head=head, body=body.replace("\n", "\n    ")))
    return scripts


async def test_up_from_empty_gives_what_the_models_say(database: Database) -> None:
    await migrate(await emptied(database))
    assert await differences(database) == []


async def test_a_second_run_changes_nothing(database: Database) -> None:
    await migrate(await emptied(database))
    learner = await add_learner(database)
    course, _ = await add_course(database, learner)
    await migrate(database)
    async with database.reading() as session:
        assert (await session.execute(text("SELECT id FROM course"))).scalars().all() == [course]


async def test_a_database_of_a_newer_program_is_refused_and_left_alone(database: Database, tmp_path: Path) -> None:
    await emptied(database)
    await migrate(database, with_step(tmp_path, 'op.create_table("later", sa.Column("id", sa.Integer()))'))
    before = await tables(database)
    with pytest.raises(StorageError) as refused:
        await migrate(database)
    assert refused.value.why == "newer"
    assert await tables(database) == before


@pytest.mark.parametrize(
    "fault", ['raise ValueError("a bad day")', 'op.execute("INSERT INTO nowhere VALUES (1)")', "op.no_such_thing()"]
)
async def test_a_failing_migration_leaves_the_old_database_usable(
    database: Database, tmp_path: Path, fault: str
) -> None:
    await migrate(await emptied(database))
    learner = await add_learner(database)
    changes = 'op.create_table("half", sa.Column("id", sa.Integer()))\nop.execute("DELETE FROM learner")\n'
    with pytest.raises(StorageError) as failed:
        await migrate(database, with_step(tmp_path, changes + fault))
    assert failed.value.why == "migration"
    assert "half" not in await tables(database)
    await migrate(database)
    await add_course(database, learner)
    assert await differences(database) == []


async def test_a_failing_first_migration_leaves_nothing_behind(sqlite: Database, tmp_path: Path) -> None:
    await emptied(sqlite)
    with pytest.raises(StorageError):
        await migrate(sqlite, with_step(tmp_path, 'raise ValueError("a bad day")'))
    assert await tables(sqlite) == set()
    await migrate(sqlite)
    assert await differences(sqlite) == []


async def test_changing_a_table_keeps_what_refers_to_it(database: Database, tmp_path: Path) -> None:
    await migrate(await emptied(database))
    learner = await add_learner(database)
    _, sections = await add_course(database, learner)
    change = (
        'with op.batch_alter_table("course", recreate="auto") as batch:\n'
        '    batch.alter_column("title", existing_type=sa.Text(), type_=sa.String(200))'
    )
    await migrate(database, with_step(tmp_path, change))
    async with database.reading() as session:
        assert (await session.execute(text("SELECT COUNT(*) FROM section"))).scalar() == len(sections)


async def test_a_migration_that_breaks_references_does_not_happen(sqlite: Database, tmp_path: Path) -> None:
    await migrate(await emptied(sqlite))
    await add_course(sqlite, await add_learner(sqlite))
    with pytest.raises(StorageError) as failed:
        await migrate(sqlite, with_step(tmp_path, 'op.execute("DELETE FROM learner")'))
    assert (failed.value.why, "references" in failed.value.detail) == ("migration", True)
    async with sqlite.reading() as session:
        assert (await session.execute(text("SELECT COUNT(*) FROM learner"))).scalar() == 1


async def test_foreign_keys_are_watched_again_afterwards(sqlite: Database) -> None:
    await migrate(await emptied(sqlite))
    async with sqlite.transaction() as session:
        connection = await session.connection()
        assert (await connection.exec_driver_sql("PRAGMA foreign_keys")).scalar() == 1


def _migrate_and_hang(path: str, scripts: str) -> None:
    import asyncio

    async def run() -> None:
        await migrate(await Database.open(f"sqlite+aiosqlite:///{path}"), Path(scripts))

    asyncio.run(run())


async def test_a_migration_that_was_killed_is_run_again(tmp_path: Path) -> None:
    path, mark = tmp_path / "lectern.db", tmp_path / "mark"
    hang = f'open({str(mark)!r}, "w").close()\nimport time\ntime.sleep(60)'
    scripts = with_step(tmp_path, f'op.create_table("half", sa.Column("id", sa.Integer()))\n{hang}')
    process = multiprocessing.get_context("spawn").Process(target=_migrate_and_hang, args=(str(path), str(scripts)))
    process.start()
    deadline = time.monotonic() + 30
    while not mark.exists() and time.monotonic() < deadline:
        time.sleep(0.02)  # noqa: ASYNC251 - nothing else runs on this loop
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join(10)
    database = await Database.open(f"sqlite+aiosqlite:///{path}")
    try:
        assert await tables(database) == set()
        await migrate(database)
        assert await differences(database) == []
    finally:
        await database.close()


async def test_a_database_that_is_held_is_locked_and_not_broken(sqlite: Database) -> None:
    await emptied(sqlite)
    path = sqlite.engine.url.database
    assert path is not None
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError) as refused:
        await migrate(sqlite)
    assert refused.value.why == "locked"
    other.execute("ROLLBACK")
    other.close()
    await migrate(sqlite)


async def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    path = tmp_path / "lectern.db"
    path.write_bytes(b"this is not a database, whatever its name says" * 100)
    database = await Database.open(f"sqlite+aiosqlite:///{path}")
    try:
        with pytest.raises(StorageError) as refused:
            await migrate(database)
        assert refused.value.why == "unusable"
    finally:
        await database.close()


async def test_a_server_that_is_not_there_is_unreachable(free_port: int) -> None:
    database = await Database.open(f"postgresql+asyncpg://nobody@127.0.0.1:{free_port}/nothing")
    try:
        with pytest.raises(StorageError) as refused:
            await migrate(database)
        assert refused.value.why == "unreachable"
    finally:
        await database.close()


_SECOND_START = """
import asyncio, sys
from storage.database import Database
from storage.migrate import migrate

async def start():
    database = await Database.open(sys.argv[1])
    await migrate(database)
    await database.close()

asyncio.run(start())
print("alembic" in sys.modules)
"""


async def test_a_database_that_is_current_needs_no_alembic(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'lectern.db'}"
    found = []
    for _ in range(2):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _SECOND_START, url, stdout=asyncio.subprocess.PIPE
        )
        said, _ = await process.communicate()
        found.append(said.decode().strip())
    assert found == ["True", "False"]
