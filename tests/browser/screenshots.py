"""The pictures of the documents: ``python -m tests.browser.screenshots docs/images`` takes them anew.

A first course in light and in dark (the README's), and single screens in English and in Arabic (those of screens.md).

The product itself with the author that needs no key, at a pace that can be photographed: lessons come seconds apart,
and reading takes as long as it takes a person. Emoji need a font that has them (Debian: fonts-noto-color-emoji).
"""

from __future__ import annotations

import asyncio
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, FilePayload, Locator, expect

from bot.lifecycle import shut_down, start
from bot.localchat.engine import Engine
from bot.localchat.people import TOKEN
from bot.localchat.request import LocalRequest
from bot.settings import load_settings
from bot.wiring import build_house
from handlers.chat.registry import announce_commands
from handlers.texts import LANGUAGES, plain
from services.authors.offline import OfflineAuthor
from services.authors.protocol import Check, CoursePlan, Order, Piece, Wanted
from services.clock import SystemClock
from storage.database import Database
from storage.migrate import migrate
from tests.bot.localchat.echo import served
from tests.browser.chat_page import ChatPage
from tests.browser.reading import done, read_on
from tests.chat.test_grounded import lines
from tests.kit.browser import chromium_browser
from tests.services.documents.files import pdf

LOOKS = ("light", "dark")
WIDTH, HEIGHT, SCALE = 360, 660, 2
COLOURS = (256, 192, 128, 96, 64, 48, 32)  # as many of them as there is room for
MOST_BYTES = 100_000  # of one picture
READING = timedelta(minutes=4)
LESSON_SECONDS = 3.0
SETTLING = 700  # milliseconds in which all that a tap brings has come
TONGUES = ("en", "ar")
DAYS = (1, 2, 0, 1)  # sections done on each of the days before the picture of one's progress


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
    """Takes pictures of a chat, of a `kind` (its looks, its language), and puts them into `folder`."""

    def __init__(self, chat: ChatPage, folder: Path, kind: str) -> None:
        self.chat = chat
        self.folder = folder
        self.kind = kind

    async def take(self, name: str) -> None:
        """One picture, without passing words."""
        await expect(self.chat.page.locator(".toast, .passing")).to_have_count(0)
        await self.chat.page.mouse.move(0, 0)  # no button looks as if it were about to be tapped
        await self.chat.page.wait_for_timeout(1500)
        path = self.folder / f"{name}-{self.kind}.png"
        await self.chat.page.screenshot(path=path, caret="hide")
        await asyncio.to_thread(_lighten, path)


def _lighten(path: Path) -> None:
    """Make a picture's file small enough: as many colours as it may have, none mixed."""
    with Image.open(path) as picture:
        whole = picture.convert("RGB")
    for colours in COLOURS:
        file = BytesIO()
        whole.quantize(colours, kmeans=2, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
        if file.tell() <= MOST_BYTES:
            break
    path.write_bytes(file.getvalue())


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


async def tour(browser: Browser, folder: Path, language: str) -> None:
    """What a course from a document of one's own looks like in `language`."""
    clock = EveningClock()
    with tempfile.TemporaryDirectory() as data:
        async with school(Path(data), clock) as address:
            chat = await ChatPage.open(browser, address, WIDTH, HEIGHT, color_scheme="light", device_scale_factor=SCALE)
            album, words = Album(chat, folder, language), Words(language)
            await chat.begin()
            if language != "en":
                await speak(chat, language)
            card = await make(chat, words, *document(language))
            await album.take("card")
            await chat.tap("▶", card)
            await expect(words.done(chat)).to_be_visible()
            await quotation(chat, words)
            await album.take("quote")
            await ask(chat, album, words)
            await learn(chat, clock, words)
            await chat.say("/progress")
            await chat.sees(words("progress.head"))
            await chat.tap("🖼")
            await expect(chat.last.locator(".photo img")).to_have_js_property("complete", True)
            await album.take("progress")


class Words:
    """What stands on the screens of one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str) -> str:
        """A text without anything put into it, as plain text."""
        return re.sub("<.*?>", "", plain(self.language, key))

    def done(self, chat: ChatPage) -> Locator:
        """The button that completes the section that is shown last."""
        return chat.last.get_by_role("button", name=self("section.done"), exact=True)


def document(language: str) -> tuple[str, bytes]:
    """A file in `language`: its name and what is in it. In English its pages have numbers."""
    if language == "en":
        return "tides.pdf", pdf(lines(), title="Tides")
    return "bread.md", (Path(__file__).parent / f"bread-{language}.md").read_bytes()


async def speak(chat: ChatPage, language: str) -> None:
    """Choose a language in the settings."""
    await chat.say("/settings")
    await chat.sees("Settings")
    await chat.tap("🌐")
    await chat.tap(LANGUAGES[language])


async def make(chat: ChatPage, words: Words, name: str, content: bytes) -> Locator:
    """Send a document and have its course made; the message that says that it is ready."""
    file: FilePayload = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    await chat.page.locator("#file").set_input_files(file)
    await chat.page.get_by_role("button", name="Send", exact=True).last.click()
    await expect(chat.key("✅")).to_be_visible(timeout=60_000)
    card = await chat.row(chat.last)
    await chat.tap("✅", card)
    await expect(card.locator(".photo img")).to_have_js_property("naturalWidth", 1280, timeout=60_000)
    await expect(chat.key("▶", card)).to_be_visible()
    return card


async def quotation(chat: ChatPage, words: Words) -> None:
    """Read until a section says what it rests on, unfold that, and go to its end."""
    while not await chat.last.locator("blockquote").count():
        await complete(chat, words)
        await forward(chat, words)
    more = chat.last.locator(".unfold")
    if await more.is_visible():
        await more.click()
    await chat.last.locator(".keyboard").scroll_into_view_if_needed()


async def ask(chat: ChatPage, album: Album, words: Words) -> None:
    """Complete the section and take a question of it, then the same after a wrong answer."""
    await complete(chat, words)
    await chat.tap("❓")
    while True:
        await album.take("question")
        await chat.tap("A")
        if words("question.toast.wrong") in await chat.last.inner_text():
            break
        await chat.tap("▶")
    await album.take("hint")
    await chat.tap(words("question.back"))


async def complete(chat: ChatPage, words: Words) -> None:
    """The section that is shown is done."""
    await words.done(chat).click()
    await expect(words.done(chat)).to_have_count(0)
    await chat.page.wait_for_timeout(SETTLING)


async def forward(chat: ChatPage, words: Words) -> None:
    """Go on to the next section, by whatever stands between."""
    while not await words.done(chat).count():
        await chat.tap("▶")
        await chat.page.wait_for_timeout(SETTLING)


async def learn(chat: ChatPage, clock: EveningClock, words: Words) -> None:
    """Some sections a day, for some days."""
    for sections in DAYS:
        for _ in range(sections):
            await forward(chat, words)
            clock.ahead += READING
            await complete(chat, words)
        clock.ahead += timedelta(days=1)


async def main(folder: Path) -> None:
    """All pictures into `folder`."""
    program = shutil.which("chromium") or shutil.which("google-chrome") or ""
    async with chromium_browser(program) as browser:
        for looks in LOOKS:
            await walk(browser, folder, looks)
        for language in TONGUES:
            await tour(browser, folder, language)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
