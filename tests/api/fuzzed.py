"""schemathesis against the whole running sidecar: what it is told, where it is sent, and what it says then."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from storage.database import Database
from tests.api import checks
from tests.api.things import thing
from tests.api.whole import whole

ROOT = Path(__file__).parents[2]
SEED = 20261123
LONGEST = 3600  # seconds: a soak beside other work


async def find_nothing(
    database: Database, folder: Path, phases: str, *only: str, examples: int = 20, seed: int = SEED
) -> None:
    """Fails with all that schemathesis found and says. `only` are its options that choose operations."""
    async with whole(database) as web:
        await web.house.jobs.start()
        admin = await web.person("admin")
        # So that the smallest id, which is drawn often, is somebody's; once published, once the caller's own.
        await thing(web, "course", await web.person(), published=True)
        for kind in ("course", "generation", "document"):
            await thing(web, kind, admin)
        try:
            await _run(
                folder,
                f"http://127.0.0.1:{web.client.port}/api/v1/openapi.json",
                "--header=Authorization: Bearer " + web.tokens[admin],
                f"--phases={phases}",
                f"--max-examples={examples}",
                f"--seed={seed}",
                *only,
            )
            if "--exclude-tag=auth" in only:
                await web.good(admin, "GET", "/auth/me")  # they were signed in to the end: it was not all refused
        finally:
            await web.house.jobs.stop(0)


async def _run(folder: Path, *options: str) -> None:
    # Its own check of good data knows schemas only; ours (in `checks`) knows the rest.
    which = ["--checks=all", "--exclude-checks=positive_data_acceptance", "--continue-on-failure"]
    quiet = ["--no-color", "--warnings=off", "--generation-database=none"]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "schemathesis.cli",
        "run",
        *options,
        *which,
        *quiet,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": checks.__name__},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), LONGEST)
    except TimeoutError:
        process.kill()
        raise
    text = said.decode(errors="replace")
    assert "Test cases:" in text, text[-4000:]  # it did run
    if process.returncode != 0:
        pytest.fail(text[-12_000:], pytrace=False)
