"""A clock for tests in which waiting takes no time but counts as if it had."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta


class HurriedClock:
    """The machine's clock, ahead by all the seconds slept on it; `slept` lists them. What others do takes real time."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=sum(self.slept))

    def monotonic(self) -> float:
        return time.monotonic() + sum(self.slept)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)
