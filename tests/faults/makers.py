"""Workers that make courses between a Telegram with screens and a model, and people who have a course proposed."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.rig.stores import Row, Store
from bot.localchat.engine import Engine
from bot.localchat.people import TOKEN, Person
from tests.faults.fleets import Form
from tests.kit.chat import Shown, Someone
from tests.kit.model_server import ModelServer, Pace, model_server
from tests.kit.process import BotProcess
from tests.kit.telegram_server import TelegramServer, telegram_server

FIRST_MAKER = 7_000_002_001
PATIENCE = 120.0  # seconds for what takes a moment when nobody is killed
ASK_AT_ONCE = 12
_PIECES = """SELECT p.telegram_id, l.position, s.position, s.body <> '', s.quiz <> 'missing'
    FROM course AS c JOIN learner AS p ON p.id = c.owner_id JOIN lesson AS l ON l.course_id = c.id
    LEFT JOIN section AS s ON s.lesson_id = l.id WHERE c.state = 'making'"""

Piece = tuple[str, int, int]
"""What is stored as a whole: ``outline``, a lesson's ``contract``, a section's ``body`` or ``quiz``, with its place."""


@dataclass
class Wish:
    """A learner's course: `title` begins with `topic`, which nobody else has, and `card` is its one message."""

    someone: Someone
    topic: str
    card: Shown

    @property
    def person(self) -> int:
        return self.someone.seat.person.id


@dataclass(frozen=True)
class Kill:
    """Of the worker `name`, which was started again at `back`; `saved` is what was stored of each person's unfinished
    course then, as far as seen at `looked` (all of them `time.time()`)."""

    name: str
    at: float
    back: float
    looked: float
    saved: dict[int, set[Piece]]


@dataclass
class Makers:
    """The workers, what is around them, and every kill so far, in order."""

    store: Store
    telegram: TelegramServer
    model: ModelServer
    rng: random.Random
    workers: dict[str, BotProcess]
    kills: list[Kill] = field(default_factory=list)

    async def kill(self, name: str) -> None:
        """Kill that worker now, start it again, without waiting until it is ready, and look at what is stored."""
        worker, at = self.workers[name], time.time()
        await worker.kill()
        back = time.time()
        await worker.launch()
        saved = await self.saved()
        self.kills.append(Kill(name, at, back, time.time(), saved))

    async def saved(self) -> dict[int, set[Piece]]:
        """What is stored of each course that is not ready."""
        found: dict[int, set[Piece]] = {}
        for person, lesson, section, body, quiz in await self.store.rows(_PIECES):
            pieces = found.setdefault(int(person), {("outline", 0, 0)})
            if section is not None:
                pieces.add(("contract", lesson, 0))
                pieces |= {("body", lesson, section)} if body else set()
                pieces |= {("quiz", lesson, section)} if body and quiz else set()
        return found

    async def rows(self, query: str) -> list[Row]:
        """What a query finds."""
        return await self.store.rows(query)

    async def wishes(self, topics: Sequence[str]) -> list[Wish]:
        """As many newcomers, each before a proposal, which they need only accept."""
        at_once = asyncio.Semaphore(ASK_AT_ONCE)

        async def one(number: int, topic: str) -> Wish:
            async with at_once:
                return await self._ask(Person(FIRST_MAKER + number, f"P{number}", f"p{number}"), topic)

        return await asyncio.gather(*(one(number, topic) for number, topic in enumerate(topics)))

    async def _ask(self, person: Person, topic: str) -> Wish:
        someone = Someone(self.telegram.engine.add_person(person), self.telegram.engine)
        await someone.say(f"teach me {topic}")
        await someone.sees("How much do you know", timeout=PATIENCE)
        await someone.tap("Nothing yet")
        await someone.sees("How much time", timeout=PATIENCE)
        await someone.tap("30 min")
        card = await someone.sees("You will be able to", button="Make this course", timeout=PATIENCE)
        return Wish(someone, topic, card)

    async def until(self, holds: Callable[[], Awaitable[bool]], seconds: float, every: float = 0.005) -> bool:
        """Whether it holds within so many seconds, asked again and again."""
        deadline = time.monotonic() + seconds
        while not await holds():
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(every)
        return True

    async def rest(self) -> None:
        """Wait until no work is open; none was set aside."""

        async def done() -> bool:
            return not await self.rows("SELECT 1 FROM work WHERE state = 'open' LIMIT 1")

        assert await self.until(done, PATIENCE, 0.1), await self.rows("SELECT * FROM work WHERE state = 'open'")
        assert await self.rows("SELECT id, kind, key, error, crashes FROM work WHERE state = 'aside'") == []


@asynccontextmanager
async def makers(form: Form, folder: Path, seed: int, pace: Pace) -> AsyncIterator[Makers]:
    """The form's workers, ready, each known to the model by its name. Prints the seed, and when a test fails what they
    had said."""
    print(f"seed {seed} (LECTERN_SEED={seed} repeats it)")
    engine = Engine(folder / "telegram", pace=None)
    async with telegram_server(engine) as telegram, model_server(pace=pace) as model:
        names = [f"w{number}" for number in range(1, form.workers + 1)]
        workers = {
            name: await _worker(folder / name, form.store, telegram.url, f"{model.url}/{name}") for name in names
        }
        made = Makers(form.store, telegram, model, random.Random(seed), workers)
        try:
            await asyncio.gather(*(worker.start() for worker in workers.values()))
            yield made
        except BaseException:
            for name, worker in workers.items():
                print(f"=== {name}\n{worker.said}")
            raise
        finally:
            await asyncio.gather(*(worker.kill() for worker in workers.values()))
            engine.close()


async def _worker(folder: Path, store: Store, telegram: str, model: str) -> BotProcess:
    await asyncio.to_thread(folder.mkdir, parents=True)
    environ = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": telegram,
        "TELEGRAM_MESSAGES_PER_SECOND": "0",
        "ANTHROPIC_API_KEY": "test",
        "ANTHROPIC_BASE_URL": model,
        **store.settings,
    }
    return BotProcess(folder, environ)
