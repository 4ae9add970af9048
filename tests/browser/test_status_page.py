"""The admins' status page in a real browser: what it shows is true, updates itself, and can be acted upon."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import text

from handlers.web.operations import Call, Operation, Out, Who
from storage.database import Database
from storage.models import Generation
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


class SpentOut(Out):
    """Money of the last 24 hours, 7 days and 30 days."""

    day: str
    week: str
    month: str


class SpendingOut(Out):
    """What models charged, in all and for a course."""

    spent: SpentOut
    a_course: str
    caps: tuple[str, ...] = ()


async def spending(call: Call) -> SpendingOut:
    """As somebody may have it one day."""
    return SpendingOut(spent=SpentOut(day="1.20 $", week="8.40 $", month="31.00 $"), a_course="0.31 $")


async def generated(served: Served, *ends: tuple[str, str | None, int]) -> None:
    """Generations that ended in a state, for a reason, so many days ago."""
    who = (await served.gate.admin()).id
    async with served.gate.database.transaction() as session:
        for number, (state, failure, days) in enumerate(ends):
            at = served.gate.clock.now() - timedelta(days=days)
            same: dict[str, Any] = {"learner_id": who, "order": {}, "runs": 0, "progress": 0, "message_replaced": False}
            session.add(Generation(request_key=str(number), state=state, failure=failure, created_at=at, **same))


async def rows(page: Page) -> list[list[str]]:
    return [await row.locator("th, td").all_inner_texts() for row in await page.locator("#making tr").all()]


async def test_what_was_made_and_what_it_cost(browser: Browser, sqlite: Database) -> None:
    async with pages(sqlite) as served:
        page = await browser.new_page()
        await sign_in(page, served)
        await expect(page.locator("#making")).to_contain_text("none so far")
        await expect(page.locator("#no-money")).to_be_visible()
        await page.close()
    money = Operation(
        method="GET", path="/admin/spending", summary="Money", handler=spending, who=Who.ADMIN, answers=SpendingOut
    )
    async with pages(sqlite, money) as served:
        await generated(served, ("ready", None, 0), ("ready", None, 3), ("failed", "overloaded", 20))
        page = await browser.new_page(viewport={"width": 360, "height": 760})
        wrong = faults_of(page)
        await sign_in(page, served)
        await expect(page.locator("#making tr")).to_have_count(5)
        assert await rows(page) == [
            ["failed", "0", "0", "1"],
            ["ready", "1", "2", "2"],
            ["failed: overloaded", "0", "0", "1"],
            ["a course", "0.31 $"],
            ["spent", "1.20 $", "8.40 $", "31.00 $"],
        ]
        assert await page.locator("#no-money").is_hidden()
        assert await page.evaluate(CONTRAST) >= 4.5
        assert await page.evaluate(TOO_WIDE) <= 0
        assert wrong == []
        await page.close()


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
