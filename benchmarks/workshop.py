"""All that makes a course, as the house wires it, with a model author before a stub whose speed is known."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.processes import line, python
from bot.providers import make_providers
from bot.settings import load_settings
from services.authors.model.author import ModelAuthor
from services.authors.model.caller import Caller
from services.authors.model.wire import Ask, Usage
from services.authors.protocol import Order, Payer
from services.clock import SystemClock
from services.courses import CourseService
from services.generation import GenerationService
from services.jobs import Jobs
from services.learners import LearnerService
from services.library import Library
from services.views import FeedEvent, LearnerView
from storage.database import Database
from storage.migrate import migrate

WRITING = frozenset({"body", "quiz", "repair"})


@dataclass
class Purse:
    """Counts what every call used, by its step; satisfies `services.authors.model.calling.Purse`."""

    steps: list[str] = field(default_factory=list)
    used: dict[int, Usage] = field(default_factory=dict)

    async def reserve(self, payer: Payer | None, provider: str, ask: Ask) -> int:
        """Always allowed."""
        self.steps.append(ask.step)
        return len(self.steps) - 1

    async def settle(self, reservation: int, usage: Usage | None) -> None:
        """Remember it."""
        if usage is not None:
            self.used[reservation] = usage

    def output(self, *steps: str) -> int:
        """Tokens that calls of these steps wrote."""
        return sum(usage.output for at, usage in self.used.items() if self.steps[at] in steps)

    def calls(self, *steps: str) -> int:
        """How many calls of these steps there were."""
        return sum(step in steps for step in self.steps)


@dataclass
class Stub:
    """The model stub in a process of its own: its address, and the log that it keeps of its calls."""

    url: str
    log: Path

    def accounts(self) -> list[dict[str, Any]]:
        """The calls that were answered, as the stub tells them."""
        if not self.log.exists():
            return []
        with self.log.open(encoding="utf-8") as told:
            calls: list[dict[str, Any]] = [json.loads(each) for each in told]
        return [call for call in calls if call["ended"] and call["account"]]

    def cached_share(self, course: str) -> float:
        """Which part of the input of all calls about lessons from the second on was read from the provider's cache."""
        accounts = [
            call["account"]
            for call in self.accounts()
            if call["course"] == course and call["kind"] in WRITING and (call["lesson"] or 0) >= 1
        ]
        everything = sum(each["fresh"] + each["cached"] + each["written"] for each in accounts)
        return float(sum(each["cached"] for each in accounts) / max(1, everything))


@dataclass
class Workshop:
    """Where a course is ordered and followed."""

    generations: GenerationService
    courses: CourseService
    learner: LearnerView
    purse: Purse

    async def make(self, order: Order, key: str) -> AsyncIterator[FeedEvent]:
        """Approve an order; its events as they happen."""
        asked = await self.courses.request(self.learner, order, key=key)
        async for event in self.generations.follow(asked.id, 0):
            yield event


@asynccontextmanager
async def stub(folder: Path, pace: Mapping[str, float], *faults: Mapping[str, object]) -> AsyncIterator[Stub]:
    """A running stub with this `pace` (options of its command line) and these `faults`."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    log = folder / "calls.jsonl"
    options = [part for name, value in pace.items() for part in (f"--{name}", str(value))]
    options += [part for fault in faults for part in ("--fault", json.dumps(fault))]
    async with python("tests.kit.model_server", "--log", str(log), *options) as process:
        yield Stub(await line(process), log)


async def order_courses(folder: Path, url: str, orders: Sequence[Order]) -> None:
    """Let these courses wait in the database of `folder` until a bot starts on it."""
    async with workshop(folder, url, working=False) as made:
        for number, order in enumerate(orders):
            await made.courses.request(made.learner, order, key=f"benchmark {number}")


@asynccontextmanager
async def workshop(
    folder: Path, url: str, picture_seconds: float = 0.0, *, working: bool = True
) -> AsyncIterator[Workshop]:
    """The services over a database in `folder`, their jobs running (unless not `working`); a picture takes so many
    seconds."""
    given = {"ANTHROPIC_API_KEY": "sk-ant-benchmark", "ANTHROPIC_BASE_URL": url, "DATA_DIR": str(folder)}
    settings, clock, purse = load_settings(given, None), SystemClock(), Purse()
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    database = await Database.open(settings.database_url.get_secret_value())
    await migrate(database)
    providers = make_providers(settings, clock)
    author = ModelAuthor(Caller(providers, purse=purse, clock=clock, rng=Random(1)), providers, rng=Random(1))
    await author.load()
    jobs, library = Jobs(database, clock, worker="benchmark"), Library(database=database)
    shared: dict[str, Any] = {"database": database, "clock": clock, "jobs": jobs, "author": author, "library": library}
    generations = GenerationService(**shared, draw=_slow(picture_seconds))
    courses = CourseService(**shared, generations=generations)
    learners = LearnerService(database=database, clock=clock, languages={"en"})
    jobs.register("generation", generations.run, gave_up=generations.gave_up, can_be_cancelled=True)
    if working:
        await jobs.start()
    try:
        learner = await learners.arrive(7_000_000_001, "Ada", None, "en", clock.now())
        yield Workshop(generations, courses, learner, purse)
    finally:
        await jobs.stop(1.0)
        await author.aclose()
        await database.close()


def _slow(seconds: float) -> Callable[[str, str, int], tuple[bytes, str]]:
    def draw(title: str, line: str, seed: int) -> tuple[bytes, str]:
        time.sleep(seconds)  # in a thread of its own, as drawing is
        return b"\x89PNG", title

    return draw
