"""A course of six lessons against a stub of the model whose speed is known, beside one lesson after another."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.processes import line, python
from benchmarks.table import Line
from bot.settings import Settings, load_settings
from bot.wiring import build_house, make_author
from handlers.chat.transport import AiohttpRequest
from services.authors.claude import ClaudeAuthor
from services.authors.model.sizes import QUESTIONS, TOKENS_PER_MINUTE, TOKENS_PER_SECOND, size_for
from services.authors.protocol import Order
from services.clock import SystemClock
from storage.database import Database
from storage.migrate import migrate

MINUTES = 150  # for which the author asks for six lessons of three sections
FIRST_TOKEN = 1.0  # seconds
SCALE = 0.2  # of all the model's seconds, so that a run does not take minutes
ORDER = Order(
    title="Sourdough: from flour to a risen loaf",
    description="Why a mix of flour and water comes alive, and how to steer it from day to day.",
    objectives=("explain what lives in a starter", "keep a starter alive", "judge a dough by eye and hand"),
    level="beginner",
    minutes=MINUTES,
    language="en",
)


@dataclass(frozen=True)
class Known:
    """The model's speed: tokens of a plan and of a lesson of this size, as the author itself reckons with them."""

    plan_tokens: int
    lesson_tokens: int

    @property
    def plan(self) -> float:
        """Seconds until a plan is written."""
        return (FIRST_TOKEN + self.plan_tokens / TOKENS_PER_SECOND) * SCALE

    @property
    def lesson(self) -> float:
        """Seconds until a lesson is written; all lessons are as long as the slowest."""
        return (FIRST_TOKEN + self.lesson_tokens / TOKENS_PER_SECOND) * SCALE

    def arguments(self) -> list[str]:
        """For the stub's command line."""
        given = {
            "first-token": FIRST_TOKEN,
            "tokens-per-second": TOKENS_PER_SECOND,
            "plan-tokens": self.plan_tokens,
            "lesson-tokens": self.lesson_tokens,
            "scale": SCALE,
        }
        return [part for name, value in given.items() for part in (f"--{name}", str(value))]


def known() -> Known:
    """What a plan and a lesson of such a course take."""
    lessons, sections = size_for(MINUTES)
    lesson_tokens = MINUTES // lessons * TOKENS_PER_MINUTE + sections * QUESTIONS * 250
    return Known(300 + lessons * sections * 120, lesson_tokens)


async def lines(folder: Path, say: Callable[[str], None]) -> list[Line]:
    """The promises about making a course. Takes about a minute."""
    speed = known()
    async with python("tests.kit.model_server", *speed.arguments()) as stub:
        url = await line(stub)
        settings = _settings(url, folder)
        say("a course, its lessons side by side; and one lesson after another")
        (first, whole), peer = await asyncio.gather(_side_by_side(settings), _one_after_another(settings))
    least = speed.plan + speed.lesson
    return [
        Line(
            "6 lessons: whole course, to plan + slowest lesson",
            whole / least,
            1.1,
            f"{whole:.1f} s; plan {speed.plan:.1f} s, lesson {speed.lesson:.1f} s (all at {SCALE} of real time)",
        ),
        Line(
            "first section readable, to one lesson after another",
            first / peer,
            0.5,
            f"{first:.1f} s; one after another {peer:.1f} s",
        ),
    ]


def _settings(url: str, folder: Path) -> Settings:
    given = {"ANTHROPIC_API_KEY": "sk-ant-benchmark", "ANTHROPIC_BASE_URL": url, "DATA_DIR": str(folder / "making")}
    return load_settings(given, None)


async def _side_by_side(settings: Settings) -> tuple[float, float]:
    """Seconds from the approval until the first section can be read, and until the course is ready."""
    database = await Database.open(settings.database_url.get_secret_value())
    await migrate(database)
    author = make_author(settings, SystemClock(), Random(1))
    assert isinstance(author, ClaudeAuthor)
    await author.load()
    house = build_house(settings, database, token="1:benchmark", request=AiohttpRequest(), author=author)
    desk = house.application.desk
    await house.jobs.start()
    try:
        learner = await desk.learners.arrive(7_000_000_001, "Ada", None, "en", desk.clock.now())
        begun = time.monotonic()
        made = await desk.courses.request(learner, ORDER, key="benchmark")
        first = 0.0
        async for event in desk.generations.follow(made.id, 0):
            if event.code == "section" and not first:
                first = time.monotonic() - begun
            assert event.code not in {"failed", "lesson_failed"}, event
        return first, time.monotonic() - begun
    finally:
        await house.jobs.stop(1.0)
        await author.aclose()
        await database.close()


async def _one_after_another(settings: Settings) -> float:
    """Seconds until a section can be read where a lesson is kept once it is written, and then the next is begun."""
    author = make_author(settings, SystemClock(), Random(1))
    assert isinstance(author, ClaudeAuthor)
    await author.load()
    try:
        begun = time.monotonic()
        plan = await author.plan(ORDER)
        everything = range(len(plan.lessons[0].sections))
        written = [draft async for draft in author.write_lesson(ORDER, plan, 0, everything)]
        assert len(written) == len(everything)
        return time.monotonic() - begun
    finally:
        await author.aclose()
