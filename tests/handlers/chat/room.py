"""The whole bot with a reader in its chat, who has a course; after each action the test goes on once it is quiet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.localchat.people import LEARNER
from tests.kit.chat import PATIENCE, Live, Shown, Someone, lectern
from tests.kit.school import add_course, add_learner


class ShiftedClock:
    """The machine's clock, moved ahead at will."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time() + self.ahead

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass
class Room:
    """A running bot and somebody in its chat."""

    live: Live
    someone: Someone
    clock: ShiftedClock

    def of(self, other: Someone) -> Room:
        """The same room for somebody else."""
        return Room(self.live, other, self.clock)

    async def say(self, text: str) -> int:
        """Type a message and wait until the bot has answered; returns the message's id."""
        sent = await self.someone.say(text)
        await self.quiet()
        return int(sent["message_id"])

    async def correct(self, message_id: int, text: str) -> None:
        """Edit one's own message and wait until the bot has reacted."""
        await self.someone.seat.edit_text(message_id, text)
        await self.quiet()

    async def stick(self) -> None:
        """Send a sticker and wait until the bot has answered."""
        await self.someone.seat.send_sticker()
        await self.quiet()

    async def tap(self, label: str) -> str:
        """Tap the last button whose label contains `label`; returns the toast."""
        toast = await self.someone.tap(label)
        await self.quiet()
        return toast.text

    async def press(self, data: str, message_id: int | None = None) -> str:
        """Send any callback data, as a modified client can; returns the toast."""
        pressed = await self.someone.seat.press(message_id or self.id, data)
        toast = await pressed.toast(PATIENCE)
        await self.quiet()
        return toast.text

    @property
    def screen(self) -> Shown:
        """The bot's last message."""
        return self.someone.screen

    @property
    def text(self) -> str:
        """What it says."""
        return self.screen.text

    @property
    def keys(self) -> list[list[str]]:
        """The labels under it."""
        return self.screen.labels

    @property
    def id(self) -> int:
        """Its id."""
        return int(self.screen.raw["message_id"])

    @property
    def count(self) -> int:
        """How many messages of the bot there are."""
        return len(self.someone.messages())

    async def quiet(self) -> None:
        """Until no update waits or is being handled."""
        await self.live.quiet()


@asynccontextmanager
async def reading_room(folder: Path, shape: Sequence[int] = (2, 2, 2)) -> AsyncIterator[Room]:
    """Lena, who has a course of lessons with as many sections as `shape` says, before her first screen."""
    clock = ShiftedClock()
    async with lectern(folder, clock=clock) as live:
        learner = await add_learner(live.house.database, LEARNER.id, LEARNER.first_name)
        await add_course(live.house.database, learner, shape)
        yield Room(live, live.learner, clock)
