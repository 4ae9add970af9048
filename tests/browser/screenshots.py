"""The pictures of the README: ``python -m tests.browser.screenshots docs/images`` takes them anew.

The product itself with the author that needs no key, at a pace that can be photographed: lessons come seconds apart,
and reading takes as long as it takes a person. Emoji need a font that has them (Debian: fonts-noto-color-emoji).
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, expect

from bot.lifecycle import shut_down, start
from bot.localchat.engine import Engine
from bot.localchat.people import TOKEN
from bot.localchat.request import LocalRequest
from bot.settings import load_settings
from bot.wiring import build_house
from handlers.chat.registry import announce_commands
from services.authors.offline import OfflineAuthor
from services.authors.protocol import Check, CoursePlan, Order, Piece, Wanted
from services.clock import SystemClock
from storage.database import Database
from storage.migrate import migrate
from tests.bot.localchat.echo import served
from tests.browser.chat_page import ChatPage
from tests.browser.reading import done, read_on
from tests.kit.browser import chromium_browser

LOOKS = ("light", "dark")
WIDTH, HEIGHT, SCALE = 360, 660, 2
COLOURS = 256
READING = timedelta(minutes=4)
LESSON_SECONDS = 3.0


class EveningClock(SystemClock):
    """Today, from twenty to seven in the evening on; ahead by all that was spent on reading."""

    def __init__(self) -> None:
        now = datetime.now(UTC)
        self.ahead = now.replace(hour=18, minute=40, second=0) - now

    def now(self) -> datetime:
        """The time in the pictures."""
        return super().now() + self.ahead


class UnhurriedAuthor(OfflineAuthor):
    """The same courses, lesson after lesson."""

    async def write_lesson(
        self, order: Order, plan: CoursePlan, lesson: int, wanted: Wanted, check: Check
    ) -> AsyncGenerator[Piece, None]:
        """Each lesson `LESSON_SECONDS` after the one before."""
        await asyncio.sleep(LESSON_SECONDS * (lesson + 1))
        async with aclosing(super().write_lesson(order, plan, lesson, wanted, check)) as pieces:
            async for piece in pieces:
                yield piece


@asynccontextmanager
async def school(folder: Path, clock: EveningClock) -> AsyncIterator[str]:
    """The bot with its chat page on an empty folder; gives the address of the page."""
    settings = load_settings({"DATA_DIR": str(folder)}, None)
    database = await Database.open(settings.database_url.get_secret_value())
    await migrate(database)
    engine = Engine(folder / "localchat", clock=clock)
    request, author = LocalRequest(engine), UnhurriedAuthor()
    house = build_house(settings, database, token=TOKEN, request=request, clock=clock, author=author)
    await house.application.initialize()
    await announce_commands(house.application)
    polling = await start(house)
    try:
        async with served(engine) as address:
            yield address
    finally:
        await shut_down(house, polling)
        await database.close()
        engine.close()


class Album:
    """Takes pictures of a chat as it looks in `looks` and puts them into `folder`."""

    def __init__(self, chat: ChatPage, folder: Path, looks: str) -> None:
        self.chat = chat
        self.folder = folder
        self.looks = looks

    async def take(self, name: str) -> None:
        """One picture, without passing words."""
        await expect(self.chat.page.locator(".toast, .passing")).to_have_count(0)
        await self.chat.page.wait_for_timeout(1500)
        path = self.folder / f"{name}-{self.looks}.png"
        await self.chat.page.screenshot(path=path, caret="hide")
        await asyncio.to_thread(_lighten, path)


def _lighten(path: Path) -> None:
    """Make a picture's file half as large: few colours, mixed where there were more."""
    with Image.open(path) as picture:
        whole = picture.convert("RGB")
    colours = whole.quantize(COLOURS, kmeans=2)
    whole.quantize(palette=colours, dither=Image.Dither.FLOYDSTEINBERG).save(path, optimize=True)


async def walk(browser: Browser, folder: Path, looks: str) -> None:
    """A first course, photographed on its way."""
    clock = EveningClock()
    with tempfile.TemporaryDirectory() as data:
        async with school(Path(data), clock) as address:
            size = {"color_scheme": looks, "device_scale_factor": SCALE}
            chat = await ChatPage.open(browser, address, WIDTH, HEIGHT, **size)
            album = Album(chat, folder, looks)
            await chat.begin()
            await chat.say("teach me how sourdough works")
            await chat.sees("I need a text for that")
            await chat.tap("🍞")
            await chat.sees("Made without AI")
            await album.take("request")
            card = await chat.row(chat.last)
            await chat.tap("✅ Make this course")
            await chat.sees("✅ 2", on=card)
            await album.take("making")
            await expect(card).to_contain_text("Your course is ready", timeout=60_000)
            await album.take("ready")
            await chat.tap("▶ Start", card)
            await album.take("section")
            await read(chat, clock, "Lesson 1 done")
            await album.take("lesson-end")
            await read(chat, clock, "Course done")
            await album.take("course-end")


async def read(chat: ChatPage, clock: EveningClock, until: str) -> None:
    """Read on as `read_on` does, at the pace of a person."""

    async def section(page: ChatPage) -> str:
        clock.ahead += READING
        return await done(page)

    await read_on(chat, until, section)


async def main(folder: Path) -> None:
    """All pictures, light and dark, into `folder`."""
    program = shutil.which("chromium") or shutil.which("google-chrome") or ""
    async with chromium_browser(program) as browser:
        for looks in LOOKS:
            await walk(browser, folder, looks)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
