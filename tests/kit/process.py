"""The bot as a process of its own, which a test may kill at any instant and start again."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CHILDS_PATH = f"{ROOT / 'tests' / 'kit' / 'child'}{os.pathsep}{ROOT}"  # with the kill switches on
PATIENCE = 60.0  # seconds that a start may take on a machine that is busy with other tests
_READY = "Lectern is ready"
_ADDRESS = re.compile(r"http://[0-9.]+:\d+")
_LINES_KEPT = 60


class BotProcess:
    """``python -m bot`` (or another `module`) on the data folder `folder`, with the settings `environ` and no others:
    none of the machine's reach it. `lives` counts how often it was started, `address` is where its sidecar listens."""

    def __init__(self, folder: Path, environ: Mapping[str, str], *, module: str = "bot") -> None:
        self.folder = folder
        self._module = module
        self.lives = 0
        self.address = ""
        self._environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": CHILDS_PATH,
            "DATA_DIR": str(folder / "data"),
            "HTTP_PORT": "0",
            **environ,
        }
        self._process: asyncio.subprocess.Process | None = None
        self._listener: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._lines: deque[str] = deque(maxlen=_LINES_KEPT)

    @property
    def database(self) -> Path:
        """The file of its database."""
        return self.folder / "data" / "lectern.db"

    @property
    def said(self) -> str:
        """Its last lines of log, of this life and of those before."""
        return "\n".join(self._lines)

    async def launch(self) -> None:
        """Start it, without waiting for anything. It and whatever it starts are a process group of their own."""
        self._ready = asyncio.Event()
        self.lives += 1
        self._lines.append(f"--- life {self.lives}")
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", self._module),
            cwd=self.folder,
            env=self._environ,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        self._listener = asyncio.create_task(self._listen(self._process))

    async def ready(self) -> None:
        """Wait until it takes updates. Raises AssertionError if it ends before, or takes too long."""
        assert self._listener is not None
        ready = asyncio.create_task(self._ready.wait())
        await asyncio.wait({ready, self._listener}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        assert self._ready.is_set(), f"the bot did not start:\n{self.said}"

    async def start(self) -> None:
        """Start it and wait until it takes updates."""
        await self.launch()
        await self.ready()

    @property
    def pid(self) -> int:
        """Its number while it runs."""
        assert self._process is not None
        return self._process.pid

    def freeze(self) -> None:
        """SIGSTOP: it sleeps, and does not know."""
        os.killpg(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT: it goes on as if nothing had been."""
        os.killpg(self.pid, signal.SIGCONT)

    async def kill(self) -> None:
        """SIGKILL to the whole group: nothing of it runs any more when this returns."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._over()

    async def stop(self) -> int:
        """SIGTERM, as a host stops it; returns the exit status."""
        assert self._process is not None
        self._process.terminate()
        status = await asyncio.wait_for(self._process.wait(), PATIENCE)
        await self._over()
        return status

    async def _over(self) -> None:
        assert self._process is not None
        assert self._listener is not None
        await asyncio.wait_for(self._process.wait(), PATIENCE)
        await asyncio.wait({self._listener}, timeout=PATIENCE)
        self._process = None

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self._lines.append(line.decode("utf-8", "replace").rstrip())
            if _READY in self._lines[-1]:
                found = _ADDRESS.search(self._lines[-1])
                self.address = found[0] if found else ""
                self._ready.set()
