"""The learner's progress page in a real browser: as a Mini App with Telegram's colours, and with a code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

import pytest
from playwright.async_api import Browser, expect

from storage.database import Database
from tests.browser.pages_kit import CONTRAST, TOO_WIDE, Served, pages
from tests.kit.browser import browser, faults_of
from tests.kit.database import postgres, sqlite
from tests.kit.school import add_course
from tests.kit.signing import init_data

__all__ = ["browser", "postgres", "sqlite"]
pytestmark = pytest.mark.browser

NIGHT = {
    "bg_color": "#17212b",
    "text_color": "#f5f5f5",
    "hint_color": "#708499",
    "subtitle_text_color": "#8fa3b5",
    "button_color": "#2b6fb0",
    "button_text_color": "#ffffff",
    "secondary_bg_color": "#0f1822",
}


async def learn(served: Served, database: Database, telegram_id: int, language: str = "en") -> None:
    """Somebody who has done three of six sections over two days."""
    learner = await served.gate.learners.arrive(telegram_id, "Lena", None, language, served.gate.clock.now())
    _, sections = await add_course(database, learner.id)
    for section in sections[:3]:
        await served.progress.complete_section(learner.id, section, served.gate.clock.now(), seconds=600)
        served.gate.clock.move(14 * 3600)


async def test_as_a_mini_app_it_knows_who_looks_and_wears_telegrams_colours(
    browser: Browser, sqlite: Database, tmp_path: Path
) -> None:
    async with pages(sqlite) as served:
        await learn(served, sqlite, 2)
        shown = {"tgWebAppData": init_data(2, served.gate.clock.now()), "tgWebAppThemeParams": json.dumps(NIGHT)}
        context = await browser.new_context(viewport={"width": 360, "height": 740}, color_scheme="light")
        page = await context.new_page()
        wrong = faults_of(page)
        await page.goto(f"{served.url('/app')}#{urlencode(shown)}")
        await expect(page.locator("#tiles")).to_contain_text("30 min")
        await expect(page.locator("article.course")).to_have_count(1)
        await expect(page.locator("article.course")).to_contain_text("3 of 6 sections, 1 of 3 lessons")
        await expect(page.locator("article.course")).to_contain_text("Next: Section 2.2")
        await expect(page.get_by_role("img", name="Sourdough for everybody: 50 per cent")).to_be_visible()
        assert await page.locator("#days rect").count() == 14
        assert await page.locator("#days rect.bar-full").count() == 2
        assert "30 min on 2 of 14 days" in await page.locator("#days-words").inner_text()
        card = page.locator("article.course")
        assert await card.evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(23, 33, 43)"
        assert await page.evaluate(CONTRAST) >= 4.5
        assert await page.evaluate(TOO_WIDE) <= 0
        await page.screenshot(path=tmp_path / "progress-telegram.png", full_page=True)
        assert wrong == []
        await context.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1000), ("dark", 360)])
async def test_with_a_code_it_opens_and_stays_open(
    browser: Browser, sqlite: Database, tmp_path: Path, scheme: Literal["light", "dark"], width: int
) -> None:
    async with pages(sqlite) as served:
        await learn(served, sqlite, 2)
        context = await browser.new_context(viewport={"width": width, "height": 740}, color_scheme=scheme)
        page = await context.new_page()
        wrong = faults_of(page)
        await page.goto(served.url("/app/"))
        assert await page.evaluate(CONTRAST) >= 4.5
        await page.get_by_label("Code").fill(await served.code(2))
        await page.get_by_role("button", name="Open my progress").click()
        await expect(page.locator("article.course")).to_contain_text("3 of 6 sections")
        assert await page.evaluate(CONTRAST) >= 4.5
        assert await page.evaluate(TOO_WIDE) <= 0
        await page.screenshot(path=tmp_path / "progress.png", full_page=True)
        await page.reload()  # the session goes on with the next refresh token
        await expect(page.locator("article.course")).to_be_visible()
        await page.reload()
        await expect(page.locator("article.course")).to_be_visible()
        assert wrong == []
        await context.close()


async def test_what_does_not_count_is_said_and_a_code_asked_for(browser: Browser, sqlite: Database) -> None:
    async with pages(sqlite) as served:
        page = await browser.new_page()
        forged = init_data(2, served.gate.clock.now()).replace("Lena", "Ines") + "0"
        await page.goto(f"{served.url('/app/')}#{urlencode({'tgWebAppData': forged, 'tgWebAppThemeParams': '{'})}")
        await expect(page.get_by_role("alert")).not_to_be_empty()
        await page.get_by_label("Code").fill("WRONG")
        await page.get_by_role("button", name="Open my progress").click()
        await expect(page.get_by_role("alert")).to_contain_text("/login")
        await page.get_by_label("Code").fill(await served.code(3))
        await page.get_by_role("button", name="Open my progress").click()
        await expect(page.locator("#courses")).to_contain_text("No course yet")
        await page.close()


async def test_telegram_may_frame_it_and_nobody_else(sqlite: Database) -> None:
    async with pages(sqlite) as served:
        for path, allowed in (("/app/", True), ("/app/progress.js", True), ("/admin/", False), ("/health", False)):
            async with served.client.get(path) as answer:
                policy = answer.headers["Content-Security-Policy"]
                assert ("https://web.telegram.org" in policy) is allowed
                assert "default-src 'self'" in policy
                assert "'unsafe-inline'" not in policy
        for path in ("/app/status.js", "/app/..%2fdocs%2fdocs.js", "/app/x", "/admin/progress.js"):
            async with served.client.get(path) as answer:
                assert answer.status == 404
        async with served.client.get("/app/base.css") as answer:
            tag = answer.headers["ETag"]
        async with served.client.get("/app/base.css", headers={"If-None-Match": tag}) as answer:
            assert answer.status == 304
