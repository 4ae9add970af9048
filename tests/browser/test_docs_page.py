"""The page that describes the API, in a real browser: readable in light and dark, on a desk and on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, expect

from handlers.web.table import operations
from storage.database import Database
from tests.handlers.web.sidecar import sidecar
from tests.kit.browser import browser, faults_of

__all__ = ["browser"]
pytestmark = pytest.mark.browser

_CONTRAST = """() => {
    const light = (colour) => {
        const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(Number)
            .map((one) => one / 255).map((one) => one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (node) => {
        for (let at = node; at; at = at.parentElement) {
            const colour = getComputedStyle(at).backgroundColor;
            if (colour !== 'rgba(0, 0, 0, 0)') return colour;
        }
        return 'rgb(255, 255, 255)';
    };
    const words = [...document.querySelectorAll('h1, h2, p, a, small, .method, .path, .who, summary span, td, th')];
    return Math.min(...words.filter((one) => one.textContent.trim() && one.offsetParent).map((one) => {
        const [a, b] = [light(getComputedStyle(one).color), light(behind(one))].sort((x, y) => y - x);
        return (a + 0.05) / (b + 0.05);
    }));
}"""


@pytest.mark.parametrize(("scheme", "width"), [("light", 1100), ("dark", 360)])
async def test_the_whole_api_can_be_read(
    browser: Browser, tmp_path: Path, scheme: Literal["light", "dark"], width: int
) -> None:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'bare.db'}")
    async with sidecar(database, operations()) as served:
        context = await browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 760})
        context.set_default_timeout(8000)
        page = await context.new_page()
        wrong = faults_of(page)
        await page.goto(str(served.client.make_url("/api/v1/docs")))
        cards = page.locator("details.operation")
        await expect(cards).to_have_count(len(operations()))
        assert await page.locator("#state").is_hidden()

        await page.get_by_label("Find").fill("auth code")
        await expect(page.locator("details.operation:visible")).to_have_count(1)
        card = page.locator("details.operation:visible")
        await card.locator("summary").click()
        await expect(card).to_contain_text("/api/v1/auth/code")
        await expect(card.locator(".fields").first).to_contain_text("code")
        await expect(card).to_contain_text("Too Many Requests")
        assert await page.evaluate(_CONTRAST) >= 4.5
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"

        await page.get_by_label("Find").fill("")
        await page.get_by_role("navigation").get_by_role("link").first.click()
        assert "#tag-" in page.url
        await page.screenshot(path=tmp_path / "docs.png")
        assert wrong == []
        await context.close()
    await database.close()


async def test_a_link_to_an_operation_opens_it(browser: Browser, tmp_path: Path) -> None:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'bare.db'}")
    async with sidecar(database, operations()) as served:
        page = await browser.new_page()
        first = operations()[0].name
        await page.goto(f"{served.client.make_url('/api/v1/docs')}#{first}")
        await expect(page.locator("details[open]")).to_have_count(1)
        await expect(page.locator("details[open]")).to_have_id(first)
        await page.close()
    await database.close()
