"""The commands as an operator types them."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.kit.process import ROOT, BotProcess


async def typed(folder: Path, *arguments: str, **environ: str) -> tuple[int, str]:
    """`python -m bot` with `arguments` in `folder`: its exit status and what it said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATA_DIR": str(folder / "data"), **environ},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode().strip()


async def test_backup_and_restore_say_one_sentence_each(tmp_path: Path, free_port: int) -> None:
    bot = BotProcess(tmp_path, {"HTTP_PORT": str(free_port)})
    assert await typed(tmp_path, "backup", "copy.db") == (1, f"There is no file {tmp_path}/data/lectern.db.")
    await bot.start()
    try:
        status, said = await typed(tmp_path, "backup", "copy.db")
        assert (status, said.startswith("Backed up to copy.db ("), said.count("\n")) == (0, True, 0)
        assert await typed(tmp_path, "backup", "copy.db") == (1, "There is a file copy.db already; name another one.")
        status, said = await typed(tmp_path, "restore", "copy.db")
        assert (status, said) == (1, "A Lectern is running on this database; stop it, then restore.")
    finally:
        await bot.kill()
    status, said = await typed(tmp_path, "restore", "copy.db")
    assert (status, said.startswith("Restored from copy.db; what was there before is kept as ")) == (0, True)
    assert len(list(tmp_path.joinpath("data").glob("lectern.db.before-*"))) == 1
    with closing(sqlite3.connect(tmp_path / "data" / "lectern.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("command", ["backup", "restore"])
async def test_postgresql_has_its_own_tools(tmp_path: Path, command: str) -> None:
    (tmp_path / "copy.db").touch() if command == "restore" else None
    server = {"DATABASE_URL": "postgresql+asyncpg://me:word@localhost/lectern", "JWT_SECRET": "s" * 40}
    status, said = await typed(tmp_path, command, "copy.db", **server)
    assert (status, "PostgreSQL" in said, "docs/deploy.md" in said, "word" in said) == (1, True, True, False)


@pytest.mark.parametrize("arguments", [["backup"], ["restore"], ["backup", "a", "b"], ["health", "a"], ["what"]])
async def test_a_wrong_command_shows_how_it_is_used(tmp_path: Path, arguments: list[str]) -> None:
    status, said = await typed(tmp_path, *arguments)
    assert (status, said) == (2, "usage: python -m bot [run | health | backup FILE | restore FILE]")
