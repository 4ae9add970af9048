from __future__ import annotations

import asyncio
import time

from services.feed import MOST_FOLLOWERS, Feed


async def test_only_those_who_follow_that_generation_are_woken() -> None:
    feed = Feed()
    with feed.following(1) as one, feed.following(2) as two:
        feed.wake(1)
        begun = time.monotonic()
        await one.wait(5)
        assert time.monotonic() - begun < 1
        await two.wait(0.05)
        assert time.monotonic() - begun >= 0.05
    assert feed.followers == 0


async def test_a_wake_before_the_wait_is_not_lost_and_counts_once() -> None:
    feed = Feed()
    with feed.following(1) as follower:
        feed.wake(1)
        feed.wake(1)
        async with asyncio.timeout(1):
            await follower.wait(30)
        begun = time.monotonic()
        await follower.wait(0.05)
        assert time.monotonic() - begun >= 0.045


async def test_other_processes_are_told_of_what_happens_here_and_only_of_that() -> None:
    told: list[int] = []
    feed = Feed(told.append)
    with feed.following(1) as follower:
        feed.wake(1)
        async with asyncio.timeout(1):
            await follower.wait(30)
        feed.heard(1)
        async with asyncio.timeout(1):
            await follower.wait(30)
    assert told == [1]


async def test_who_comes_after_too_many_lives_by_polling() -> None:
    feed = Feed()
    held = [feed.following(1) for _ in range(MOST_FOLLOWERS)]
    for one in held:
        one.__enter__()
    with feed.following(1) as follower:
        assert feed.followers == MOST_FOLLOWERS
        feed.wake(1)
        async with asyncio.timeout(2):
            await follower.wait(0.05)
    for one in held:
        one.__exit__(None, None, None)
    assert feed.followers == 0
