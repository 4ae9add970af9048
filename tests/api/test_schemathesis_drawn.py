"""Calls drawn from the description, good ones and bad ones, on both databases."""

from __future__ import annotations

from pathlib import Path

from storage.database import Database
from tests.api.fuzzed import find_nothing
from tests.kit.database import database, postgres

__all__ = ["database", "postgres"]


async def test_twenty_calls_of_each_operation(database: Database, tmp_path: Path) -> None:
    await find_nothing(database, tmp_path, "fuzzing", "--exclude-tag=auth")
