"""People at the sidecar's doors: signed in once, asking whichever worker they like."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp

from benchmarks.rig.telegram import TOKEN
from tests.kit.signing import init_data

PREFIX = "/api/v1"


@dataclass
class Visitors:
    """`statuses` counts what they were answered with."""

    session: aiohttp.ClientSession
    statuses: Counter[int] = field(default_factory=Counter)
    tokens: dict[int, str] = field(default_factory=dict)

    async def sign_in(self, address: str, people: Sequence[int]) -> None:
        """These people, by their Telegram ids."""
        for person in people:
            body = {"init_data": init_data(person, datetime.now(UTC), token=TOKEN)}
            async with self.session.post(f"{address}{PREFIX}/auth/telegram-app", json=body) as answer:
                answer.raise_for_status()
                self.tokens[person] = (await answer.json())["access_token"]

    async def ask(self, address: str, person: int, method: str, path: str, body: Any = None) -> int:
        """One request; returns its status."""
        headers = {"Authorization": f"Bearer {self.tokens[person]}"}
        async with self.session.request(method, f"{address}{PREFIX}{path}", json=body, headers=headers) as answer:
            await answer.read()
            self.statuses[answer.status] += 1
            return answer.status

    async def health(self, address: str) -> str:
        """What a worker says of itself: a word, empty if it does not answer."""
        try:
            async with self.session.get(f"{address}/health", timeout=aiohttp.ClientTimeout(total=5)) as answer:
                return str((await answer.json())["status"])
        except (aiohttp.ClientError, TimeoutError):
            return ""


@asynccontextmanager
async def visitors() -> AsyncIterator[Visitors]:
    """Nobody is signed in yet."""
    async with aiohttp.ClientSession() as session:
        yield Visitors(session)
