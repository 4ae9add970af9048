"""Telegram's webhook with a balancer before the workers: an update is posted until somebody takes it, each person's in
order, at most so many at once."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

PATH = "/telegram/webhook"
SECRET = "the-rig-has-a-secret"
AT_ONCE = 40  # Telegram's max_connections, unless a bot asks for more
AGAIN = 0.3  # seconds until an update that nobody took is posted again
_PATIENCE = aiohttp.ClientTimeout(total=60)


@dataclass
class Balancer:
    """`addresses` are the workers that listen just now; they take turns. `took` are the seconds after which each update
    was acknowledged, `statuses` what posts were answered with."""

    addresses: Callable[[], Sequence[str]]
    confirmed: Callable[[int], None]
    took: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    waiting: int = 0
    pushed: asyncio.Event = field(default_factory=asyncio.Event)
    _queues: dict[int, deque[dict[str, Any]]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _session: aiohttp.ClientSession | None = None
    _turn: int = 0

    def push(self, person: int, body: dict[str, Any]) -> None:
        """Have an update posted, after those of the same person."""
        self.waiting += 1
        queue = self._queues.setdefault(person, deque())
        queue.append(body)
        if len(queue) == 1:
            task = asyncio.create_task(self._run(person, queue))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Post nothing more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def _run(self, person: int, queue: deque[dict[str, Any]]) -> None:
        while queue:
            async with self._places:
                taken = await self._post(queue[0])
            if taken:
                self.confirmed(queue.popleft()["update_id"])
                self.waiting -= 1
            else:
                await asyncio.sleep(AGAIN)
        del self._queues[person]

    async def _post(self, body: dict[str, Any]) -> bool:
        """Whether one of the workers took it; those that do not listen are passed over."""
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        addresses = self.addresses()
        loop = asyncio.get_running_loop()
        for _ in addresses:
            self._turn += 1
            address = addresses[self._turn % len(addresses)]
            begun = loop.time()
            self.pushed.set()
            try:
                async with self._session.post(
                    address + PATH,
                    json=body,
                    headers={"X-Telegram-Bot-Api-Secret-Token": SECRET},
                    timeout=_PATIENCE,
                ) as answer:
                    await answer.read()
                    self.statuses[answer.status] += 1
                    if answer.status == 200:
                        self.took.append(loop.time() - begun)
                        return True
                    return False
            except aiohttp.ClientConnectionError:
                continue
        return False
