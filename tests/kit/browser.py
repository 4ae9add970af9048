"""A real Chromium of this machine; without one a test is skipped with a notice, except in CI."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator

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
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """The browser."""
    program = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if program is None:
        message = "no Chromium on this machine: the page was not tried in a browser"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=program, args=_ARGUMENTS)
        yield found
        await found.close()


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
