from __future__ import annotations

import asyncio

import pytest

from services.uninterrupted import uninterrupted


async def test_what_has_begun_ends_before_the_caller_does() -> None:
    steps = []

    @uninterrupted
    async def save(name: str) -> str:
        steps.append(f"{name} begun")
        await asyncio.sleep(0.02)
        steps.append(f"{name} done")
        return name

    assert await save("a") == "a"
    caller = asyncio.create_task(save("b"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert steps == ["a begun", "a done", "b begun", "b done"]


async def test_its_exception_is_the_callers() -> None:
    @uninterrupted
    async def fail() -> None:
        await asyncio.sleep(0)
        raise KeyError("x")

    with pytest.raises(KeyError):
        await fail()
    caller = asyncio.create_task(fail())
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
