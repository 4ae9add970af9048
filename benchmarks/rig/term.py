"""Learners in any number go on learning, each at their own time, while faults come by lot; Telegram has its limits."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from benchmarks.rig.deeds import mixed
from benchmarks.rig.fleet import Fleet
from benchmarks.rig.limits import OVERALL, Limits
from benchmarks.rig.weather import Switch, Weather
from benchmarks.school import School

LATENCY = 0.04  # seconds that a call of Telegram's takes
PACED: dict[str, Any] = {
    "TELEGRAM_MESSAGES_PER_SECOND": str(OVERALL)
}  # the setting of a fleet that keeps to Telegram's limits
_SETTLE = 1.0


async def term(
    fleet: Fleet, school: School, *, deeds: int, a_second: float, faults: int, redis: Switch | None = None
) -> Counter[str]:
    """So many deeds of all learners mixed, about `a_second` of them, and so many faults meanwhile; returns which came.

    It is over when all was given out and the weather is good; what is owed then is for the fleet to `rest`."""
    limits = fleet.telegram.limits = Limits()
    fleet.telegram.latency = LATENCY
    weather = Weather(fleet, len(school.sections), redis)
    striking = asyncio.create_task(weather.strike(faults), name="weather")
    try:
        for deed in mixed(school, fleet.rng, deeds):
            await fleet.telegram.give([deed])
            await asyncio.sleep(fleet.rng.expovariate(a_second))
        await striking
    finally:
        striking.cancel()
    await asyncio.sleep(_SETTLE)
    people = len(school.sections)
    print(f"{deeds} deeds of {people} learners; faults {dict(weather.struck)}; at most {limits.most} messages a second")
    return weather.struck
