"""A real Chromium of this machine, found by the fixture `chromium`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, async_playwright

_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@asynccontextmanager
async def chromium_browser(program: str) -> AsyncIterator[Browser]:
    """A Chromium without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """The browser."""
    async with chromium_browser(chromium) as found:
        yield found


def faults_of(page: Page) -> list[str]:
    """What goes wrong in a page from now on: exceptions, errors in its console, requests to anywhere else."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda entry: wrong.append(entry.text) if entry.type == "error" else None)
    page.on(
        "request",
        lambda asked: None if asked.url.startswith(("http://127.0.0.1", "data:")) else wrong.append(asked.url),
    )
    return wrong
