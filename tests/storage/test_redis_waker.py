from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from redis.asyncio import Redis

from storage.redis_link import RedisLink
from storage.redis_waker import CHANNEL, RedisWaker
from tests.kit.redis import RedisServer, redis_server

__all__ = ["redis_server"]


@dataclass
class Worker:
    """One who rings and listens."""

    waker: RedisWaker
    looks: int = 0
    heard: list[int] = field(default_factory=list)

    def look(self) -> None:
        self.looks += 1


@asynccontextmanager
async def worker(url: str, name: str) -> AsyncIterator[Worker]:
    link = RedisLink(url, try_again=0.1)
    made = Worker(RedisWaker(link, name))
    listening = asyncio.create_task(made.waker.listen(made.look, made.heard.append))
    await until(lambda: made.looks == 1)
    try:
        yield made
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
        await link.aclose()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(15):
        while not true():  # noqa: ASYNC110 - what is waited for is a list, which rings no bell
            await asyncio.sleep(0.005)


async def test_the_others_are_woken_at_once_and_many_rings_are_one(redis_server: RedisServer) -> None:
    async with worker(redis_server.url, "a") as one, worker(redis_server.url, "b") as two:
        begun = time.monotonic()
        for _ in range(1000):
            one.waker.ring()
        one.waker.news(7)
        one.waker.news(7)
        one.waker.news(9)
        await until(lambda: two.looks == 2 and two.heard == [7, 9])
        assert time.monotonic() - begun < 5
        two.waker.news(1)
        await until(lambda: one.heard == [1])
        assert (one.looks, two.looks) == (1, 2), "nobody wakes themselves, and news is no work"


async def test_what_is_said_by_strangers_is_let_be(redis_server: RedisServer) -> None:
    async with worker(redis_server.url, "a") as one, worker(redis_server.url, "b") as two:
        async with Redis.from_url(redis_server.url) as stranger:
            for said in (b"", b"\xff", b"[]", b"{}", b'{"from": "c", "work": true, "news": ["x"]}'):
                await stranger.publish(CHANNEL, said)
        two.waker.ring()
        await until(lambda: one.looks == 2)
        assert one.heard == []


async def test_after_redis_was_away_it_listens_again_and_looks_for_what_it_missed(redis_server: RedisServer) -> None:
    async with worker(redis_server.url, "a") as one, worker(redis_server.url, "b") as two:
        redis_server.stop()
        one.waker.ring()  # nobody hears it, and nothing fails
        await asyncio.sleep(0.1)
        redis_server.start()
        await until(lambda: one.looks >= 2 and two.looks >= 2)
        await asyncio.sleep(0.3)
        looks = two.looks
        one.waker.ring()
        await until(lambda: two.looks == looks + 1)
