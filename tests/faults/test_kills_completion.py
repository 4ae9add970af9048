"""kill -9 while people complete sections: an answered tap is stored, none is lost, none counts twice."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.reader import Reader
from tests.faults.remains import Remains
from tests.faults.rig import PATIENCE, SEED, Rig, rig
from tests.kit.chat import Someone

AT_ONCE = 4  # learners who read side by side
KILLS_IN_A_ROUND = 6
SPAN = 1.5  # seconds from being ready within which the kill falls
PAUSE = 0.35  # seconds that a learner looks at a page, at most
SAMPLES = ("Sourdough", "Tides", "terators")


async def test_a_few_kills(tmp_path: Path) -> None:
    await kill_and_check(tmp_path, SEED + 3, kills=8)  # a lot with every kind of kill, and all of them in a start


@pytest.mark.soak
async def test_fifty_kills(tmp_path: Path) -> None:
    await kill_and_check(tmp_path, SEED + 1, kills=50)


async def kill_and_check(folder: Path, seed: int, kills: int) -> None:
    async with rig(folder, seed) as made:
        while len(made.remains) < kills:
            await _round(made, min(KILLS_IN_A_ROUND, kills - len(made.remains)))
        assert await made.bot.stop() == 0


async def _round(made: Rig, kills: int) -> None:
    seeds = [made.rng.getrandbits(32) for _ in range(AT_ONCE)]
    readers = await asyncio.gather(*(_with_course(made, SAMPLES[n % 3], seed) for n, seed in enumerate(seeds)))
    reading = asyncio.gather(*(reader.read() for reader in readers))
    for number in range(kills):
        left = await made.kill_within(SPAN)
        if len(made.remains) > 1:
            left.check_after(made.remains[-2])
        _check_answered(left, readers)
        await made.bot.launch()
        if number + 1 == kills or made.rng.random() < 0.8:  # else the next kill falls into the start
            await made.bot.ready()
    for reader in readers:
        reader.pause = 0.02  # what is left is read quickly
    await asyncio.wait_for(reading, PATIENCE)
    done = await made.idle()
    done.check_after(made.remains[-1])
    for reader in readers:
        _check_reader(made, done, reader)


async def _with_course(made: Rig, sample: str, seed: int) -> Reader:
    someone = made.newcomer()
    await someone.say("/learn")
    await someone.sees("I work from a text", button=sample, timeout=PATIENCE)
    await someone.tap(sample)
    await someone.sees("Made without AI", button="Make this course", timeout=PATIENCE)
    await someone.tap("Make this course")
    await someone.sees("Your course is ready", button="▶ Start", timeout=PATIENCE)
    return Reader(someone, random.Random(seed), PAUSE)


def _sections(left: Remains, someone: Someone) -> dict[int, int]:
    """When the learner's sections were completed: milliseconds by section."""
    return dict(
        left.rows(
            """SELECT k.section_id, k.completed_at FROM completion AS k JOIN learner AS l ON l.id = k.learner_id
            WHERE l.telegram_id = ?""",
            someone.seat.person.id,
        )
    )


def _check_answered(left: Remains, readers: list[Reader]) -> None:
    """What was said to be done is stored."""
    for reader in readers:
        stored = _sections(left, reader.someone)
        for section, toast in reader.completed():
            assert section in stored, f"answered {toast!r}, and forgotten"


def _check_reader(made: Rig, done: Remains, reader: Reader) -> None:
    """Every tap was answered, every section is completed, and no more than once was that said."""
    assert [tap.label for tap in reader.taps if tap.toast is None] == []
    person = reader.someone.seat.person.id
    written = done.rows(
        """SELECT s.id FROM section AS s JOIN course AS c ON c.id = s.course_id JOIN learner AS l ON l.id = c.owner_id
        WHERE l.telegram_id = ?""",
        person,
    )
    assert {section for (section,) in written} == set(_sections(done, reader.someone))
    first = Counter(section for section, toast in reader.completed() if toast.startswith("Done · "))
    assert set(first.values()) == {1}
    again = [toast for _, toast in reader.completed() if not toast.startswith("Done · ")]
    assert all(toast.startswith("You completed this at ") for toast in again)
    assert set(first) == {section for (section,) in written}
    sent = [str(call.params["text"]) for call in made.telegram.of("sendMessage", chat_id=person)]
    ends = Counter(text.split(" done")[0] for text in sent if "</b> ·" in text and " done" in text)
    ((lessons,),) = done.rows(
        "SELECT count(DISTINCT lesson_id) FROM section WHERE id IN (SELECT section_id FROM "
        "completion AS k JOIN learner AS l ON l.id = k.learner_id WHERE l.telegram_id = ?)",
        person,
    )
    assert len(ends) == lessons, ends
    assert sum(ends.values()) - len(ends) <= len(made.killed_at)
