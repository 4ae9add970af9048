"""The second start to a page that answers, and what an idle Lectern holds in memory."""

from __future__ import annotations

import asyncio
import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

from benchmarks.processes import ROOT, environment, free_port, mapped, python, resident_megabytes
from benchmarks.table import Line

ROUNDS = 3
IDLE = 5.0  # seconds after the start
SDK_PART = "jiter"  # compiled, loaded by each of the models' SDKs and by nothing else here
ALWAYS = "pydantic_core"  # compiled and always loaded: shows that the look finds things


async def lines(folder: Path, say: Callable[[str], None]) -> list[Line]:
    """The promises about starting. Takes half a minute."""
    say("starts")
    data = folder / "starting"
    async with _made_to_run(data):  # the first start sets everything up
        pass
    seconds: list[float] = []
    for _ in range(ROUNDS):
        async with _made_to_run(data) as took:
            seconds.append(took)
    megabytes, sdk = await _idle(data)
    told = ", ".join(f"{one:.1f}" for one in seconds)
    return [
        Line("make run, second time, to a page that answers", median(seconds), 3.0, f"{told} s", "s"),
        Line("idle memory without a model key", megabytes, 110.0, f"{IDLE:.0f} s after the start", "MB"),
        Line("SDKs of models in an idle process", float(sdk), 0.0, f"looked for {SDK_PART} in its memory", ""),
    ]


@asynccontextmanager
async def _made_to_run(data: Path) -> AsyncIterator[float]:
    """``make run`` for as long as the block lasts; gives the seconds until its page answered."""
    port = free_port()
    begun = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *("make", "--silent", "run"),
        env=environment(DATA_DIR=str(data), HTTP_PORT=str(port), LOG_LEVEL="WARNING"),
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        await _until_it_answers(port)
        yield time.monotonic() - begun
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        await process.wait()


async def _idle(data: Path) -> tuple[float, bool]:
    """Memory in MB, and whether an SDK is loaded, of a process that sees only what the product installs."""
    port = free_port()
    env = environment(DATA_DIR=str(data), HTTP_PORT=str(port), LOG_LEVEL="WARNING")
    async with python("benchmarks.as_installed", env=env) as process:
        await _until_it_answers(port)
        await asyncio.sleep(IDLE)
        assert mapped(process.pid, ALWAYS), "what is loaded cannot be seen"
        return resident_megabytes(process.pid), mapped(process.pid, SDK_PART)


async def _until_it_answers(port: int) -> None:
    for _ in range(600):
        if await asyncio.to_thread(_answers, f"http://127.0.0.1:{port}/"):
            return
        await asyncio.sleep(0.05)
    raise TimeoutError("the page never answered")


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as page:
            return bool(page.status == 200 and page.read())
    except (OSError, urllib.error.URLError):
        return False
