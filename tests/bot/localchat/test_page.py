"""The page in a real browser, with a small bot behind it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, expect
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.localchat.engine import Engine
from bot.localchat.people import GROUP_ID, LEARNER
from tests.bot.localchat.echo import running, served
from tests.kit.browser import browser

__all__ = ["browser"]
pytestmark = pytest.mark.browser

_DROP = """async () => {
    const canvas = Object.assign(document.createElement('canvas'), {width: 8, height: 6});
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/png'));
    const data = new DataTransfer();
    data.items.add(new File([blob], 'loaf.png', {type: 'image/png'}));
    for (const name of ['dragenter', 'dragover', 'drop']) {
        document.body.dispatchEvent(new DragEvent(name, {dataTransfer: data, bubbles: true, cancelable: true}));
    }
}"""
ME = LEARNER.id


async def opened(browser: Browser, url: str, width: int = 1000, height: int = 700) -> tuple[Page, list[str]]:
    """The page as a newcomer sees it, and whatever goes wrong in it."""
    context = await browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(8000)
    page = await context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda entry: wrong.append(entry.text) if entry.type == "error" else None)
    await page.goto(url)
    await expect(page.locator("#head-title")).to_have_text("Lectern")
    return page, wrong


async def test_a_conversation(browser: Browser, tmp_path: Path) -> None:
    engine = Engine(tmp_path)
    async with running(engine), served(engine) as url:
        page, wrong = await opened(browser, url)
        await expect(page.locator(".welcome")).to_contain_text("I count and I echo.")
        await page.get_by_role("button", name="Start", exact=True).click()
        hello = page.locator(".message.theirs").first
        await expect(hello).to_contain_text("Hello. Count: 0")
        await expect(hello.locator("strong")).to_have_text("Hello.")

        plus = hello.get_by_role("button", name="+")
        await plus.click()
        await expect(hello).to_contain_text("Count: 1")
        await expect(page.locator(".toast")).to_have_text("Now 1")
        await expect(plus).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(hello).to_contain_text("Count: 2")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("ArrowLeft")
        await page.keyboard.press("Enter")
        await expect(page.locator("#alert")).to_contain_text("This is an alert.")
        await page.keyboard.press("Enter")
        await expect(page.locator("#alert")).to_be_hidden()

        await page.locator("#input").fill("<b>not bold</b>")
        await page.keyboard.press("Enter")
        await expect(page.locator(".message.theirs").last).to_contain_text("You said: <b>not bold</b>")
        await page.locator("#input").focus()
        await page.keyboard.press("ArrowUp")
        await expect(page.locator("#editing")).to_be_visible()
        await page.locator("#input").fill("plain")
        await page.keyboard.press("Enter")
        await expect(page.locator(".message.mine").last).to_contain_text("plain")
        await expect(page.locator(".message.theirs").last).to_contain_text("You corrected that to: plain")

        await page.reload()
        await expect(page.locator(".message").first).to_contain_text("/start")
        await expect(page.locator(".message.theirs").last).to_contain_text("You corrected that to: plain")
        assert wrong == []
    engine.close()


async def test_commands_quiz_and_files(browser: Browser, tmp_path: Path) -> None:
    engine = Engine()
    async with running(engine), served(engine) as url:
        page, wrong = await opened(browser, url)
        await page.get_by_role("button", name="Start", exact=True).click()
        await page.locator("#input").press_sequentially("/")
        await expect(page.locator("#commands li")).to_have_count(2)
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Only yeast").click()
        await expect(page.locator(".result.wrong")).to_contain_text("Only yeast")
        await expect(page.locator(".result.right")).to_contain_text("Yeast and bacteria")
        await expect(page.locator(".why")).to_contain_text("live together")

        notes = tmp_path / "notes.md"
        notes.write_bytes(b"# Notes")
        await page.locator("#file").set_input_files(notes)
        await page.get_by_role("button", name="Send", exact=True).last.click()
        copy = page.locator(".theirs .document")
        await expect(copy).to_contain_text("copy of notes.md")
        async with page.expect_download() as download:
            await copy.click()
        got = await (await download.value).path()
        assert got.read_bytes() == b"# Notes"
        assert wrong == []
    engine.close()


async def test_people_group_and_blocking(browser: Browser) -> None:
    engine = Engine()
    async with running(engine), served(engine) as url:
        page, wrong = await opened(browser, url)
        await page.get_by_role("radio", name="Ada").click()
        await expect(page.get_by_role("radio", name="Ada")).to_have_attribute("aria-checked", "true")
        await page.get_by_role("button", name="Start", exact=True).click()
        await expect(page.locator(".message.theirs")).to_contain_text("Hello.")
        await page.get_by_role("button", name="Study group").click()
        await engine.person(ME).send_text("/start", chat=GROUP_ID)
        await expect(page.locator(".message.theirs .sender").first).to_have_text("Lena")
        await expect(page.locator(".message.theirs").last).to_contain_text("Hello. Count: 0")
        await page.get_by_role("radio", name="Lena").click()
        await expect(page.locator(".message.mine")).to_contain_text("/start")
        await page.locator(".chat-item").first.click()
        await page.get_by_role("button", name="More").click()
        await page.get_by_role("menuitem", name="Block the bot").click()
        await expect(page.locator("#begin")).to_have_text("Restart bot")
        assert engine.person(ME).has_blocked
        await page.locator("#begin").click()
        await expect(page.locator(".message.theirs").last).to_contain_text("Hello.")
        assert wrong == []
    engine.close()


@pytest.mark.parametrize("width", [360, 390, 800, 1280])
async def test_it_fits(browser: Browser, width: int) -> None:
    engine = Engine()
    async with running(engine) as app, served(engine) as url:
        keys = [[{"text": f"A rather long button {n}", "callback_data": "x"} for n in range(3)]]
        long = "<b>Title</b>\n" + "word " * 200 + "\n<pre>" + "x" * 300 + "</pre>" + "y" * 300
        await app.bot.send_message(ME, long, parse_mode="HTML", reply_markup={"inline_keyboard": keys})
        page, wrong = await opened(browser, url, width)
        await expect(page.locator(".message")).to_have_count(1)
        wide = "[document.documentElement, document.getElementById('scroll')].map(e => e.scrollWidth - e.clientWidth)"
        assert await page.evaluate(wide) == [0, 0]
        box = await page.locator(".message .key").last.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= width
        assert wrong == []
    engine.close()


async def test_drafts_and_typing_pass(browser: Browser) -> None:
    engine = Engine()
    async with running(engine) as app, served(engine) as url:
        await app.bot.send_message(ME, "first")
        page, wrong = await opened(browser, url)
        await app.bot.send_chat_action(ME, "typing")
        await expect(page.locator("#head-status")).to_have_text("typing…")
        await app.bot.send_message_draft(ME, 1, "<i>half</i> a", parse_mode="HTML")
        await expect(page.locator(".draft em")).to_have_text("half")
        sent = await app.bot.send_message(ME, "half a sentence")
        await expect(page.locator(".draft")).to_have_count(0)
        await sent.delete()
        await expect(page.locator(".message")).to_have_count(1)
        assert wrong == []
    engine.close()


async def test_links_to_the_bot_stay_in_the_page(browser: Browser) -> None:
    engine = Engine()
    async with running(engine) as app, served(engine) as url:
        page, wrong = await opened(browser, url)
        await page.get_by_role("button", name="Study group").click()
        link = "https://t.me/lectern_local_bot?start=join_42"
        button = InlineKeyboardMarkup([[InlineKeyboardButton("Open the chat", url=link)]])
        await app.bot.send_message(GROUP_ID, "I teach in private.", reply_markup=button)
        await page.get_by_role("link", name="Open the chat").click()
        await expect(page.locator("#head-title")).to_have_text("Lectern")
        await expect(page.locator(".message.mine")).to_contain_text("/start join_42")
        assert len(page.context.pages) == 1
        assert wrong == []
    engine.close()


async def test_dropping_a_picture(browser: Browser) -> None:
    engine = Engine()
    async with running(engine), served(engine) as url:
        page, wrong = await opened(browser, url)
        await page.get_by_role("button", name="Start", exact=True).click()
        await page.evaluate(_DROP)
        await expect(page.locator("#upload-title")).to_have_text("Send a picture")
        await page.locator("#upload-caption").fill("A loaf")
        await page.keyboard.press("Enter")
        await expect(page.locator(".mine .photo img")).to_have_attribute("alt", "A loaf")
        await expect(page.locator(".theirs .photo img")).to_have_js_property("naturalWidth", 8)
        await page.locator(".theirs .photo").click()
        await expect(page.locator("#lightbox")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.locator("#lightbox")).to_be_hidden()
        assert wrong == []
    engine.close()


async def test_a_restart_of_the_bot_is_survived(browser: Browser, tmp_path: Path) -> None:
    engine = Engine(tmp_path)
    async with served(engine) as url:
        await engine.person(ME).send_text("first")
        page, _ = await opened(browser, url)
        await page.locator("#input").fill("half a thought")
    engine.close()
    await expect(page.locator("#offline")).to_be_visible()
    engine = Engine(tmp_path)
    await engine.call("sendMessage", {"chat_id": ME, "text": "while you were away"})
    async with served(engine, urlsplit(url).port or 0):
        await expect(page.locator(".message.theirs")).to_contain_text("while you were away", timeout=10_000)
        await expect(page.locator("#offline")).to_be_hidden()
        await expect(page.locator("#input")).to_have_value("half a thought")
        await page.locator("#input").press("Enter")
        await expect(page.locator(".message.mine").last).to_contain_text("half a thought")
        await page.close()
    engine.close()


async def test_the_theme_is_kept(browser: Browser) -> None:
    engine = Engine()
    async with served(engine) as url:
        page, _ = await opened(browser, url)
        await page.locator("#theme").click()
        await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        await page.reload()
        await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    engine.close()
