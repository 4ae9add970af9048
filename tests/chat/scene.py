"""What the tests of whole conversations stand on: a clock that does not dawdle, a model on a real wire, files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from telegram.request import BaseRequest

from bot.localchat.engine import Engine
from bot.localchat.request import LocalRequest
from handlers.chat.screens.words import bar
from tests.handlers.chat.room import Room, ShiftedClock
from tests.kit.chat import Live, Shown, lectern
from tests.kit.model_server import Fault, ModelServer, Pace, model_server

Line = Callable[[Engine], BaseRequest]
KEY = "sk-ant-not-a-real-key-0123456789"
HURRY = 20
TITLE = "How sourdough works"
PARAGRAPH = "A starter is flour and water in which wild yeast and bacteria live together, and it wants to be fed. "
DOCUMENT = "# Bees\n\n" + "\n\n".join(
    f"## Part {part}\n\n"
    + "\n\n".join(f"### Piece {part}.{piece}\n\n" + f"Bees of kind {part}{piece} dance to say where food is. " * 60
                  for piece in range(2))
    for part in range(3)
)  # fmt: skip


class BriskClock(ShiftedClock):
    """The machine's clock, but who sleeps on it is woken early: for tests in which no pace is measured."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / HURRY)


@asynccontextmanager
async def open_room(
    folder: Path, clock: ShiftedClock | None = None, line: Line = LocalRequest, **environ: str
) -> AsyncIterator[Room]:
    """Lena before her first message; the offline author, unless `environ` says otherwise."""
    clock = clock or BriskClock()
    async with lectern(folder, line, author=None, clock=clock, **environ) as live:
        yield Room(live, live.learner, clock)


@asynccontextmanager
async def model_room(
    folder: Path, *faults: Fault, pace: Pace | None = None, clock: ShiftedClock | None = None, **environ: str
) -> AsyncIterator[tuple[Room, ModelServer]]:
    """Lena and a model on the other end of a real wire."""
    async with model_server(*faults, pace=pace) as model:
        keys = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": model.url}
        async with open_room(folder, clock, LocalRequest, **keys, **environ) as room:
            yield room, model


async def to_card(room: Room, topic: str = "how sourdough works") -> Shown:
    """Ask for a course up to the proposal."""
    asked = await room.say(f"teach me {topic}")
    await room.tap("Nothing yet")
    await room.tap("1 h")
    return await _card(room, "You will be able to", asked)


async def sample_card(room: Room) -> Shown:
    """Without a model: up to the card of the course on sourdough."""
    asked = await room.say("/learn")
    await room.tap("Sourdough")
    return await _card(room, "Made without AI", asked)


async def _card(room: Room, words: str, asked: int) -> Shown:
    """The proposal that came after the message `asked`: an approved one shows its button until its status is drawn."""

    def found() -> Shown | None:
        for shown in room.someone.messages():
            button = any("Make this course" in label for label in shown.buttons)
            if int(shown.raw["message_id"]) > asked and words in shown.text and button:
                return shown
        return None

    return await room.someone.until(found, words)


async def sample_course(room: Room) -> Shown:
    """Without a model: the course on sourdough, made; the message that says so."""
    await sample_card(room)
    await room.tap("Make this course")
    return await room.someone.sees("Your course is ready")


async def done(room: Room) -> None:
    """Turn the pages of the section that is open, and tap ✅."""
    for _ in range(20):
        if any("✅ Done" in label for row in room.keys for label in row):
            break
        await room.tap("▶")
    await room.tap("✅ Done")


async def made(live: Live) -> None:
    """Until nothing that makes or shows a course is open."""
    health = live.house.application.desk.health
    for _ in range(2000):
        if not sum((await health.workload()).open.values()):
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"still at work: {await health.workload()}")


def percent_of(text: str) -> int | None:
    """The per cent that a status message shows."""
    for percent in range(101):
        if f"{bar(percent)} {percent} %" in text:
            return percent
    return None
