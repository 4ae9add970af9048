"""Faults by lot, one after the other: workers die, sleep and are stopped, Redis goes, the database is held, Telegram
fails, is slow, or wants a pause in a chat."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import web

from benchmarks.rig.fleet import Fleet
from benchmarks.rig.ledger import Call
from benchmarks.rig.locks import locked
from benchmarks.school import FIRST_PERSON
from tests.kit.process import BotProcess

BAD = 0.3  # share of calls that a gateway before Telegram refuses while it is bad
SLOW = 0.8  # seconds that a call takes while Telegram is slow
PAUSE = 5  # seconds that Telegram wants in one chat
ASLEEP = 12.0  # seconds, past a worker's lease
LOCKED = 3.0  # seconds


class Switch(Protocol):
    """A server that can be stopped at once, and started again."""

    def stop(self) -> None: ...

    def start(self) -> None: ...


@dataclass
class Weather:
    """`struck` counts what came, by its name."""

    fleet: Fleet
    learners: int
    redis: Switch | None = None
    struck: Counter[str] = field(default_factory=Counter)

    async def strike(self, times: int) -> None:
        """So many faults, chosen by the fleet's lot, each over before the next."""
        faults = self._faults()
        order = [faults[n % len(faults)] for n in range(times)]  # each kind as often as any other
        self.fleet.rng.shuffle(order)
        for fault in order:
            await asyncio.sleep(self.fleet.rng.uniform(0.2, 1.0))
            self.struck[getattr(fault, "__name__", "")] += 1
            await fault()

    def _faults(self) -> list[Callable[[], Awaitable[None]]]:
        telegrams: list[Callable[[], Awaitable[None]]] = [self.bad_gateway, self.slow_telegram, self.pause_in_a_chat]
        faults = [self.kill, self.stop, self.lock, *telegrams]
        if len(self.fleet.workers) > 1:
            faults.append(self.sleep)
        if self.redis is not None:
            faults.append(self.no_redis)
        return faults

    def _someone(self) -> BotProcess:
        return self.fleet.workers[self.fleet.rng.choice(sorted(self.fleet.workers))]

    async def kill(self) -> None:
        """SIGKILL, and started again."""
        victim = self._someone()
        await victim.kill()
        await victim.start()

    async def stop(self) -> None:
        """SIGTERM, and started again."""
        worker = self._someone()
        await worker.stop()
        await worker.start()

    async def sleep(self) -> None:
        """SIGSTOP for longer than its lease."""
        worker = self._someone()
        worker.freeze()
        await asyncio.sleep(ASLEEP)
        worker.thaw()

    async def no_redis(self) -> None:
        """Redis killed, and a new one started."""
        if self.redis is not None:
            await asyncio.to_thread(self.redis.stop)
            await asyncio.sleep(1)
            await asyncio.to_thread(self.redis.start)

    async def lock(self) -> None:
        """Another program holds the database."""
        async with locked(self.fleet.store):
            await asyncio.sleep(LOCKED)

    async def bad_gateway(self) -> None:
        """Some calls fail."""

        async def fault(call: Call) -> web.StreamResponse | None:
            if not call.chat or self.fleet.rng.random() >= BAD:
                return None
            call.status = 502
            return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")

        self.fleet.telegram.fault = fault
        await asyncio.sleep(2)
        self.fleet.telegram.fault = None

    async def slow_telegram(self) -> None:
        """Every call takes long."""
        before, self.fleet.telegram.latency = self.fleet.telegram.latency, SLOW
        await asyncio.sleep(2)
        self.fleet.telegram.latency = before

    async def pause_in_a_chat(self) -> None:
        """Telegram wants a pause in a chat, whatever was sent there."""
        if self.fleet.telegram.limits is not None:
            chat = FIRST_PERSON + self.fleet.rng.randrange(self.learners)
            self.fleet.telegram.limits.pause(chat, asyncio.get_running_loop().time() + PAUSE)
