"""The whole bot with an author by script, for tests of asking for a course and of watching it being made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from telegram.request import BaseRequest

from bot.localchat.engine import Engine
from bot.localchat.request import LocalRequest
from services.authors.protocol import Proposal, Wish
from services.errors import LecternError
from tests.handlers.chat.room import Room, ShiftedClock
from tests.kit.author import ScriptedAuthor
from tests.kit.chat import lectern

Wire = Callable[[Engine], BaseRequest]
TITLE = "How sourdough works: a first course"


@dataclass
class Proposer(ScriptedAuthor):
    """As the script says, but the first proposals fail with `proposal_faults`, one each; all wait for `thinking`."""

    proposal_faults: tuple[LecternError, ...] = ()
    wishes: tuple[Wish, ...] = ()
    thinking: asyncio.Event | None = None

    async def propose(self, wish: Wish) -> Proposal:
        self.wishes = (*self.wishes, wish)
        if len(self.wishes) <= len(self.proposal_faults):
            raise self.proposal_faults[len(self.wishes) - 1]
        if self.thinking is not None:
            await self.thinking.wait()
        return await super().propose(wish)


@asynccontextmanager
async def classroom(
    folder: Path,
    author: ScriptedAuthor | None = None,
    *,
    offline: bool = False,
    line: Wire = LocalRequest,
    **environ: str,
) -> AsyncIterator[Room]:
    """Lena before her first message; without an `author` the one by script, `offline` the one without a model."""
    clock = ShiftedClock()
    given = None if offline else author or Proposer()
    async with lectern(folder, line, author=given, clock=clock, **environ) as live:
        yield Room(live, live.learner, clock)


async def to_card(room: Room, level: str = "Nothing yet", time: str = "1 h") -> None:
    """Ask about sourdough, up to the proposal."""
    await room.say("teach me how sourdough works")
    await room.tap(level)
    await room.tap(time)
    await room.someone.sees("You will be able to", button="Make this course")
