"""Logs in a process of their own, as they run: what is written, and what never is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

TOKEN = "123456789:" + "AbC-_" * 7
SECRET = 'pass"wörd-\\-ß'
ROOT = Path(__file__).parents[2]

HEAD = """
import asyncio, logging, sys, threading, warnings
from bot.logs import configure_logs
FORMAT, LEVEL, TOKEN, SECRET = sys.argv[1:]
configure_logs(LEVEL, FORMAT, [SECRET])
log = logging.getLogger("services.example")
"""


def run(body: str, fmt: str = "json", level: str = "INFO", *, code: int = 0) -> str:
    """What `body` writes to standard error; standard output stays empty."""
    command = [sys.executable, "-c", HEAD + body, fmt, level, TOKEN, SECRET]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert not any(spelled in done.stderr for spelled in (TOKEN, SECRET, json.dumps(SECRET)[1:-1], repr(SECRET)[1:-1]))
    return done.stderr


LEAKS = """
log.info("plain " + TOKEN)
log.info("argument %s and %r", TOKEN, {"key": SECRET})
log.info("extra", extra={"token": TOKEN, "nested": {"list": [SECRET, f"https://h/bot{TOKEN}/getMe"]}})
log.info("bytes %s", TOKEN.encode())
class Thing:
    def __repr__(self): return f"<Thing {SECRET}>"
log.info("object", extra={"thing": Thing()})
try:
    try:
        raise ValueError(f"GET https://h/bot{TOKEN}/getMe")
    except ValueError as error:
        raise RuntimeError(SECRET) from error
except RuntimeError:
    log.exception("failed with %s", SECRET)
log.info("stack", stack_info=True)
"""


@pytest.mark.parametrize("fmt", ["console", "json"])
def test_no_secret_is_written_in_any_way(fmt: str) -> None:
    said = run(LEAKS, fmt)
    assert said.count("[redacted]") >= 9
    assert "Traceback" in said
    assert "ValueError: GET https://h/bot[redacted]/getMe" in said


@pytest.mark.parametrize("fmt", ["console", "json"])
def test_a_line_that_cannot_be_written_is_reported_without_its_arguments(fmt: str) -> None:
    said = run('log.info("number %d", TOKEN)\nlog.info("next \\ud83d")\n', fmt)
    assert "could not be written" in said
    assert "number %d" in said
    assert "next" in said


@pytest.mark.parametrize("fmt", ["console", "json"])
def test_an_uncaught_exception_is_logged_without_secrets(fmt: str) -> None:
    said = run("raise RuntimeError(TOKEN, SECRET)\n", fmt, code=1)
    assert "Stopped by a fault" in said
    assert "RuntimeError" in said


def test_what_threads_tasks_and_warnings_say_goes_the_same_way() -> None:
    said = run(
        "threading.Thread(target=lambda: 1 / int(SECRET)).start()\n"
        "warnings.warn(TOKEN)\n"
        "class Falls:\n"
        "    def __del__(self): raise ValueError(TOKEN)\n"
        "Falls()\n"
        "async def main():\n"
        "    asyncio.get_running_loop().call_exception_handler({'message': TOKEN, 'exception': ValueError(SECRET)})\n"
        "asyncio.run(main())\n"
    )
    lines = [json.loads(line) for line in said.splitlines()]
    assert {line["logger"] for line in lines} == {"py.warnings", "asyncio", "bot.logs"}


def test_json_is_one_object_a_line_with_what_was_given() -> None:
    said = run('log.warning("course %s\\nready", 7, extra={"seconds": 1.5, "title": "Über"})\nlog.info("b")\n')
    first, second = (json.loads(line) for line in said.splitlines())
    assert first["event"] == "course 7\nready"
    assert (first["level"], first["logger"]) == ("warning", "services.example")
    assert (first["seconds"], first["title"]) == (1.5, "Über")
    assert first["timestamp"].endswith("Z")
    assert second["event"] == "b"


@pytest.mark.parametrize("fmt", ["console", "json"])
def test_the_name_of_the_request_is_in_every_line_while_it_is_served(fmt: str) -> None:
    body = """
from structlog.contextvars import bound_contextvars
with bound_contextvars(request_id="req-1"):
    log.info("inside")
    asyncio.run(asyncio.to_thread(logging.getLogger("elsewhere").warning, "from a thread"))
log.info("outside")
"""
    inside, thread, outside = run(body, fmt).splitlines()
    assert "req-1" in inside
    assert "req-1" in thread
    assert "req-1" not in outside


def test_console_lines_are_for_people_and_uncoloured_in_a_pipe() -> None:
    (line,) = run('log.info("ready", extra={"port": 8080})\n', "console").splitlines()
    assert "ready" in line
    assert "port=8080" in line
    assert "services.example" in line
    assert "\x1b" not in line


def test_levels_count_and_other_peoples_requests_are_not_news() -> None:
    body = """
for name in ("httpx", "httpx2", "telegram.ext", "services.example"):
    for level in ("DEBUG", "INFO", "WARNING", "ERROR"):
        logging.getLogger(name).log(getattr(logging, level), "%s", level)
"""
    heard = [(line["logger"], line["event"]) for line in map(json.loads, run(body, level="DEBUG").splitlines())]
    assert [level for name, level in heard if name == "services.example"] == ["DEBUG", "INFO", "WARNING", "ERROR"]
    for name in ("httpx", "httpx2", "telegram.ext"):
        assert [level for one, level in heard if one == name] == ["WARNING", "ERROR"]
    assert {json.loads(line)["event"] for line in run(body, level="ERROR").splitlines()} == {"ERROR"}


def test_configured_twice_writes_once() -> None:
    assert len(run('configure_logs("INFO", "json", [SECRET])\nlog.info("once")\n').splitlines()) == 1
