"""Chains of calls, each on what the one before answered; and everything for hours, so to speak."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from storage.database import Database
from tests.api.fuzzed import find_nothing
from tests.kit.database import database, postgres, sqlite

__all__ = ["database", "postgres", "sqlite"]
ALL = "examples,coverage,fuzzing,stateful"


async def test_calls_that_follow_from_calls(sqlite: Database, tmp_path: Path) -> None:
    await find_nothing(sqlite, tmp_path, "stateful", "--exclude-tag=auth", examples=5)


@pytest.mark.soak
@pytest.mark.parametrize("which", ["--exclude-tag=auth", "--include-tag=auth"])
async def test_three_hundred_calls_of_each_operation(database: Database, tmp_path: Path, which: str) -> None:
    """Other ones each time; what is found is said with its seed."""
    seed = secrets.randbelow(2**31)
    await find_nothing(database, tmp_path, ALL, which, examples=300, seed=seed)
