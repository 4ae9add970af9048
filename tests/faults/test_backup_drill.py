"""The drill: a school that is read in is backed up, the machine is lost, and the school goes on elsewhere."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from functools import partial
from pathlib import Path

from bot.localchat.people import TOKEN
from tests.faults.reader import Reader
from tests.faults.remains import Remains
from tests.faults.rig import PATIENCE, SEED, Rig, rig
from tests.kit.chat import Shown, Someone
from tests.kit.process import ROOT, BotProcess

AT_ONCE = 3
PAUSE = 0.1  # seconds that a learner looks at a page, at most
SAMPLES = ("Sourdough", "Tides", "terators")


async def test_what_was_acknowledged_before_a_backup_is_there_after_the_restore(tmp_path: Path) -> None:
    async with rig(tmp_path, SEED) as made:
        readers = await asyncio.gather(*(_with_course(made, SAMPLES[n], SEED + n) for n in range(AT_ONCE)))
        reading = [asyncio.create_task(reader.read()) for reader in readers]
        await _some_done(readers, 8)
        before = {(reader, section) for reader in range(AT_ONCE) for section, _ in readers[reader].completed()}
        status, said = await _typed(tmp_path, "backup", "school.db")
        assert status == 0, said
        await _some_done(readers, len(before) + 4)
        for task in reading:
            task.cancel()
        await asyncio.wait(reading)
        await made.kill()

        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        status, said = await _typed(elsewhere, "restore", str(tmp_path / "school.db"))
        assert status == 0, said
        restored = Remains(elsewhere / "data" / "lectern.db")
        restored.check()
        for reader, section in before:
            assert section in _sections(restored, readers[reader]), "acknowledged before the backup, and not in it"
        await _goes_on(made, elsewhere, readers)


async def _goes_on(made: Rig, folder: Path, readers: list[Reader]) -> None:
    """The restored bot takes over the same chats, and everybody gets to the end of their course."""
    environ = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": made.telegram.url, "TELEGRAM_MESSAGES_PER_SECOND": "0"}
    bot = BotProcess(folder, environ)
    try:
        await bot.start()
        again = []
        for reader in readers:
            await reader.someone.say("/progress")
            told = await reader.someone.sees("Your progress", timeout=PATIENCE)
            await reader.someone.say("/continue")  # where the restored school says that they are
            await reader.someone.until(partial(_newer, reader.someone, told), "where to go on", PATIENCE)
            # The chat may still show an end that came after the backup.
            again.append(Reader(reader.someone, reader.rng, 0.02, told.raw["message_id"]))
        await asyncio.wait_for(asyncio.gather(*(reader.read() for reader in again)), PATIENCE)
        assert await bot.stop() == 0
        written = "SELECT count(*) FROM section AS s JOIN course AS c ON c.id = s.course_id WHERE c.state = 'ready'"
        ((sections,),) = Remains(bot.database).rows(written)
        assert sum(len(_sections(Remains(bot.database), reader)) for reader in readers) == sections
    finally:
        await bot.kill()


def _newer(someone: Someone, told: Shown) -> Shown | None:
    return someone.screen if someone.screen.raw["message_id"] > told.raw["message_id"] else None


async def _with_course(made: Rig, sample: str, seed: int) -> Reader:
    someone = made.newcomer()
    await someone.say("/learn")
    await someone.sees("I work from a text", button=sample, timeout=PATIENCE)
    await someone.tap(sample)
    await someone.sees("Made without AI", button="Make this course", timeout=PATIENCE)
    await someone.tap("Make this course")
    await someone.sees("Your course is ready", button="▶ Start", timeout=PATIENCE)
    return Reader(someone, random.Random(seed), PAUSE)


async def _some_done(readers: list[Reader], count: int) -> None:
    """Wait until so many sections were said to be done."""
    for _ in range(int(PATIENCE / 0.02)):
        if sum(len(set(reader.completed())) for reader in readers) >= count:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("nobody gets on")


def _sections(left: Remains, reader: Reader) -> set[int]:
    found = left.rows(
        "SELECT k.section_id FROM completion AS k JOIN learner AS l ON l.id = k.learner_id WHERE l.telegram_id = ?",
        reader.someone.seat.person.id,
    )
    return {section for (section,) in found}


async def _typed(folder: Path, *arguments: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATA_DIR": str(folder / "data")},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()
