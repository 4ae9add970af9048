"""A learner who reads a course to its end, and taps again when nothing happens."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.localchat.seats import Press
from handlers.chat.buttons import MarkDone, decode
from tests.kit.chat import Shown, Someone

DONE = "✅ Done"
# What leads on, the most urgent first; the message that was sent last is looked at first.
ONWARD = (DONE, "▶ Next:", "▶ Lesson ", "▶ Begin", "▶ Go on", "▶ Start", "▶")
IMPATIENCE = 4.0  # seconds without an answer after which somebody taps once more
STEPS = 2_000


@dataclass(frozen=True)
class Tap:
    """A tap on the button with that label and callback data."""

    label: str
    data: str
    press: Press

    @property
    def toast(self) -> str | None:
        """What it was answered with; None as long as it was not."""
        return self.press.answer.result().text if self.press.answer.done() else None


@dataclass
class Reader:
    """Somebody with a course; `pause` is the longest that they look at a page, in seconds, and `since` the last message
    that they pay no heed to any more."""

    someone: Someone
    rng: random.Random
    pause: float
    since: int = 0
    taps: list[Tap] = field(default_factory=list)

    async def read(self) -> None:
        """Go on until the course is done."""
        for _ in range(STEPS):
            if any(_is_the_end(one) for one in self._messages()):
                return
            found = self._onward()
            if found is None:
                await asyncio.sleep(0.05)
                continue
            await self._tap(*found)
        raise AssertionError(f"the course does not end: {self._messages()[-3:]}")

    def _messages(self) -> list[Shown]:
        return [one for one in self.someone.messages() if one.raw["message_id"] > self.since]

    async def _tap(self, shown: Shown, label: str) -> None:
        times = 2 if self.rng.random() < 0.15 else 1
        await asyncio.sleep(self.rng.uniform(0, self.pause))
        for _ in range(times):
            press = await self.someone.seat.press(shown.raw["message_id"], shown.data(label))
            self.taps.append(Tap(label, shown.data(label), press))
        await asyncio.wait({press.answer}, timeout=IMPATIENCE)
        if press.answer.done():
            await self._changed(shown)

    async def _changed(self, before: Shown) -> None:
        """Give the screen a moment to follow the answer."""
        for _ in range(20):
            if self.someone.seat.message(before.raw["message_id"]) != before.raw:
                return
            await asyncio.sleep(0.02)

    def _onward(self) -> tuple[Shown, str] | None:
        for shown in reversed(self._messages()):
            for start in ONWARD:
                for label in shown.buttons:
                    if label == start or (start not in {DONE, "▶"} and label.startswith(start)):
                        return shown, label
        return None

    def completed(self) -> Iterator[tuple[int, str]]:
        """Each tap on ✅ that was answered: the section's id, and what the answer said."""
        for tap in self.taps:
            if tap.label == DONE and tap.toast is not None:
                yield section_of(tap.data), tap.toast


def _is_the_end(shown: Shown) -> bool:
    """Whether this is the last section's page after it was completed."""
    rest = [label for label in shown.buttons[1:] if not label.startswith("❓")]
    return bool(rest) and shown.buttons[0].startswith(DONE) and len(rest) == 1 and rest[0].startswith("☰")


def section_of(data: str) -> int:
    """The section that a tap on ✅ is about."""
    button = decode(data)
    assert isinstance(button, MarkDone)
    return button.section_id
