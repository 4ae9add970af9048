"""What is written from right to left, in a real browser: the chat page and one's own progress in Arabic."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.async_api import Browser, Locator, expect

from storage.database import Database
from tests.browser.chat_page import ChatPage
from tests.browser.pages_kit import TOO_WIDE, pages
from tests.browser.test_first_course import address
from tests.browser.test_progress_page import learn
from tests.kit.browser import browser, faults_of
from tests.kit.database import postgres, sqlite
from tests.kit.process import BotProcess
from tests.kit.signing import init_data

__all__ = ["browser", "postgres", "sqlite"]
pytestmark = pytest.mark.browser

# Where the first letter of an element stands, from its left edge, as a share of its width.
_FIRST_LETTER = """(node) => {
    const walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    let text = walk.nextNode();
    while (text && !text.data.trim()) text = walk.nextNode();
    const range = document.createRange();
    range.setStart(text, 0); range.setEnd(text, 1);
    const letter = range.getBoundingClientRect(), box = node.getBoundingClientRect();
    return (letter.left + letter.width / 2 - box.left) / box.width;
}"""


@pytest.fixture
async def bot(tmp_path: Path, free_port: int) -> AsyncIterator[BotProcess]:
    process = BotProcess(tmp_path, {"HTTP_PORT": str(free_port)})
    await process.start()
    try:
        yield process
    finally:
        await process.kill()


async def begins_at(place: Locator) -> float:
    """0 at the left edge, 1 at the right one."""
    return float(await place.evaluate(_FIRST_LETTER))


async def test_the_chat_in_arabic_is_read_from_the_right(browser: Browser, bot: BotProcess, tmp_path: Path) -> None:
    chat = await ChatPage.open(browser, address(bot), width=420)
    await chat.begin()
    await chat.say("/settings")
    await chat.sees("Settings")
    assert await begins_at(chat.last.locator(".text")) < 0.5
    await chat.tap("🌐 Language")
    await chat.tap("العربية")
    await chat.sees("الإعدادات", "اللغة: العربية")
    assert await begins_at(chat.last.locator(".text")) > 0.5
    await chat.say("/learn")
    await chat.sees("أعمل هنا انطلاقًا من نص")
    await chat.tap("Tides")
    await chat.sees("صُنعت دون ذكاء اصطناعي")
    await chat.page.screenshot(path=tmp_path / "chat-arabic.png")
    assert await chat.overflow() == [0, 0]
    assert chat.wrong == []


async def test_the_progress_page_in_arabic(browser: Browser, sqlite: Database, tmp_path: Path) -> None:
    async with pages(sqlite) as served:
        await learn(served, sqlite, 2, "ar")
        shown = {"tgWebAppData": init_data(2, served.gate.clock.now())}
        context = await browser.new_context(viewport={"width": 360, "height": 740}, locale="en-GB")
        page = await context.new_page()
        wrong = faults_of(page)
        await page.goto(f"{served.url('/app')}#{urlencode(shown)}")
        await expect(page.locator("#tiles")).to_contain_text("30 د")
        await expect(page.locator("html[lang=ar][dir=rtl]")).to_have_count(1)
        await expect(page.locator("article.course")).to_contain_text("الأقسام: 3 من 6، الدروس: 1 من 3")
        assert await begins_at(page.locator("#courses-title")) > 0.5
        assert await page.evaluate(TOO_WIDE) <= 0
        await page.screenshot(path=tmp_path / "progress-arabic.png", full_page=True)
        assert wrong == []
        await context.close()
