"""The stub itself, as far as other tests and benchmarks lean on it: its pace, its accounts, its log, its life as a
process; and the bars across the way out."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.kit.model_cache import PromptCache, claude_prefixes, openai_prefixes
from tests.kit.model_faults import Fault
from tests.kit.model_server import ModelServer, Pace, model_server
from tests.kit.process import CHILDS_PATH
from tests.kit.way_out import is_local

LONG = "Write for people. " * 400
BODY = "Task: write texts of lesson {lesson} of 4. Sections to write, in this order: 1, 2."
PROPOSAL = "Task: propose a course."
PLAN = "Task: plan the course."


async def ask(stub: ModelServer, user: str, **more: Any) -> tuple[int, str]:
    """The status and the words of the answer to `user`, over Anthropic's protocol."""
    body = {
        "model": "claude-sonnet-5-5",
        "max_tokens": 9_000,
        "system": [{"type": "text", "text": LONG, "cache_control": {"type": "ephemeral"}}],
        "messages": [{"role": "user", "content": user}],
        **more,
    }
    async with (
        aiohttp.ClientSession() as client,
        client.post(f"{stub.url}/v1/messages", json=body, headers={"anthropic-version": "2023-06-01"}) as response,
    ):
        return response.status, await response.text()


async def test_it_keeps_its_pace() -> None:
    pace = Pace(first_token_seconds=1, tokens_per_second=60, plan_tokens=240, lesson_tokens=800, scale=0.05)
    async with model_server(pace=pace) as stub:
        started = time.monotonic()
        await ask(stub, PLAN, stream=True)
        planned = time.monotonic()
        await asyncio.gather(*(ask(stub, BODY.format(lesson=number), stream=True) for number in range(1, 5)))
        written = time.monotonic()
    assert planned - started == pytest.approx(0.25, abs=0.15)
    assert written - planned == pytest.approx(0.55, abs=0.2)
    assert stub.most_at_once == 4


async def test_it_answers_whole_messages_too_and_refuses_what_the_service_refuses() -> None:
    async with model_server() as stub:
        status, words = await ask(stub, "Are you there?")
        assert (status, json.loads(words)["content"]) == (200, [{"type": "text", "text": "Yes."}])
        many = [{"type": "text", "text": "a", "cache_control": {"type": "ephemeral"}}] * 5
        for wrong in (
            {"temperature": 1},
            {"max_tokens": 0},
            {"system": [{"type": "text", "text": ""}]},
            {"system": many},
        ):
            assert (await ask(stub, "Are you there?", **wrong))[0] == 400


async def test_the_same_request_gets_the_same_answer() -> None:
    kept = []
    for _ in range(2):
        async with model_server() as stub:
            kept.append(await ask(stub, BODY.format(lesson=2)))
    assert kept[0] == kept[1]
    assert kept[0][0] == 200


async def test_faults_find_their_call() -> None:
    faults = (Fault("overloaded", step=2), Fault("overloaded", lesson=3), Fault("rate_limit", provider="openai"))
    async with model_server(*faults) as stub:
        for lesson in (1, 2, 3, 4, 4):
            await ask(stub, BODY.format(lesson=lesson))
        assert [call.ended for call in stub.calls] == [
            "complete",
            "overloaded",
            "complete",
            "overloaded",
            "complete",
        ]


@pytest.mark.parametrize(("kind", "hit"), [("lesson", True), ("body", True), ("quiz", False), ("plan", False)])
async def test_a_fault_of_lessons_hits_all_that_is_about_them(kind: Any, hit: bool) -> None:
    async with model_server(Fault("overloaded", kind=kind)) as stub:
        await ask(stub, BODY.format(lesson=1))
        assert stub.calls[0].ended == ("overloaded" if hit else "complete")


def test_unknown_faults_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown fault"):
        Fault("hiccup")


async def test_accounts_are_kept_of_what_it_has_read_before() -> None:
    async with model_server() as stub:
        for lesson in (1, 2):
            await ask(stub, BODY.format(lesson=lesson))
        first, second = [call.account for call in stub.calls]
        assert first
        assert second
        assert (first.cached, first.written) == (0, len(LONG) // 4)
        assert (second.cached, second.written) == (len(LONG) // 4, 0)
        assert first.fresh == second.fresh == -(-len(BODY.format(lesson=1)) // 4)
        assert stub.cached_share(after=1) > 0.98
        assert stub.cached_share() < 0.5


def cache_at(now: list[float]) -> PromptCache:
    return PromptCache(clock=lambda: now[0])


def asked(system: str, user: str, **more: Any) -> dict[str, Any]:
    marked = [{"type": "text", "text": system, "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": user}]
    return {"model": "m", "system": marked, "messages": [{"content": system}, {"content": user}], **more}


@pytest.mark.parametrize(
    ("again", "kept"),
    [
        (asked(LONG, "b"), True),
        (asked(LONG + ".", "b"), False),
        (asked(LONG, "b", model="n"), False),
        (asked(LONG, "b", output_config={"format": 1}), False),
    ],
)
def test_only_the_same_beginning_for_the_same_model_and_schema_is_kept(again: dict[str, Any], kept: bool) -> None:
    cache = cache_at([0.0])
    first = asked(LONG, "a")
    cache.account(first, claude_prefixes(first), whole=1801, writes=True)
    assert bool(cache.account(again, claude_prefixes(again), whole=1801, writes=True).cached) == kept


def test_it_is_forgotten_five_minutes_after_its_last_use() -> None:
    now = [0.0]
    cache, request = cache_at(now), asked(LONG, "a")
    found = []
    for now[0] in (0.0, 299.0, 590.0, 1000.0):
        found.append(bool(cache.account(request, claude_prefixes(request), whole=1801, writes=True).cached))
    assert found == [False, True, True, False]


def test_a_short_beginning_is_not_kept() -> None:
    cache, request = cache_at([0.0]), asked("Write for people.", "a")
    for _ in range(2):
        account = cache.account(request, claude_prefixes(request), whole=10, writes=True)
        assert (account.fresh, account.cached, account.written) == (10, 0, 0)


def test_openai_keeps_every_beginning_by_steps() -> None:
    cache = cache_at([0.0])
    first, second = asked(LONG, "a" * 900), asked(LONG, "b" * 900)
    cache.account(first, openai_prefixes(first), whole=2025, writes=False)
    account = cache.account(second, openai_prefixes(second), whole=2025, writes=False)
    assert account.cached == 1792  # the last multiple of 128 within what is the same
    assert account.written == 0


async def test_as_a_process_it_logs_each_call_before_it_answers(tmp_path: Path) -> None:
    log = tmp_path / "calls.jsonl"
    fault = json.dumps({"name": "overloaded", "kind": "lesson"})
    arguments = ["-m", "tests.kit.model_server", "--log", str(log), "--fault", fault]
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    stub = ModelServer()
    try:
        stub.url = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()
        for user in (PROPOSAL, BODY.format(lesson=1), BODY.format(lesson=1)):
            await ask(stub, user)
    finally:
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 10)
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [(line["step"], line["kind"], line["lesson"], line["sections"], line["ended"]) for line in lines] == [
        (1, "proposal", None, [], ""),
        (1, "proposal", None, [], "complete"),
        (2, "body", 0, [0, 1], ""),
        (2, "body", 0, [0, 1], "overloaded"),
        (3, "body", 0, [0, 1], ""),
        (3, "body", 0, [0, 1], "complete"),
    ]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_this_machine_is_local(host: str) -> None:
    assert is_local(host)


@pytest.mark.parametrize("host", ["api.anthropic.com", "8.8.8.8", "2001:db8::1", "localhost.example.org", "10.0.0.1"])
def test_others_are_not(host: str) -> None:
    assert not is_local(host)


async def test_the_way_out_is_barred_in_every_child_of_ours(tmp_path: Path) -> None:
    """In a process of its own, on the loop that the bot runs on: that one does not pass by Python's sockets."""
    program = tmp_path / "out.py"
    program.write_text(
        "import asyncio, socket\n"
        "import uvloop\n"
        "from services.authors.claude import claude_provider\n"
        "from services.authors.model.real_calls import RealCallForbidden\n"
        "from services.authors.openai_compatible import openai_provider\n"
        "from services.clock import SystemClock\n"
        "from tests.kit.way_out import OutsideWorld\n"
        "def raised(call, error):\n"
        "    try:\n"
        "        call()\n"
        "    except error:\n"
        "        return True\n"
        "for address in [('192.0.2.1', 9), ('example.org', 80)]:\n"
        "    assert raised(lambda: socket.create_connection(address, timeout=1), OutsideWorld), address\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(server.getsockname(), timeout=1).close()\n"
        "for make in (claude_provider, openai_provider):\n"
        "    wire = make(api_key='k', clock=SystemClock()).wire\n"
        "    assert raised(lambda: uvloop.run(wire.models(1.0)), RealCallForbidden), make\n"
        "    assert raised(lambda: uvloop.run(wire.load()), RealCallForbidden), make\n"
        "print('barred')\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(program),
        env={"PYTHONPATH": CHILDS_PATH},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    assert output.decode().strip() == "barred"
