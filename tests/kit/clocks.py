"""A clock that a test holds in its hand."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from tests.kit.school import START


class HeldClock:
    """Time moves only when the test moves it; `sleep` moves it too and lets others run."""

    def __init__(self, start: datetime = START) -> None:
        self.at = start
        self.ticks = 1_000.0

    def now(self) -> datetime:
        """The held time."""
        return self.at

    def monotonic(self) -> float:
        """Seconds moved so far."""
        return self.ticks

    async def sleep(self, seconds: float) -> None:
        """Move on without waiting."""
        self.move(seconds)
        await asyncio.sleep(0)

    def move(self, seconds: float) -> None:
        """Let that many seconds pass."""
        self.at += timedelta(seconds=seconds)
        self.ticks += seconds
