from __future__ import annotations

import asyncio
import random
from pathlib import Path

from benchmarks import school
from benchmarks.day import live
from benchmarks.day_clock import DayClock
from benchmarks.day_plan import HOUR, a_day
from benchmarks.grown import grow
from benchmarks.rig.stores import SqliteStore
from tests.faults.rig import SEED


async def test_a_day_of_a_small_school_loses_nothing_and_does_nothing_twice(tmp_path: Path) -> None:
    day = await live(tmp_path, 40, SEED, lambda _: None)
    assert day.verdict.clean, day.verdict
    assert day.deeds > 100
    assert len(day.took) == day.taps, "every tap was answered"
    assert day.sent >= day.deeds - day.taps, "and so was all that was typed"
    assert day.late < 10.0, "by the clock of the day nobody waited long, the pacer's waits among it"


def test_a_day_has_its_peaks_and_each_person_goes_on_in_order() -> None:
    made = school.School(Path(), [], [list(range(1, 19)) for _ in range(400)])
    deeds = a_day(made, random.Random(7))
    assert deeds == a_day(made, random.Random(7)), "the seed says it all"
    assert [at for at, _ in deeds] == sorted(at for at, _ in deeds)
    in_hour = [sum(hour * HOUR <= at < (hour + 1) * HOUR for at, _ in deeds) for hour in range(24)]
    assert in_hour[20] > 5 * max(1, in_hour[3])
    done = [(deed.person, deed.section) for _, deed in deeds if deed.what == "done"]
    assert len(done) == len(set(done))
    somebody = [section for person, section in done if person == done[0][0]]
    assert somebody == sorted(somebody)


async def test_who_sleeps_wakes_at_their_hour_and_in_order() -> None:
    clock, woke = DayClock(), list[str]()

    async def sleep(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        woke.append(name)

    tasks = [asyncio.create_task(sleep(name, seconds)) for name, seconds in (("b", 20.0), ("a", 10.0), ("c", 30.0))]
    await asyncio.sleep(0)
    clock.move(25.0)
    await asyncio.wait(tasks[:2])
    assert woke == ["a", "b"]
    clock.next_wakes(within=4.0)
    await asyncio.sleep(0)
    assert clock.monotonic() == 25.0
    clock.next_wakes(within=5.0)
    await tasks[2]
    assert clock.monotonic() == 30.0


async def test_a_school_grows_by_as_many_completions_as_were_asked_for(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "lectern.db")
    await school.fill(store.url, learners=2)
    await grow(store.url, 100)
    assert await store.rows(
        "SELECT count(*), count(DISTINCT learner_id), count(DISTINCT course_id) FROM completion"
    ) == [(100, 6, 1)]
