"""Reading a course on the chat page: ✅, on to the next, until the end."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from playwright.async_api import expect

from tests.browser.chat_page import PATIENCE, ChatPage

_SECTION = re.compile(r"(.+) · (\d+) of (\d+) · \d+ min")
_END = re.compile(r"^(Lesson \d+|Course) done")
_MOST_TAPS = 150


async def done(chat: ChatPage) -> str:
    """Complete the section that is shown, and wait for all that it brings; its title."""
    head = _SECTION.match(await chat.last.inner_text())
    assert head, await chat.last.inner_text()
    section = await chat.row(chat.last)
    await chat.tap("✅ Done")
    await expect(chat.key("Undo", section)).to_be_visible()
    if head[2] == head[3]:
        await expect(chat.last).to_contain_text(_END, timeout=PATIENCE)
    return head[1]


async def read_on(chat: ChatPage, until: str, complete: Callable[[ChatPage], Awaitable[str]] = done) -> list[str]:
    """Tap ✅ and go on, section by section, until the last message says `until`; the titles that were read."""
    titles: list[str] = []
    for _ in range(_MOST_TAPS):
        if until in await chat.last.inner_text():
            return titles
        keys = await chat.keys()
        if "✅ Done" in keys:
            titles.append(await complete(chat))
        else:
            onward = next(key for key in keys if key.startswith("▶ "))
            await chat.tap(onward)
    raise AssertionError(f"never came to {until!r}; the screen: {await chat.last.inner_text()}")
