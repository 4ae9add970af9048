"""The workers of a run: real processes that are killed, frozen, stopped and started again."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.rig import balancer
from benchmarks.rig.balancer import Balancer
from benchmarks.rig.stores import Store
from benchmarks.rig.telegram import TOKEN, Telegram, telegram
from tests.kit.process import BotProcess

PATIENCE = 90.0  # seconds for what takes a moment when nobody is killed
_ENOUGH = "1000000"
_HOOKED = {
    "TELEGRAM_MODE": "webhook",
    "PUBLIC_URL": "https://lectern.example",
    "TELEGRAM_WEBHOOK_SECRET": balancer.SECRET,
}
_OPEN = "SELECT count(*) FROM work WHERE state = 'open'"


@dataclass
class Fleet:
    """Some workers between a Telegram and a database. `rng` is the lot that everything is drawn by."""

    folder: Path
    store: Store
    telegram: Telegram
    rng: random.Random
    more: dict[str, str] = field(default_factory=dict)
    module: str = "bot"
    workers: dict[str, BotProcess] = field(default_factory=dict)
    _named: int = 0

    async def add(self) -> str:
        """One more worker, launched; returns its name."""
        self._named += 1
        name = f"w{self._named}"
        folder = self.folder / name
        await asyncio.to_thread(folder.mkdir, parents=True)
        environ = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": f"{self.telegram.url}/{name}",
            "PROGRESS_ITEMS_PER_WINDOW": _ENOUGH,
            "TELEGRAM_MESSAGES_PER_SECOND": "0",  # the rig's people do in a second what would take theirs an hour
            **self.store.settings,
            **(_HOOKED if self.telegram.balancer else {}),
            **self.more,
        }
        self.workers[name] = BotProcess(folder, environ, module=self.module)
        await self.workers[name].launch()
        return name

    async def start(self, count: int) -> list[str]:
        """So many more, ready."""
        names = [await self.add() for _ in range(count)]
        await asyncio.gather(*(self.workers[name].ready() for name in names))
        return names

    async def drop(self, name: str) -> None:
        """Kill one for good."""
        await self.workers.pop(name).kill()

    async def rest(self, patience: float = PATIENCE) -> None:
        """Wait until every update is confirmed and no work is open."""
        deadline = time.monotonic() + patience
        while self.telegram.unconfirmed or (await self.store.rows(_OPEN))[0][0]:
            if time.monotonic() > deadline:
                rows = await self.store.rows("SELECT id, lane, key, owner, tries, error FROM work WHERE state = 'open'")
                raise AssertionError(f"{self.telegram.unconfirmed} updates unconfirmed, open work {rows[:5]}")
            await asyncio.sleep(0.1)

    @property
    def addresses(self) -> list[str]:
        """Where workers listen, as far as they have said so."""
        return [worker.address for worker in self.workers.values() if worker.address]

    @property
    def said(self) -> str:
        """The last lines of all workers."""
        return "\n".join(f"=== {name}\n{worker.said}" for name, worker in self.workers.items())


@asynccontextmanager
async def fleet(
    folder: Path, store: Store, seed: int, *, webhook: bool = False, module: str = "bot", **more: str
) -> AsyncIterator[Fleet]:
    """No worker yet, on a database that is there. They poll, or with `webhook` are posted to. `module` is what runs,
    `more` are settings of all of them. Prints the seed; when a test fails, what the workers had said."""
    print(f"seed {seed} (LECTERN_SEED={seed} repeats it)")
    async with telegram() as far_side:
        made = Fleet(folder, store, far_side, random.Random(seed), dict(more), module)
        if webhook:
            far_side.balancer = Balancer(lambda: made.addresses, far_side.confirmed)
        try:
            yield made
        except BaseException:
            print(f"seed {seed}; the workers' last lines:\n{made.said}")
            raise
        finally:
            if far_side.balancer is not None:
                await far_side.balancer.close()
            await asyncio.gather(*(worker.kill() for worker in made.workers.values()))
