"""From an empty data folder to 100 %, in a real browser: `python -m bot`, its chat page, and somebody who reads."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, expect

from services.samples import sample_text
from tests.browser.chat_page import ChatPage
from tests.browser.reading import done, read_on
from tests.kit.browser import chromium_browser
from tests.kit.process import BotProcess

pytestmark = pytest.mark.browser

_ADDRESS = re.compile(r"Chat with it at (http://127\.0\.0\.1:\d+)")
_PERCENT = re.compile(r"(\d+) %")


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with chromium_browser(chromium) as found:
        yield found


@pytest.fixture
async def bot(tmp_path: Path, free_port: int) -> AsyncIterator[BotProcess]:
    process = BotProcess(tmp_path, {"HTTP_PORT": str(free_port)})
    await process.start()
    try:
        yield process
    finally:
        await process.kill()


def address(bot: BotProcess) -> str:
    """The one address that the start prints."""
    found = _ADDRESS.search(bot.said)
    assert found, bot.said
    return found[1]


async def top_of(chat: ChatPage, message: Locator) -> float:
    """How far below the upper edge of the messages this one begins, in pixels."""
    found: float = await message.locator(".bubble").evaluate(
        "bubble => bubble.getBoundingClientRect().top - document.getElementById('scroll').getBoundingClientRect().top"
    )
    return found


async def test_a_first_course_from_asking_to_the_end(browser: Browser, bot: BotProcess) -> None:
    chat = await ChatPage.open(browser, address(bot))
    await chat.begin()
    await chat.say("teach me how sourdough works")
    await chat.sees("How sourdough works", "I need a text for that")
    await chat.tap("Sourdough")
    await chat.sees("Sourdough: From Flour to a Risen Loaf", "6 lessons", "Made without AI")

    card, messages = await chat.row(chat.last), await chat.said.count()
    await chat.watch(card)
    await chat.tap("✅ Make this course", card)
    await expect(chat.key("▶ Start", card)).to_be_visible(timeout=30_000)
    await chat.sees("Your course is ready", "6 lessons · 18 sections", on=card)
    await expect(card.locator(".photo img")).to_have_js_property("naturalWidth", 1280)
    assert await chat.said.count() == messages, "the card became the status message; nothing else was sent"
    percents = [int(found[1]) for text in await chat.watched() if (found := _PERCENT.search(text))]
    assert percents, "the status message was followed"
    assert percents == sorted(percents)

    await chat.tap("▶ Start", card)
    await chat.sees("Wild yeast and its company · 1 of 3")
    assert 0 <= await top_of(chat, chat.last) < 80, "a text longer than the screen is read from its beginning"
    read = await read_on(chat, until="Lesson 1 done")
    await expect(chat.page.locator(".toast")).to_have_text("Done · 17 % of the course")

    before = await chat.text()
    await chat.page.reload()
    await chat.sees("Lesson 1 done", "17 % of the course")
    assert await chat.text() == before, "a reload keeps what was said"

    read += await read_on(chat, until="Course done")
    assert len(read) == len(set(read)) == 18
    await expect(chat.page.locator(".toast")).to_have_text("Done · 100 % of the course")
    await chat.sees("Sourdough: From Flour to a Risen Loaf", "6 lessons, 18 sections")
    await chat.say("/progress")
    await chat.sees("Your progress", "100 %", "18 of 18 sections · 6 of 6 lessons")
    assert chat.wrong == []


async def test_with_the_keyboard_alone(browser: Browser, bot: BotProcess) -> None:
    chat = await ChatPage.open(browser, address(bot))
    keyboard = chat.page.keyboard
    await expect(chat.page.locator("#begin")).to_be_focused()
    await keyboard.press("Enter")
    await chat.sees("Hello Lena.")
    await expect(chat.input).to_be_focused()
    await keyboard.type("/learn tides")
    await keyboard.press("Enter")
    await chat.sees("I need a text for that")
    await reach(chat, "✖ Cancel", "Shift+Tab")
    await keyboard.press("ArrowUp")
    await keyboard.press("ArrowUp")
    await expect(chat.key("🌊 Tides")).to_be_focused()
    await keyboard.press("Enter")
    await chat.sees("Tides: Why the Sea Rises and Falls", "Made without AI")
    await reach(chat, "✅ Make this course", "ArrowUp")
    await keyboard.press("Enter")
    await chat.sees("Your course is ready")
    await expect(chat.key("▶ Start")).to_be_focused()
    await keyboard.press("Enter")
    await chat.sees("1 of ")
    await reach(chat, "✅ Done", "Tab")
    await keyboard.press("Enter")
    await expect(chat.key("Undo")).to_be_focused()
    await keyboard.press("Enter")
    await expect(chat.key("✅ Done")).to_have_text("✅ Done")
    await expect(chat.page.locator(".toast")).to_have_text("Taken back.")
    assert chat.wrong == []


async def reach(chat: ChatPage, label: str, by: str) -> None:
    """Press a key until the button has the focus."""
    for _ in range(12):
        if await chat.key(label).evaluate("key => key === document.activeElement"):
            return
        await chat.page.keyboard.press(by)
    raise AssertionError(f"{by} never came to {label}")


async def test_on_a_phone_a_document_becomes_a_course(browser: Browser, bot: BotProcess, tmp_path: Path) -> None:
    chat = await ChatPage.open(browser, address(bot), 390, 780, color_scheme="dark", has_touch=True)
    dark = await chat.page.locator("#head").evaluate("head => getComputedStyle(head).backgroundColor")
    await chat.begin()
    notes = tmp_path / "harbour-notes.md"
    notes.write_bytes(sample_text("tides")[1].replace(b"Tides: Why the Sea Rises and Falls", b"Harbour notes"))
    await chat.page.locator("#file").set_input_files(notes)
    await chat.page.get_by_role("button", name="Send", exact=True).last.click()
    await chat.sees("Harbour notes", "Made without AI")
    card = await chat.row(chat.last)
    await chat.tap("✅ Make this course")
    await expect(chat.key("▶ Start", card)).to_be_visible(timeout=30_000)
    await chat.tap("▶ Start")
    await chat.sees("1 of ")
    assert await chat.overflow() == [0, 0]
    await done(chat)

    await chat.page.locator("#side-open").click()
    await chat.page.get_by_role("radio", name="Ivo").click()
    await chat.begin()
    await chat.sees("Hello Ivo.")
    await chat.page.locator("#side-open").click()
    await chat.page.get_by_role("radio", name="Lena").click()
    await expect(chat.page.locator("#log")).to_contain_text("Harbour notes")
    await chat.say("/courses")
    await chat.sees("Your courses", "Harbour notes")

    await chat.page.locator("#theme").click()
    await expect(chat.page.locator("html")).to_have_attribute("data-theme", "light")
    light = await chat.page.locator("#head").evaluate("head => getComputedStyle(head).backgroundColor")
    assert light != dark
    assert chat.wrong == []
