"""A real bot between a Telegram and a model that outlive it, and a hand that kills it at instants drawn by lot."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.localchat.engine import Engine
from bot.localchat.people import TOKEN, Person
from tests.faults.remains import Remains, look, take, written
from tests.kit.chat import Someone
from tests.kit.model_server import ModelServer, Pace, model_server
from tests.kit.process import BotProcess
from tests.kit.telegram_server import Call, Hang, TelegramServer, telegram_server

SEED = int(os.environ.get("LECTERN_SEED", "20261123"))
PATIENCE = 90.0  # seconds for what takes a moment when nobody kills it
_NEVER = 600.0  # seconds after which a call that is not to be answered would be; the bot is dead by then
_AFTERWARDS = 0.02  # seconds that a call needs at most to take effect at the far side


@dataclass
class Rig:
    """The bot, its far sides, the lot, and what every kill left behind, in order (`remains`, with `killed_at`)."""

    bot: BotProcess
    telegram: TelegramServer
    model: ModelServer | None
    rng: random.Random
    remains: list[Remains] = field(default_factory=list)
    killed_at: list[float] = field(default_factory=list)
    how: list[str] = field(default_factory=list)
    _people: itertools.count[int] = field(default_factory=lambda: itertools.count(7_000_002_001))

    def newcomer(self) -> Someone:
        """Somebody who has never written before."""
        number = next(self._people)
        person = Person(number, f"P{number % 1000}", f"p{number}")
        return Someone(self.telegram.engine.add_person(person), self.telegram.engine)

    async def kill_within(self, span: float) -> Remains:
        """Kill the bot at an instant within `span` seconds that the lot chooses; returns what is left.

        At any moment, or about a write into the database, or in a call: Telegram has done what was asked, and the bot
        does not know."""
        match self.rng.randrange(3):
            case 0:
                moment = self.rng.uniform(0, span)
                await asyncio.sleep(moment)
                self.how.append(f"after {moment:.3f} s")
            case 1:
                await self.in_a_write(self.rng.randrange(15), span)
            case _:
                await self.in_a_call(self.rng.randrange(6), span)
        return await self.kill()

    async def kill(self) -> Remains:
        """Kill the bot now; returns what is left, which is sound."""
        await self.bot.kill()
        self.killed_at.append(time.time())
        self.telegram.forgive()
        left = take(self.bot.database, self.bot.folder / f"remains_{len(self.remains)}.db")
        self.remains.append(left)
        left.check()
        return left

    async def idle(self) -> Remains:
        """Wait until no work is open; returns a look at what is stored then, which is sound."""
        stored = look(self.bot.database)
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while stored.open_work():
            assert asyncio.get_running_loop().time() < deadline, "the bot does not finish its work"
            await asyncio.sleep(0.1)
        stored.check()
        return stored

    async def in_a_call(self, after: int, span: float, *, delivered: bool = True) -> str:
        """Wait until the bot is in a call that Telegram (has done and) does not answer, `after` others from now; gives
        up after `span` seconds. Returns the call's method, empty if there was none."""
        calls = len(self._calls())
        deadline = asyncio.get_running_loop().time() + span
        method = ""
        if await self._met(lambda: len(self._calls()) >= calls + after, deadline):
            self.telegram.fault("*", Hang(_NEVER, delivered))
            if await self._met(lambda: any(call.status == 0 for call in self._calls()[calls:]), deadline):
                await asyncio.sleep(_AFTERWARDS)
                method = next(call.method for call in self._calls()[calls:] if call.status == 0)
        self.how.append(f"in call {after}, {method or f'which never came in {span} s'}")
        return method

    async def in_a_write(self, after: int, span: float) -> None:
        """Wait until the bot has just begun to write into its database, `after` writes from now; gives up after `span`
        seconds."""
        deadline = asyncio.get_running_loop().time() + span
        seen, left = written(self.bot.database), after
        while left >= 0 and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.0005)
            now = written(self.bot.database)
            left, seen = left - (now != seen), now
        late = self.rng.uniform(0, 0.004)
        await asyncio.sleep(late)
        self.how.append(f"{late * 1000:.1f} ms after write {after}" if left < 0 else f"no write {after} in {span} s")

    async def _met(self, holds: Callable[[], bool], deadline: float) -> bool:
        left = deadline - asyncio.get_running_loop().time()
        try:
            await self.telegram.until(lambda _: holds(), timeout=max(0.0, left))
        except TimeoutError:
            return False
        return True

    def _calls(self) -> list[Call]:
        return [call for call in self.telegram.calls if call.method.lower() != "getupdates"]


@asynccontextmanager
async def rig(folder: Path, seed: int, *, pace: Pace | None = None) -> AsyncIterator[Rig]:
    """A running bot; with a `pace` it has a model, else it is the offline author's. Prints the seed, and when a test
    fails how the bot was killed and what it had said."""
    print(f"seed {seed} (LECTERN_SEED={seed} repeats it)")
    engine = Engine(folder / "telegram", pace=None)
    async with telegram_server(engine) as telegram, model_server(pace=pace) as model:
        environ = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url, "TELEGRAM_MESSAGES_PER_SECOND": "0"}
        if pace is not None:
            environ |= {"ANTHROPIC_API_KEY": "test", "ANTHROPIC_BASE_URL": model.url}
        bot = BotProcess(folder, environ)
        made = Rig(bot, telegram, model if pace is not None else None, random.Random(seed))
        try:
            await bot.start()
            yield made
        except BaseException:
            print(f"seed {seed}; killed: {made.how}; the bot's last lines:\n{bot.said}")
            raise
        finally:
            await bot.kill()
            engine.close()
