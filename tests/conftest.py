"""What every test has: no way out of this machine; on request a free port, a browser."""

from __future__ import annotations

import gc
import os
import shutil
import socket
from collections.abc import Generator

import hypothesis
import pytest

from tests.kit.loopback_only import loopback_only

__all__ = ["loopback_only"]

# What an example takes says how busy the machine is, not whether the rule holds.
hypothesis.settings.register_profile("lectern", deadline=None)
hypothesis.settings.load_profile("lectern")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """What ``-n auto`` is: one more than there are cores, because much of what tests do is to wait."""
    return (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1) + 1


def pytest_collection() -> None:
    """Nothing that collecting makes is garbage: who looks for some does it in vain, a quarter of the time."""
    gc.disable()


def pytest_collection_finish() -> None:
    """What is there now stays to the end and need not be looked through again and again."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What was logged may hold half a character on purpose, which no report can carry from one process to another."""
    report = yield
    report.sections = [(name, text.encode("utf-8", "replace").decode()) for name, text in report.sections]
    return report


@pytest.fixture
def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where a Chromium is. Without one tests are skipped, except where nothing may be left out: there they fail."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        words = "NOT TESTED IN A BROWSER: there is no Chromium on this machine"
        if os.environ.get("CI") or os.environ.get("LECTERN_REQUIRE_ALL"):
            pytest.fail(words)
        pytest.skip(words)
    return found
