"""Every operation at its edges (each bound, each missing and each wrong field), on SQLite; and signing in and out."""

from __future__ import annotations

from pathlib import Path

from storage.database import Database
from tests.api.fuzzed import find_nothing
from tests.kit.database import postgres, sqlite

__all__ = ["postgres", "sqlite"]


async def test_at_the_edges_of_what_is_described(sqlite: Database, tmp_path: Path) -> None:
    await find_nothing(sqlite, tmp_path, "examples,coverage", "--exclude-tag=auth")


async def test_signing_in_and_out(sqlite: Database, tmp_path: Path) -> None:
    """By themselves: whoever signs out is out for the rest of it."""
    await find_nothing(sqlite, tmp_path, "examples,coverage,fuzzing", "--include-tag=auth")
