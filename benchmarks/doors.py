"""The two servers that are measured: the sidecar as it runs in the bot, and the peer in Express; people sign in."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks import peer_install
from benchmarks.processes import HOST, environment, free_port, line, program, python, ready, say
from benchmarks.school import FIRST_PERSON
from benchmarks.taps import TOKEN
from tests.kit.signing import init_data

_ENOUGH = "100000000"  # calls that one person may make: the bench makes more than a person may
_ITEMS = "1000000"


@dataclass(frozen=True)
class Door:
    """A server that listens: its process, its port, and the access token of each person by their place."""

    pid: int
    port: int
    tokens: list[str]

    def request(self, method: str, path: str, person: int, body: object = None, **headers: str) -> str:
        """A whole HTTP request of a signed-in person who takes gzip, as browsers do."""
        sent = "" if body is None else json.dumps(body)
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: {HOST}:{self.port}",
            f"Authorization: Bearer {self.tokens[person]}",
            "Accept-Encoding: gzip, deflate",
            *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
        ]
        if sent:
            lines += ["Content-Type: application/json", f"Content-Length: {len(sent)}"]
        return "\r\n".join([*lines, "", sent])


@asynccontextmanager
async def sidecar(folder: Path, people: int) -> AsyncIterator[Door]:
    """The whole bot on the data in `folder`, with its sidecar; the first `people` signed in with initData."""
    port = free_port()
    async with python("benchmarks.telegram_stub") as stub:
        await say(stub, json.dumps({"warm": [], "taps": [], "rate": 1.0}))
        env = environment(
            TELEGRAM_BOT_TOKEN=TOKEN,
            TELEGRAM_API_URL=await line(stub),
            DATA_DIR=str(folder),
            HTTP_PORT=str(port),
            LOG_FORMAT="json",
            LOG_LEVEL="WARNING",
            REQUESTS_PER_WINDOW=_ENOUGH,
            PROGRESS_ITEMS_PER_WINDOW=_ITEMS,
        )
        async with python("bot", env=env) as process:
            await ready(port)
            now = datetime.now(UTC)
            bodies = [{"init_data": init_data(FIRST_PERSON + one, now, token=TOKEN)} for one in range(people)]
            yield Door(process.pid, port, await _sign_in(port, "/api/v1/auth/telegram-app", bodies))


@asynccontextmanager
async def peer(database: Path, people: int, *, synchronous: str = "FULL") -> AsyncIterator[Door]:
    """The server in Express on its database (see `benchmarks.peer_data`)."""
    port = free_port()
    given = {"PEER_DATABASE": str(database), "PEER_SYNCHRONOUS": synchronous, "PEER_REQUESTS": _ENOUGH}
    env = environment(NODE_ENV="production", PEER_PORT=str(port), **given)
    async with program("node", str(peer_install.FOLDER / "server.js"), env=env) as process:
        await line(process)
        bodies = [{"learner": one + 1} for one in range(people)]
        yield Door(process.pid, port, await _sign_in(port, "/api/v1/auth", bodies))


async def _sign_in(port: int, path: str, bodies: list[dict[str, Any]]) -> list[str]:
    tokens = []
    async with aiohttp.ClientSession() as session:
        for body in bodies:
            async with session.post(f"http://{HOST}:{port}{path}", json=body) as answer:
                answer.raise_for_status()
                found: Mapping[str, str] = await answer.json()
                tokens.append(found["access_token"])
    return tokens
