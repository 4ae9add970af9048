from __future__ import annotations

import asyncio
import threading
import time

import pytest

from storage.one_thread import OneThread


async def test_calls_are_done_in_order_in_one_thread_of_that_name() -> None:
    thread = OneThread("scribe")
    done: list[int] = []

    def note(number: int) -> str:
        time.sleep(0.002 if number % 2 else 0.0)
        done.append(number)
        return threading.current_thread().name

    names = await asyncio.gather(*(thread.run(note, number) for number in range(20)))
    thread.end()
    assert done == list(range(20))
    assert set(names) == {"scribe"}


async def test_what_a_call_raises_is_raised_to_its_caller_and_to_nobody_else() -> None:
    thread = OneThread("scribe")
    failed, fine = await asyncio.gather(thread.run(int, "no number"), thread.run(int, "7"), return_exceptions=True)
    thread.end()
    assert isinstance(failed, ValueError)
    assert fine == 7


async def test_a_call_is_done_though_its_caller_is_cancelled() -> None:
    thread = OneThread("scribe")
    begin, done = threading.Event(), threading.Event()

    def wait() -> None:
        begin.wait(5)
        done.set()

    waiting = asyncio.create_task(thread.run(wait))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    begin.set()
    await thread.run(int)  # only after the one before it
    thread.end()
    assert done.is_set()


def test_a_loop_that_is_gone_harms_no_later_one() -> None:
    thread = OneThread("scribe")
    go_on = threading.Event()

    async def leave_something_running() -> None:
        task = asyncio.create_task(thread.run(go_on.wait, 5))
        await asyncio.sleep(0)
        task.cancel()

    async def answer() -> int:
        return await thread.run(int, "3")

    asyncio.run(leave_something_running())
    go_on.set()
    assert asyncio.run(answer()) == 3
    thread.end()
