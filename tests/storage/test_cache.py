"""The cache in memory and in a real Redis: the same tests, and what becomes of it while Redis is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from storage.cache import Cache, MemoryCache
from storage.redis_cache import RedisCache
from storage.redis_link import RedisLink
from tests.kit.clocks import HeldClock
from tests.kit.redis import RedisServer, redis_server

__all__ = ["redis_server"]


@pytest.fixture(params=["memory", "redis"])
async def cache(request: pytest.FixtureRequest) -> AsyncIterator[Cache]:
    """An empty one."""
    loop = asyncio.get_running_loop()
    if request.param == "memory":
        yield MemoryCache(loop.time)
        return
    server: RedisServer = request.getfixturevalue("redis_server")
    link = RedisLink(server.url)
    yield RedisCache(link, "1", alone=MemoryCache(loop.time))
    await link.aclose()


async def test_what_was_put_is_found_until_its_time_is_over(cache: Cache) -> None:
    assert await cache.get("a") is None
    every_byte = bytes(range(256)) * 100
    await cache.put("a", every_byte, 30)
    await cache.put("b", b"", 0.05)
    assert (await cache.get("a"), await cache.get("b")) == (every_byte, b"")
    await cache.put("a", b"other", 30)
    await asyncio.sleep(0.06)
    assert (await cache.get("a"), await cache.get("b")) == (b"other", None)


async def test_keys_may_be_anything(cache: Cache) -> None:
    keys = ["a", "a ", "a\n", "ä", "a:b", "*"]
    for key in keys:
        await cache.put(key, key.encode(), 30)
    assert [await cache.get(key) for key in keys] == [key.encode() for key in keys]


async def test_memory_keeps_so_much_and_what_was_used_last() -> None:
    clock = HeldClock()
    cache = MemoryCache(clock.monotonic, most_bytes=44)
    for number in range(4):
        await cache.put(str(number), b"x" * 10, 30)
    await cache.get("0")
    await cache.put("4", b"x" * 10, 30)
    assert [await cache.get(str(number)) is not None for number in range(5)] == [True, False, True, True, True]
    assert cache.kept_bytes == 44
    await cache.put("0", b"x", 10)
    clock.move(10)
    assert (await cache.get("0"), cache.kept_bytes) == (None, 33)
    await cache.put("large", b"x" * 100, 30)
    assert (await cache.get("large"), cache.kept_bytes) == (None, 0)


async def test_processes_share_what_their_version_wrote(redis_server: RedisServer) -> None:
    clock = HeldClock()
    link, other = RedisLink(redis_server.url), RedisLink(redis_server.url)
    here = RedisCache(link, "1", alone=MemoryCache(clock.monotonic))
    there = RedisCache(other, "1", alone=MemoryCache(clock.monotonic))
    newer = RedisCache(other, "2", alone=MemoryCache(clock.monotonic))
    await here.put("a", b"value", 30)
    assert (await there.get("a"), await newer.get("a")) == (b"value", None)
    (key,) = await link.redis.keys("*")
    assert await link.redis.keys("lectern:cache:*") == [key]
    assert 0 < await link.redis.pttl(key) <= 30_000
    await link.aclose()
    await other.aclose()


async def test_without_redis_each_keeps_its_own_and_nobody_is_kept_waiting(redis_server: RedisServer) -> None:
    clock, seconds = HeldClock(), [0.0]
    link = RedisLink(redis_server.url, monotonic=lambda: seconds[0], try_again=2)
    cache = RedisCache(link, "1", alone=MemoryCache(clock.monotonic))
    await cache.put("a", b"shared", 30)
    redis_server.stop()
    assert await cache.get("a") is None
    await cache.put("b", b"own", 30)
    assert await cache.get("b") == b"own"
    redis_server.start()
    assert await cache.get("b") == b"own", "it is not asked again at once"
    seconds[0] += 2
    assert (await cache.get("a"), await cache.get("b")) == (None, None)
    await cache.put("a", b"again", 30)
    assert await link.redis.dbsize() == 1
    await link.aclose()
