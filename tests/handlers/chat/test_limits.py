"""Taps count in the same budget as items over REST: the one too many is answered with a sentence and costs nothing."""

from __future__ import annotations

import re
from pathlib import Path

from bot.localchat.people import LEARNER
from tests.handlers.chat.room import Room, ShiftedClock
from tests.kit.chat import lectern
from tests.kit.school import add_course, add_learner


async def test_the_tap_beyond_the_limit_is_put_off_and_nothing_is_lost(tmp_path: Path) -> None:
    clock = ShiftedClock()
    async with lectern(tmp_path, clock=clock, PROGRESS_ITEMS_PER_WINDOW="3") as live:
        learner = await add_learner(live.house.database, LEARNER.id, LEARNER.first_name)
        await add_course(live.house.database, learner, (2, 2))
        reader = Room(live, live.learner, clock)
        await reader.say("/courses")
        await reader.tap("▶ Continue")
        await live.house.limits.take("progress", str(learner), 2)  # a script of hers, over REST
        assert (await reader.tap("✅ Done")).startswith("Done · 25 % of the course")
        await reader.tap("▶ Next: Section 1.2")
        toast = await reader.tap("✅ Done")
        assert re.fullmatch(r"That was a lot in 1 min\w*\. Nothing is lost: tap ✅ again at \d\d:\d\d\.", toast), toast
        assert any("✅ Done" in label for row in reader.keys for label in row), "the section is not done"
        clock.ahead += 61
        assert (await reader.tap("✅ Done")).startswith("Done · 50 % of the course")
