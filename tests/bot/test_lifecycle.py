"""The program as an operator sees it: `python -m bot` in a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sqlite3
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.localchat.people import LEARNER, TOKEN
from handlers.chat.transport import GATEWAY_AGAIN
from tests.kit.process import CHILDS_PATH
from tests.kit.telegram_server import BadGateway, Hang, telegram_server

ROOT = Path(__file__).parents[2]
READY = "Lectern is ready"


@dataclass
class Program:
    """A running `python -m bot`; `lines` is what it has said."""

    process: asyncio.subprocess.Process
    port: int
    lines: list[str] = field(default_factory=list)
    reader: asyncio.Task[None] | None = None

    async def read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.lines.append(line.decode())

    async def says(self, words: str, seconds: float = 30) -> None:
        async with asyncio.timeout(seconds):
            while words not in self.text:
                if self.process.returncode is not None:
                    raise AssertionError(f"it ended with {self.process.returncode}: {self.text}")
                await asyncio.sleep(0.02)

    async def ended(self, seconds: float = 20) -> int:
        code = await asyncio.wait_for(self.process.wait(), seconds)
        if self.reader is not None:
            await self.reader
        return code

    async def stop(self, name: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Exit status, and seconds from the signal to the end."""
        begun = time.monotonic()
        self.process.send_signal(name)
        return await self.ended(), time.monotonic() - begun

    async def get(self, path: str) -> tuple[int, dict[str, Any]]:
        return await asyncio.to_thread(fetch, f"http://127.0.0.1:{self.port}{path}")

    async def lives(self) -> None:
        """Wait until it answers at all."""
        for _ in range(400):
            with suppress(OSError):
                if (await self.get("/health/live"))[0] == 200:
                    return
            await asyncio.sleep(0.05)
        raise AssertionError(f"nobody answers: {self.text}")

    async def healthy(self) -> dict[str, Any]:
        """What /health says once it says healthy, which it must within a few seconds."""
        for _ in range(20):
            status, body = await self.get("/health")
            if (status, body["status"]) == (200, "healthy"):
                return body
            await asyncio.sleep(0.25)
        raise AssertionError(f"not healthy: {body}")

    @property
    def text(self) -> str:
        return "".join(self.lines)


def fetch(url: str) -> tuple[int, dict[str, Any]]:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


@asynccontextmanager
async def started(folder: Path, port: int, *arguments: str, **environ: str) -> AsyncIterator[Program]:
    """`python -m bot` on the data folder `folder` with nothing of our own environment; killed at the end."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": CHILDS_PATH,
        "PYTHONDONTWRITEBYTECODE": "1",
        "DATA_DIR": str(folder / "data"),
        "HTTP_PORT": str(port),
    } | environ
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, cwd=folder, env=environment,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    program = Program(process, port)
    program.reader = asyncio.create_task(program.read())
    try:
        yield program
    finally:
        if process.returncode is None:
            process.kill()
        with suppress(TimeoutError):
            await program.ended()


async def refused(folder: Path, port: int, **environ: str) -> str:
    """The one sentence with which it does not start."""
    async with started(folder, port, **environ) as program:
        assert await program.ended() == 1, program.text
    assert "Traceback" not in program.text
    said = [line for line in program.lines if line.strip()]
    return said[-1]


def database_of(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / "data" / "lectern.db", isolation_level=None)


async def test_up_healthy_down_and_up_again(tmp_path: Path, free_port: int) -> None:
    async with started(tmp_path, free_port) as program:
        await program.says(READY)
        assert f"http://127.0.0.1:{free_port}" in program.text
        health = await program.healthy()
        assert set(health["checks"]) == {"database", "work", "telegram", "author", "cache", "mail"}
        assert (await program.get("/health/ready"))[0] == 200
        async with started(tmp_path, free_port, "health") as asking:
            assert await asking.ended() == 0
        code, seconds = await program.stop()
        assert (code, seconds < 8) == (0, True)
        assert "Traceback" not in program.text
        assert "ERROR" not in program.text
    begun = time.monotonic()
    async with started(tmp_path, free_port) as again:
        await again.says(READY)
        assert time.monotonic() - begun < 8  # a moment on an idle machine; this one may be busy
        code, _ = await again.stop(signal.SIGINT)
        assert code == 0
    async with started(tmp_path, free_port, "health") as asking:
        assert await asking.ended() == 1
        assert "Not ready" in asking.text


async def test_a_second_one_on_the_same_data_is_told_so(tmp_path: Path, free_port: int) -> None:
    async with started(tmp_path, free_port) as program:
        await program.says(READY)
        assert "Another Lectern" in await refused(tmp_path, free_port + 1)
        assert (await program.stop())[0] == 0


async def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        sentence = await refused(tmp_path, port)
    assert f"HTTP_PORT {port}" in sentence
    assert "free" in sentence


async def test_a_wrong_setting(tmp_path: Path, free_port: int) -> None:
    assert "ACCESS" in await refused(tmp_path, free_port, ACCESS="everybody")
    assert "HTTP_PORT" in await refused(tmp_path, free_port, HTTP_PORT="many")


async def test_a_wrong_command(tmp_path: Path, free_port: int) -> None:
    async with started(tmp_path, free_port, "dance") as program:
        assert await program.ended() == 2
        assert "usage" in program.text


async def test_databases_that_stand_in_the_way(tmp_path: Path, free_port: int) -> None:
    async with started(tmp_path, free_port) as program:
        await program.says(READY)
        assert (await program.stop())[0] == 0
    other = database_of(tmp_path)
    other.execute("BEGIN IMMEDIATE")
    assert "held by another program" in await refused(tmp_path, free_port)
    other.execute("ROLLBACK")
    other.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "newer Lectern" in await refused(tmp_path, free_port)
    other.close()
    broken = tmp_path / "broken"
    (broken / "data").mkdir(parents=True)
    (broken / "data" / "lectern.db").write_bytes(b"this is not a database" * 500)
    assert "cannot be used" in await refused(broken, free_port)


async def test_a_data_folder_that_cannot_be_written(tmp_path: Path, free_port: int) -> None:
    closed = "/proc/lectern"  # where not even root can make a folder
    if os.geteuid() != 0:
        (tmp_path / "closed").mkdir(mode=0o555)
        closed = str(tmp_path / "closed" / "data")
    assert "cannot be written" in await refused(tmp_path, free_port, DATA_DIR=closed)


async def test_a_database_file_that_cannot_be_written(tmp_path: Path, free_port: int) -> None:
    if os.geteuid() == 0:
        pytest.skip("NOT TESTED WITH A READ-ONLY FILE: root writes to those all the same")
    async with started(tmp_path, free_port) as program:
        await program.says(READY)
        await program.stop()
    (tmp_path / "data" / "lectern.db").chmod(0o444)
    assert "cannot be written" in await refused(tmp_path, free_port)


async def test_a_database_server_that_is_not_there(tmp_path: Path, free_port: int) -> None:
    url = f"postgresql+asyncpg://nobody:secret-word@127.0.0.1:{free_port}/nothing"
    sentence = await refused(tmp_path, free_port, DATABASE_URL=url, JWT_SECRET="j" * 32)
    assert "cannot be reached" in sentence
    assert "secret-word" not in sentence


async def test_on_telegram_it_waits_for_telegram_and_serves(tmp_path: Path, free_port: int) -> None:
    async with telegram_server() as server:
        server.fault("getMe", BadGateway(), times=1 + len(GATEWAY_AGAIN))
        async with started(tmp_path, free_port, TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=server.url) as program:
            await program.says("cannot be reached")
            await program.says("@lectern_local_bot")
            await server.engine.person(LEARNER.id).send_text("/help")
            await server.until(lambda s: bool(s.of("sendmessage", "sendMessage")), timeout=30)
            await program.healthy()
            code, seconds = await program.stop()
            assert (code, seconds < 8) == (0, True)
            assert TOKEN not in program.text
            assert "Unclosed" not in program.text


async def test_stopped_while_telegram_is_away(tmp_path: Path, free_port: int) -> None:
    async with telegram_server() as server:
        server.fault("getMe", Hang(60, delivered=False), times=99)
        async with started(tmp_path, free_port, TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=server.url) as program:
            await program.lives()
            assert (await program.get("/health/ready"))[0] == 503
            code, seconds = await program.stop()
            assert (code, seconds < 4) == (0, True)
            assert "Unclosed" not in program.text
            assert "Traceback" not in program.text


async def test_a_token_that_telegram_refuses(tmp_path: Path, free_port: int) -> None:
    token = "123456789:" + "x" * 35
    async with telegram_server() as server:
        sentence = await refused(tmp_path, free_port, TELEGRAM_BOT_TOKEN=token, TELEGRAM_API_URL=server.url)
    assert "TELEGRAM_BOT_TOKEN was refused" in sentence
    assert token not in sentence


async def test_killed_at_once_it_starts_again_on_what_is_there(tmp_path: Path, free_port: int) -> None:
    for delay in (0.3, 0.9, 1.5):
        async with started(tmp_path, free_port) as program:
            await asyncio.sleep(delay)
            program.process.kill()
            await program.ended()
    async with started(tmp_path, free_port) as program:
        await program.says(READY)
        await program.healthy()
        assert (await program.stop())[0] == 0


async def test_in_webhook_mode_telegram_is_told_where_to_post_and_what_it_posts_is_answered(
    tmp_path: Path, free_port: int
) -> None:
    async with telegram_server() as server:
        environ = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": server.url,
            "TELEGRAM_MODE": "webhook",
            "TELEGRAM_WEBHOOK_SECRET": "a-Secret_1",
            "PUBLIC_URL": "https://learn.example",
        }
        async with started(tmp_path, free_port, **environ) as program:
            await program.says("Telegram posts updates to https://learn.example/telegram/webhook")
            (told,) = server.of("setWebhook")
            assert told.params["secret_token"] == "a-Secret_1"
            who = {"id": LEARNER.id, "is_bot": False, "first_name": "Lena", "language_code": "en"}
            chat = {"id": LEARNER.id, "type": "private"}
            entities = [{"type": "bot_command", "offset": 0, "length": 5}]
            message = {"message_id": 5, "date": 1, "chat": chat, "from": who, "text": "/help", "entities": entities}
            posted = await asyncio.to_thread(
                post, f"http://127.0.0.1:{free_port}/telegram/webhook", {"update_id": 17, "message": message}
            )
            assert posted == 200
            async with asyncio.timeout(15):
                while not server.of("sendMessage"):  # noqa: ASYNC110 - a list rings no bell
                    await asyncio.sleep(0.02)
            assert server.of("getUpdates") == []
            await program.healthy()
            assert (await program.stop())[0] == 0
            assert "a-Secret_1" not in program.text


def post(url: str, body: dict[str, Any]) -> int:
    """As Telegram does it."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": "a-Secret_1", "Content-Type": "application/json"}
    asked = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(asked, timeout=10) as answer:
        return int(answer.status)
