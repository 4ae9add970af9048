"""The stub itself, as far as other tests and benchmarks lean on it: its pace, its log, its life as a process."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from pathlib import Path

import aiohttp
import pytest

from services.authors.protocol import SectionDraft
from tests.kit.loopback_only import is_local
from tests.kit.model_faults import Fault
from tests.kit.model_server import Pace, model_server
from tests.services.authors.claude_kit import ORDER, author_on, write


async def test_it_keeps_its_pace() -> None:
    pace = Pace(first_token_seconds=1, tokens_per_second=60, plan_tokens=240, lesson_tokens=600, scale=0.05)
    async with model_server(pace=pace) as stub, author_on(stub) as author:
        await author.load()
        started = time.monotonic()
        plan = await author.plan(ORDER)
        planned = time.monotonic()
        await asyncio.gather(*(write(author, plan, number, [0, 1], []) for number in range(4)))
        written = time.monotonic()
        await write(author, plan, 0, [1], [])
        half = time.monotonic()
    assert planned - started == pytest.approx(0.25, abs=0.12)
    assert written - planned == pytest.approx(0.55, abs=0.15)
    assert half - written == pytest.approx(0.30, abs=0.12)


async def test_it_answers_whole_messages_and_lists_models_too() -> None:
    body = {"model": "m", "max_tokens": 5, "messages": [{"role": "user", "content": "Are you there?"}]}
    async with model_server() as stub, aiohttp.ClientSession(stub.url) as client:
        async with client.post("/v1/messages", json=body) as response:
            message = await response.json()
        async with client.get("/v1/models") as response:
            models = await response.json()
        async with client.post("/v1/messages", json={**body, "temperature": 1}) as response:
            assert response.status == 400
    assert message["content"] == [{"type": "text", "text": "Yes."}]
    assert message["stop_reason"] == "end_turn"
    assert [each["id"] for each in models["data"]] == ["claude-opus-5-5", "claude-sonnet-5-5"]


async def test_the_same_request_gets_the_same_answer() -> None:
    kept: list[SectionDraft] = []
    for _ in range(2):
        async with model_server() as stub, author_on(stub) as author:
            plan = await author.plan(ORDER)
            await write(author, plan, 1, [0], kept)
    assert kept[0] == kept[1]


async def test_faults_find_their_call() -> None:
    async with model_server(Fault("overloaded", step=2), Fault("overloaded", lesson=3)) as stub:
        async with author_on(stub) as author:
            plan = await author.plan(ORDER)
            for lesson in (0, 1, 3):
                await write(author, plan, lesson, [0], [])
        assert [call.ended for call in stub.calls] == [
            "complete",
            "overloaded",
            *["complete"] * 2,
            "overloaded",
            "complete",
        ]


def test_unknown_faults_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown fault"):
        Fault("hiccup")


async def test_as_a_process_it_logs_each_call_before_it_answers(tmp_path: Path) -> None:
    log = tmp_path / "calls.jsonl"
    fault = json.dumps({"name": "overloaded", "kind": "lesson"})
    arguments = ["-m", "tests.kit.model_server", "--log", str(log), "--fault", fault]
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    try:
        url = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()
        async with model_server() as stub:
            stub.url = url
            async with author_on(stub) as author:
                plan = await author.plan(ORDER)
                await write(author, plan, 0, [0, 1], [])
    finally:
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 10)
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [(line["step"], line["kind"], line["lesson"], line["sections"], line["ended"]) for line in lines] == [
        (1, "plan", None, [], ""),
        (1, "plan", None, [], "complete"),
        (2, "lesson", 0, [0, 1], ""),
        (2, "lesson", 0, [0, 1], "overloaded"),
        (3, "lesson", 0, [0, 1], ""),
        (3, "lesson", 0, [0, 1], "complete"),
    ]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_this_machine_is_local(host: str) -> None:
    assert is_local(host)


@pytest.mark.parametrize("host", ["api.anthropic.com", "8.8.8.8", "2001:db8::1", "localhost.example.org", "10.0.0.1"])
def test_others_are_not(host: str) -> None:
    assert not is_local(host)


async def test_the_way_out_is_barred(tmp_path: Path) -> None:
    """In a process of its own, because the bar is put up for a whole run."""
    test = tmp_path / "test_out.py"
    test.write_text(
        "import random, socket\n"
        "import pytest\n"
        "from services.authors.claude import ClaudeAuthor\n"
        "from services.clock import SystemClock\n"
        "from services.errors import AuthorBusy\n"
        "from tests.kit.loopback_only import OutsideWorld, loopback_only\n"
        "def test_sockets():\n"
        "    for address in [('192.0.2.1', 9), ('example.org', 80)]:\n"
        "        with pytest.raises(OutsideWorld):\n"
        "            socket.create_connection(address, timeout=1)\n"
        "    server = socket.create_server(('127.0.0.1', 0))\n"
        "    socket.create_connection(server.getsockname(), timeout=1).close()\n"
        "async def test_author():\n"
        "    author = ClaudeAuthor(api_key='k', base_url=None, clock=SystemClock(), rng=random.Random(1))\n"
        "    with pytest.raises(AuthorBusy) as raised:\n"
        "        await author.ping()\n"
        "    cause, seen = raised.value, []\n"
        "    while cause := cause.__cause__ or cause.__context__:\n"
        "        seen.append(type(cause).__name__)\n"
        "    assert 'OutsideWorld' in seen, seen\n"
    )
    options = ["-q", "-p", "no:cacheprovider", "-o", "asyncio_mode=auto", "--rootdir", str(tmp_path), str(test)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "pytest", *options, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, output.decode()
