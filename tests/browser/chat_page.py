"""The chat page in a real browser, used as people use it: they read what stands there, type, tap, and turn pages."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Browser, Locator, Page, expect

PATIENCE = 15_000  # milliseconds
# Everything that one message says from now on, each text once, in order.
_WATCH = """(row) => {
    window.said = [row.innerText];
    new MutationObserver(() => { if (window.said.at(-1) !== row.innerText) window.said.push(row.innerText); })
        .observe(row, {childList: true, subtree: true, characterData: true});
}"""


class ChatPage:
    """The page at one address, and whatever goes wrong in it (`wrong`)."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: list[str] = []
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda entry: self.wrong.append(entry.text) if entry.type == "error" else None)

    @classmethod
    async def open(cls, browser: Browser, url: str, width: int = 1000, height: int = 760, **looks: Any) -> ChatPage:
        """The page as a newcomer sees it, in a window of `width` by `height` pixels."""
        context = await browser.new_context(viewport={"width": width, "height": height}, **looks)
        context.set_default_timeout(PATIENCE)
        chat = cls(await context.new_page())
        await chat.page.goto(url)
        await expect(chat.page.locator("#head-title")).to_have_text("Lectern")
        return chat

    @property
    def said(self) -> Locator:
        """The bot's messages."""
        return self.page.locator(".message.theirs[data-id]")

    @property
    def last(self) -> Locator:
        """The bot's last message."""
        return self.said.last

    @property
    def input(self) -> Locator:
        """Where one writes."""
        return self.page.locator("#input")

    async def begin(self) -> None:
        """Press Start, the one thing a newcomer can do."""
        await self.page.locator("#begin").click()
        await self.sees("Hello")

    async def say(self, text: str) -> None:
        """Type a message and send it."""
        await self.input.fill(text)
        await self.input.press("Enter")

    async def sees(self, *words: str, on: Locator | None = None) -> Locator:
        """Wait until a message (the last one) says all the words."""
        for each in words:
            await expect(on or self.last).to_contain_text(each, timeout=PATIENCE)
        return on or self.last

    def key(self, label: str, on: Locator | None = None) -> Locator:
        """The first button of a message (the last one) whose label begins with `label`."""
        return (on or self.last).locator(".key").filter(has_text=label).first

    async def keys(self) -> list[str]:
        """The labels under the last message, in reading order."""
        return await self.last.locator(".key").all_inner_texts()

    async def tap(self, label: str, on: Locator | None = None) -> None:
        """Tap a button and wait until something in the chat has changed."""
        before = await self.text()
        await self.key(label, on).click()
        await self.page.wait_for_function(
            "before => document.getElementById('log').innerText !== before", arg=before, timeout=PATIENCE
        )

    async def text(self) -> str:
        """Everything that can be read in the chat."""
        return await self.page.locator("#log").inner_text()

    async def row(self, message: Locator) -> Locator:
        """The same message, whatever comes after it."""
        return self.page.locator(f'.message[data-id="{await message.get_attribute("data-id")}"]')

    async def watch(self, message: Locator) -> None:
        """From now on remember everything that this message says."""
        await message.evaluate(_WATCH)

    async def watched(self) -> list[str]:
        """What the watched message has said, each text once, in order."""
        found: list[str] = await self.page.evaluate("window.said")
        return found

    async def overflow(self) -> list[int]:
        """By how many pixels the page, and the messages, are wider than the window."""
        parts = "[document.documentElement, document.getElementById('scroll')]"
        found: list[int] = await self.page.evaluate(f"{parts}.map(part => part.scrollWidth - part.clientWidth)")
        return found
