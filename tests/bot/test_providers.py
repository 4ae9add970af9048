"""Who is asked for courses, by the settings, and what is said at the start of models and keys that do not exist."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.providers import ModelsError, check_models, make_providers
from bot.settings import load_settings
from services.authors.model.provider import Provider
from services.clock import SystemClock
from tests.kit.model_server import Fault, ModelServer, model_server
from tests.kit.process import CHILDS_PATH, BotProcess

CLAUDE = {"ANTHROPIC_API_KEY": "a-key"}
OPENAI = {"OPENAI_API_KEY": "b-key"}


def made(given: dict[str, str]) -> tuple[Provider, ...]:
    return make_providers(load_settings(given, None), SystemClock())


@pytest.mark.parametrize(
    ("given", "models"),
    [
        ({}, {}),
        (CLAUDE, {"claude": ("claude-opus-5-5", "claude-sonnet-5-5")}),
        (OPENAI, {"openai": ("gpt-6.2-sol",)}),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "OPENAI_MODEL": "llama4"}, {"openai": ("llama4",)}),
        (
            {**OPENAI, **CLAUDE, "ANTHROPIC_PLAN_MODEL": "claude-sonnet-5-5"},
            {"claude": ("claude-sonnet-5-5",), "openai": ("gpt-6.2-sol",)},
        ),
    ],
)
def test_who_is_asked(given: dict[str, str], models: dict[str, tuple[str, ...]]) -> None:
    providers = made(given)
    assert {each.name: each.models for each in providers} == models
    assert [each.name for each in providers] == list(models)


@asynccontextmanager
async def on(stub: ModelServer, **given: str) -> AsyncIterator[tuple[Provider, ...]]:
    addresses = {"ANTHROPIC_BASE_URL": stub.url, "OPENAI_BASE_URL": stub.openai_url, "OPENAI_MODEL": "gpt-6.2-sol"}
    providers = made({**CLAUDE, **OPENAI, **addresses, **given})
    try:
        yield providers
    finally:
        for provider in providers:
            await provider.wire.aclose()


async def refused(providers: tuple[Provider, ...]) -> str:
    with pytest.raises(ModelsError) as raised:
        await check_models(providers)
    said = str(raised.value)
    assert said.endswith(".")
    assert "-key" not in said
    return said


async def test_models_that_are_offered_are_taken() -> None:
    async with model_server() as stub, on(stub) as providers:
        await check_models(providers)
        assert stub.pings == 2
        assert not stub.calls


async def test_a_model_that_does_not_exist_is_named_with_those_near_to_it() -> None:
    async with model_server() as stub, on(stub, ANTHROPIC_LESSON_MODEL="claude-sonet-5-5") as providers:
        said = await refused(providers)
    assert said.startswith(
        'ANTHROPIC_LESSON_MODEL is "claude-sonet-5-5", but allowed is a model that Anthropic offers, such as '
        "claude-sonnet-5-5"
    )


async def test_a_retired_model_is_not_taken() -> None:
    async with model_server() as stub, on(stub) as providers:
        stub.retired.add("claude-opus-5-5")
        assert (await refused(providers)).startswith('ANTHROPIC_PLAN_MODEL is "claude-opus-5-5"')


async def test_two_unknown_models_make_one_sentence() -> None:
    async with model_server() as stub, on(stub, ANTHROPIC_PLAN_MODEL="x", ANTHROPIC_LESSON_MODEL="y") as providers:
        said = await refused(providers)
    assert said.count("but allowed is") == 2


async def test_another_service_is_asked_too() -> None:
    async with model_server() as stub, on(stub, OPENAI_MODEL="gpt-3") as providers:
        assert (await refused(providers)).startswith('OPENAI_MODEL is "gpt-3"')


@pytest.mark.parametrize("provider", ["claude", "openai"])
async def test_a_key_that_is_refused_is_said(provider: str) -> None:
    async with model_server(Fault("key_refused", kind="models", provider=provider)) as stub, on(stub) as providers:
        said = await refused(providers)
    assert said.startswith("ANTHROPIC_API_KEY was" if provider == "claude" else "OPENAI_API_KEY was")


@pytest.mark.parametrize("provider", ["claude", "openai"])
@pytest.mark.parametrize("fault", ["overloaded", "rate_limit", "server_error", "retired", "hang", "spent"])
async def test_who_does_not_tell_now_is_taken_as_it_is(fault: str, provider: str) -> None:
    async with model_server(Fault(fault, kind="models", provider=provider)) as stub, on(stub) as providers:
        await check_models(providers, seconds=0.3)


async def test_nobody_there_is_no_reason_not_to_start(free_port: int) -> None:
    stub = ModelServer()
    stub.url = f"http://127.0.0.1:{free_port}"
    async with on(stub) as providers:
        await check_models(providers)


async def test_looking_loads_no_sdk() -> None:
    """They hold more memory than all the rest of an idle bot has left."""
    program = (
        "import asyncio, os, sys\n"
        "from bot.providers import check_models, make_providers\n"
        "from bot.settings import load_settings\n"
        "from services.clock import SystemClock\n"
        "asyncio.run(check_models(make_providers(load_settings(os.environ, None), SystemClock())))\n"
        "print({'anthropic', 'openai'} & set(sys.modules))\n"
    )
    async with model_server() as stub:
        given = {"ANTHROPIC_BASE_URL": stub.url, "OPENAI_BASE_URL": stub.openai_url, "OPENAI_MODEL": "gpt-6-luna"}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", program),
            env={"PYTHONPATH": CHILDS_PATH, **CLAUDE, **OPENAI, **given},
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await asyncio.wait_for(process.communicate(), 60)
        assert stub.pings == 2
    assert said.decode().strip() == "set()"


async def test_the_program_stops_with_the_sentence(tmp_path: Path, free_port: int) -> None:
    async with model_server() as stub:
        given = {**CLAUDE, "ANTHROPIC_BASE_URL": stub.url, "ANTHROPIC_PLAN_MODEL": "claude-opus-9"}
        bot = BotProcess(tmp_path, {**given, "HTTP_PORT": str(free_port)})
        await bot.launch()
        with pytest.raises(AssertionError, match="did not start"):
            await bot.ready()
        await bot.kill()
    assert 'ANTHROPIC_PLAN_MODEL is "claude-opus-9", but allowed is a model that Anthropic offers, such as' in bot.said
    assert "Traceback" not in bot.said


async def test_the_program_starts_where_nobody_can_be_asked(tmp_path: Path, free_port: int) -> None:
    bot = BotProcess(tmp_path, {**CLAUDE, "ANTHROPIC_BASE_URL": "http://127.0.0.1:9", "HTTP_PORT": str(free_port)})
    await bot.start()
    assert "going on" in bot.said
    assert await bot.stop() == 0
