"""What people see while something is away, and that nothing of theirs is lost: see the table in docs/reliability.md."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.localchat.engine import Engine
from bot.localchat.people import TOKEN, Person
from bot.localchat.seats import Press
from tests.faults.reader import DONE, section_of
from tests.kit.chat import Shown, Someone
from tests.kit.process import BotProcess
from tests.kit.redis import RedisServer, redis_server
from tests.kit.small_disk import SmallDisk, small_disk
from tests.kit.telegram_server import telegram_server

__all__ = ["redis_server"]

HELD_UP = "I cannot write anything down at the moment"
PATIENCE = 60.0
TOLD_WITHIN = 10.0  # seconds until somebody who tapped hears of it, as promised


class School:
    """A bot with learners who each have a course open at its first section."""

    def __init__(self, bot: BotProcess, engine: Engine, port: int) -> None:
        self.bot = bot
        self.engine = engine
        self._address = f"http://127.0.0.1:{port}"
        self._count = 0

    async def learner(self) -> Someone:
        """Somebody new, who looks at a section with a ✅ under it."""
        self._count += 1
        number = 7_000_003_000 + self._count
        someone = Someone(self.engine.add_person(Person(number, f"P{number % 100}", f"p{number}")), self.engine)
        await someone.say("/learn")
        await someone.sees("I work from a text", button="Sourdough", timeout=PATIENCE)
        await someone.tap("Sourdough")
        await someone.sees("Made without AI", button="Make this course", timeout=PATIENCE)
        await someone.tap("Make this course")
        await someone.sees("Your course is ready", button="▶ Start", timeout=PATIENCE)
        await someone.tap("▶ Start")
        await someone.sees(button=DONE, timeout=PATIENCE)
        return someone

    async def health(self) -> tuple[int, str]:
        """The status of /health, and its word."""
        async with ClientSession() as session, session.get(f"{self._address}/health") as answer:
            return answer.status, (await answer.json())["status"]

    async def becomes(self, word: str) -> None:
        """Wait until /health says `word`."""
        found = ""
        for _ in range(100):
            found = (await self.health())[1]
            if found == word:
                return
            await asyncio.sleep(0.2)
        raise AssertionError(f"health is {found}, not {word}")

    def completed(self, someone: Someone) -> list[int]:
        """The sections that the database says this learner completed."""
        with closing(sqlite3.connect(self.bot.database, timeout=30)) as connection:
            found = connection.execute(
                "SELECT k.section_id FROM completion AS k JOIN learner AS l ON l.id = k.learner_id"
                " WHERE l.telegram_id = ?",
                (someone.seat.person.id,),
            )
            return [section for (section,) in found]

    async def done(self, someone: Someone, section: int) -> None:
        """Wait until that section, and no other, is completed, once."""
        for _ in range(int(PATIENCE / 0.1)):
            if self.completed(someone):
                break
            await asyncio.sleep(0.1)
        assert self.completed(someone) == [section]


@asynccontextmanager
async def school(folder: Path, port: int, **environ: str) -> AsyncIterator[School]:
    engine = Engine(folder / "telegram", pace=None)
    async with telegram_server(engine) as telegram:
        environ |= {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url, "HTTP_PORT": str(port)}
        bot = BotProcess(folder, environ)
        try:
            await bot.start()
            yield School(bot, engine, port)
            assert bot.lives == 1, "it had to be started again"
            assert await bot.stop() == 0
        except BaseException:
            print(f"the bot's last lines:\n{bot.said}")
            raise
        finally:
            await bot.kill()
            engine.close()


async def tapped(someone: Someone) -> tuple[Press, int, float]:
    """Tap ✅: the tap, its section, and when."""
    shown: Shown = await someone.sees(button=DONE)
    press = await someone.seat.press(shown.raw["message_id"], shown.data(DONE))
    return press, section_of(shown.data(DONE)), time.monotonic()


async def told(tap: tuple[Press, int, float]) -> str:
    """The toast of a tap, which comes within ten seconds."""
    press, _, at = tap
    words = (await press.toast(PATIENCE)).text
    assert time.monotonic() - at <= TOLD_WITHIN
    return words


async def lock_and_tap(made: School, seconds: float) -> list[str]:
    """Another program holds the database for so long; one learner taps at once, one in the middle. Returns toasts."""
    first, second = await made.learner(), await made.learner()
    holder = sqlite3.connect(made.bot.database, isolation_level=None, timeout=30)
    holder.execute("BEGIN IMMEDIATE")
    begun = time.monotonic()
    taps, toasts = [await tapped(first)], []
    toasts.append(asyncio.create_task(told(taps[0])))
    await asyncio.sleep(seconds / 2)
    taps.append(await tapped(second))
    toasts.append(asyncio.create_task(told(taps[1])))
    await asyncio.sleep(begun + seconds - time.monotonic())
    holder.execute("ROLLBACK")
    holder.close()
    for someone, tap in zip((first, second), taps, strict=True):
        await made.done(someone, tap[1])
    return list(await asyncio.gather(*toasts))


@pytest.mark.parametrize("times", [2, pytest.param(20, marks=pytest.mark.soak)])
async def test_a_database_that_is_locked_for_three_seconds(tmp_path: Path, free_port: int, times: int) -> None:
    async with school(tmp_path, free_port) as made:
        for _ in range(times):
            for toast in await lock_and_tap(made, 3):
                assert toast.startswith("Done · ")


@pytest.mark.parametrize(("seconds", "times"), [(12, 1), pytest.param(30, 5, marks=pytest.mark.soak)])
async def test_a_database_that_is_locked_for_long(tmp_path: Path, free_port: int, seconds: int, times: int) -> None:
    async with school(tmp_path, free_port) as made:
        for _ in range(times):
            for toast in await lock_and_tap(made, seconds):
                assert toast.startswith(HELD_UP)
        await made.becomes("healthy")


async def test_a_database_that_is_slow(tmp_path: Path, free_port: int) -> None:
    """Every write waits for most of a second: all comes late, and nobody hears of a fault."""
    async with school(tmp_path, free_port) as made:
        learners = [await made.learner() for _ in range(3)]
        slow = asyncio.create_task(_hold_again_and_again(made.bot.database))
        await asyncio.sleep(0.1)
        taps = [await tapped(someone) for someone in learners]
        for toast in await asyncio.gather(*(told(tap) for tap in taps)):
            assert toast.startswith("Done · ")
        slow.cancel()
        await asyncio.wait({slow})
        for someone, tap in zip(learners, taps, strict=True):
            await made.done(someone, tap[1])
        assert not any("fault" in one.text or "not your doing" in one.text for one in learners[0].messages())


async def _hold_again_and_again(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as holder:
        for _ in range(60):
            holder.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(0.8)
            holder.execute("ROLLBACK")
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("times", [1, pytest.param(3, marks=pytest.mark.soak)])
async def test_a_disk_that_is_full(tmp_path: Path, free_port: int, times: int) -> None:
    with small_disk(tmp_path / "data", 24) as disk:
        async with school(tmp_path, free_port) as made:
            for _ in range(times):
                await _fill_and_tap(made, disk)
            await made.becomes("healthy")


async def _fill_and_tap(made: School, disk: SmallDisk) -> None:
    readers = [await made.learner() for _ in range(2)]
    with closing(sqlite3.connect(made.bot.database)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS ballast (filling BLOB)")
    disk.fill(made.bot.pid)
    if disk.mounted:
        _use_up(made.bot.database)
    taps = [await tapped(someone) for someone in readers]
    for toast in await asyncio.gather(*(told(tap) for tap in taps)):
        assert toast.startswith(HELD_UP)
    if disk.mounted:
        await made.becomes("unhealthy")
        assert (await made.health())[0] == 503
    for someone in readers:
        assert made.completed(someone) == []
    disk.make_room()
    for someone, tap in zip(readers, taps, strict=True):
        await made.done(someone, tap[1])
        await someone.say("/progress")
        await someone.sees("Your progress", timeout=PATIENCE)


def _use_up(database: Path) -> None:
    """Write until there is no room left either in what the database had set aside for itself."""
    with closing(sqlite3.connect(database, isolation_level=None, timeout=30)) as connection:
        for size in (3000, 1):
            with pytest.raises(sqlite3.OperationalError, match="full"):
                _insert(connection, size)


def _insert(connection: sqlite3.Connection, size: int) -> None:
    for _ in range(20_000):
        connection.execute("INSERT INTO ballast VALUES (zeroblob(?))", (size,))


async def test_a_redis_that_is_gone(tmp_path: Path, free_port: int, redis_server: RedisServer) -> None:
    port = _another(free_port)
    async with school(tmp_path, port, REDIS_URL=redis_server.url) as made:
        first, second = await made.learner(), await made.learner()
        redis_server.stop()
        tap = await tapped(first)
        assert (await told(tap)).startswith("Done · ")
        await made.done(first, tap[1])
        await made.becomes("degraded")
        assert (await made.health())[0] == 200
        redis_server.start()
        await made.becomes("healthy")
        assert (await told(await tapped(second))).startswith("Done · ")


def _another(port: int) -> int:
    """A free port besides `port`, which is taken."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
    assert found != port
    return found


async def test_a_mail_server_that_is_gone(tmp_path: Path, free_port: int) -> None:
    mail = {"SMTP_URL": f"smtp://127.0.0.1:{_another(free_port)}", "MAIL_FROM": "a@learn.example"}
    async with school(tmp_path, free_port, PUBLIC_URL="https://learn.example", **mail) as made:
        someone = await made.learner()
        tap = await tapped(someone)
        assert (await told(tap)).startswith("Done · ")
        await made.becomes("degraded")
        assert (await made.health())[0] == 200
