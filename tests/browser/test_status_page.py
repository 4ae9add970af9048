"""The admins' status page in a real browser: what it shows is true, updates itself, and can be acted upon."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import text

from storage.database import Database
from tests.browser.pages_kit import CONTRAST, TOO_WIDE, Served, chore, pages
from tests.kit.browser import browser, faults_of
from tests.kit.database import postgres, sqlite

__all__ = ["browser", "postgres", "sqlite"]
pytestmark = pytest.mark.browser
NEXT_LOOK = 12_000  # milliseconds: the page looks every five seconds


async def sign_in(page: Page, served: Served, telegram_id: int = 1) -> None:
    await page.goto(served.url("/admin/"))
    await page.get_by_label("Code").fill(await served.code(telegram_id))
    await page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1000), ("dark", 360)])
async def test_it_shows_how_things_are_and_goes_on_looking(
    browser: Browser, sqlite: Database, tmp_path: Path, scheme: Literal["light", "dark"], width: int
) -> None:
    async with pages(sqlite) as served:
        await served.jobs.put(chore(1), chore(2))
        context = await browser.new_context(viewport={"width": width, "height": 760}, color_scheme=scheme)
        page = await context.new_page()
        wrong = faults_of(page)
        await sign_in(page, served)
        await expect(page.locator("#whole")).to_have_text("Everything works.")
        await expect(page.locator("#probes li")).to_have_count(2)
        await expect(page.locator("#money li").first).to_contain_text("of $5.00")
        await expect(page.locator("#limits")).to_contain_text("no cap")
        await expect(page.locator("#aside li")).to_have_count(2, timeout=NEXT_LOOK)
        await expect(page.locator("#aside")).to_contain_text("ValueError")
        assert "own words" not in await page.content()
        assert await page.evaluate(CONTRAST) >= 4.5
        assert await page.evaluate(TOO_WIDE) <= 0
        await page.screenshot(path=tmp_path / "status.png", full_page=True)

        served.failing = False
        await page.get_by_role("button", name="Try chore").first.click()
        await expect(page.locator("#aside li")).to_have_count(1)
        await page.get_by_role("button", name="Give up chore").click()
        await page.get_by_role("button", name="Give up chore").click()
        await expect(page.locator("#aside")).to_contain_text("Nothing.")
        assert wrong == []
        await context.close()


async def test_trouble_shows_by_itself(browser: Browser, sqlite: Database) -> None:
    async with pages(sqlite) as served:
        page = await browser.new_page()
        await sign_in(page, served)
        await expect(page.locator("#whole")).to_have_text("Everything works.")
        async with sqlite.transaction() as session:
            await session.execute(
                text(
                    "INSERT INTO work (kind, lane, key, payload, state, tries, due, owner, created_at)"
                    " VALUES ('x', 'x', 'x', '{}', 'open', 0, 0, 'somebody', 0)"
                )
            )
        served.gate.clock.move(3)  # health is at most two seconds old
        await expect(page.locator("#whole")).to_contain_text("something is lost", timeout=NEXT_LOOK)
        await expect(page.locator("#kinds")).to_contain_text("x")
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.get_by_label("Code")).to_be_visible()
        await page.reload()
        await expect(page.get_by_label("Code")).to_be_visible()
        await page.close()


async def test_who_is_no_admin_is_told_so(browser: Browser, sqlite: Database) -> None:
    async with pages(sqlite) as served:
        page = await browser.new_page()
        await sign_in(page, served, 2)
        await expect(page.get_by_role("alert").first).to_contain_text("for admins")
        assert await page.locator("#board").is_hidden()
        await page.close()
