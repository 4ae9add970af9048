"""Processes under test: started, listened to, asked for the CPU and memory they used, and ended."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp

HOST = "127.0.0.1"
_STARTING = 60.0  # seconds
ROOT = Path(__file__).parent.parent
_TICKS = os.sysconf("SC_CLK_TCK")


def environment(**changes: str) -> dict[str, str]:
    """What a process is given: where programs are, and `changes`; nothing of whoever runs the benchmark."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, **changes}


@asynccontextmanager
async def python(
    module: str, *arguments: str, env: Mapping[str, str] | None = None, cwd: Path = ROOT
) -> AsyncIterator[Process]:
    """``python -m module arguments`` for as long as the block lasts; its standard error is ours."""
    given = dict(env if env is not None else environment())
    given.setdefault("PYTHONPATH", str(ROOT))
    async with program(sys.executable, "-m", module, *arguments, env=given, cwd=cwd) as process:
        yield process


@asynccontextmanager
async def program(*command: str, env: Mapping[str, str], cwd: Path = ROOT) -> AsyncIterator[Process]:
    """Any program for as long as the block lasts; its standard error is ours."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, env=dict(env), cwd=cwd, limit=2**24
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), 15)
            except TimeoutError:
                process.kill()
                await process.wait()


async def line(process: Process, timeout: float = 60.0) -> str:
    """The next line that it prints. Raises RuntimeError if it has ended."""
    assert process.stdout is not None
    read = await asyncio.wait_for(process.stdout.readline(), timeout)
    if not read:
        raise RuntimeError("a process under test ended early")
    return read.decode().strip()


async def say(process: Process, words: str = "") -> None:
    """Give it a line."""
    assert process.stdin is not None
    process.stdin.write(words.encode() + b"\n")
    await process.stdin.drain()


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and its ended threads so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def cpu_seconds_of_family(pid: int) -> float:
    """The same of a process and its children, those that have ended among them."""
    used = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended just now
            fields = stat.read_text().rpartition(")")[2].split()
            if pid in (int(stat.parent.name), int(fields[1])):
                used += sum(int(ticks) for ticks in fields[11:15])
    return used / _TICKS


def resident_megabytes(pid: int) -> float:
    """Memory of a process that is in RAM (VmRSS)."""
    for row in Path(f"/proc/{pid}/status").read_text().splitlines():
        if row.startswith("VmRSS:"):
            return int(row.split()[1]) / 1024
    raise RuntimeError("no VmRSS")


def mapped(pid: int, part: str) -> bool:
    """Whether a file with `part` in its path is loaded into the process."""
    return part in Path(f"/proc/{pid}/maps").read_text()


__all__ = [
    "DEVNULL",
    "ROOT",
    "cpu_seconds",
    "cpu_seconds_of_family",
    "environment",
    "line",
    "mapped",
    "program",
    "python",
    "resident_megabytes",
    "say",
]


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as listening:
        listening.bind((HOST, 0))
        port: int = listening.getsockname()[1]
        return port


async def ready(port: int) -> None:
    """Wait until the sidecar on that port says that it serves people. Raises TimeoutError after a minute."""
    async with asyncio.timeout(_STARTING), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"http://{HOST}:{port}/health/ready") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.05)
