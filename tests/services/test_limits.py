"""Limits against a naive model that keeps every moment, in memory and in a real Redis alike."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from services.errors import LimitReached
from services.limits import Kind, Left, LimitService, Rule, in_memory, in_redis, make_limits
from storage.limits import MemoryWindow
from storage.redis_link import RedisLink
from tests.kit.redis import RedisServer, redis_server

__all__ = ["redis_server"]

RULES: dict[Kind, Rule] = {"requests": Rule(7, 3), "progress": Rule(100, 60)}


@dataclass
class Milliseconds:
    """A clock that stands still, in whole milliseconds."""

    at: int = 1_000_000

    def now(self) -> datetime:
        return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=self.at)

    def monotonic(self) -> float:
        return self.at / 1000

    async def sleep(self, seconds: float) -> None:
        self.at += round(seconds * 1000)


@dataclass
class Model:
    """Every moment at which one was taken, key by key; what counts is found by looking at all of them."""

    rule: Rule
    moments: dict[str, list[int]] = field(default_factory=dict)

    def take(self, key: str, cost: int, at: int) -> bool:
        if len(self.counting(key, at)) + cost > self.rule.allowed:
            return False
        self.moments.setdefault(key, []).extend([at] * cost)
        return True

    def counting(self, key: str, at: int) -> list[int]:
        length = self.rule.window_seconds * 1000
        return [one for one in self.moments.get(key, []) if at - length <= one <= at]

    def first_fit(self, key: str, cost: int, at: int) -> int:
        later = at
        while len(self.counting(key, later)) + cost > self.rule.allowed:
            later += 1
        return later


Build = Callable[[dict[Kind, Rule]], LimitService]


@pytest.fixture
def clock() -> Milliseconds:
    return Milliseconds()


@pytest.fixture(params=["memory", "redis"])
async def build(request: pytest.FixtureRequest, clock: Milliseconds) -> AsyncIterator[Build]:
    """Makes limits on the held clock: the same test runs in memory and on a real Redis."""
    links: list[RedisLink] = []

    def make(rules: dict[Kind, Rule]) -> LimitService:
        if request.param == "memory":
            return LimitService(clock=clock, rules=rules, windows=in_memory(clock, rules))
        server: RedisServer = request.getfixturevalue("redis_server")
        links.append(RedisLink(server.url, now=lambda: clock.at))
        return LimitService(clock=clock, rules=rules, windows=in_redis(links[-1], clock, rules))

    yield make
    for link in links:
        await link.aclose()


async def test_the_101st_item_is_refused_until_the_first_is_a_minute_old(build: Build, clock: Milliseconds) -> None:
    limits = build(RULES)
    for count in range(100):
        assert await limits.take("progress", "7") == Left("progress", 100, 60, 99 - count, 61 - (count > 0))
        clock.at += 10
    with pytest.raises(LimitReached) as refused:
        await limits.take("progress", "7")
    first = 1_000_000
    assert refused.value.retry_at == datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=first + 60_001)
    assert (refused.value.limit, refused.value.allowed, refused.value.window_seconds) == ("progress", 100, 60)
    clock.at = first + 60_000
    with pytest.raises(LimitReached):
        await limits.take("progress", "7")
    clock.at = first + 60_001
    assert (await limits.take("progress", "7")).left == 0
    with pytest.raises(LimitReached):
        await limits.take("progress", "7")


async def test_a_batch_is_taken_whole_or_not_at_all(build: Build) -> None:
    limits = build(RULES)
    await limits.take("progress", "7", 60)
    with pytest.raises(LimitReached) as refused:
        await limits.take("progress", "7", 41)
    assert refused.value.left == 40
    assert (await limits.take("progress", "7", 40)).left == 0


async def test_what_can_never_fit_is_refused_and_costs_nothing(build: Build) -> None:
    limits = build(RULES)
    with pytest.raises(LimitReached):
        await limits.take("requests", "7", 8)
    assert (await limits.take("requests", "7", 7)).left == 0
    with pytest.raises(ValueError):
        await limits.take("requests", "7", 0)


async def test_keys_and_kinds_do_not_share(build: Build) -> None:
    limits = build(RULES)
    await limits.take("requests", "7", 7)
    assert (await limits.take("requests", "8", 7)).left == 0
    assert (await limits.take("progress", "7")).left == 99


async def test_side_by_side_no_more_is_granted_than_allowed(build: Build) -> None:
    limits = build(RULES)

    async def one() -> bool:
        try:
            await limits.take("progress", "7")
        except LimitReached:
            return False
        return True

    granted = await asyncio.gather(*(one() for _ in range(150)))
    assert granted.count(True) == 100


@pytest.mark.parametrize("seed", range(4))
async def test_any_history_is_answered_as_by_a_naive_model(build: Build, clock: Milliseconds, seed: int) -> None:
    rng = random.Random(seed)
    limits, model = build(RULES), Model(RULES["requests"])
    for _ in range(250):
        clock.at += rng.choice([0, 0, 1, 17, 400, 999, 1000, 2999, 3000, 3001])
        key, cost = rng.choice("ab"), rng.choice([1, 1, 1, 2, 3, 7])
        fit = model.first_fit(key, cost, clock.at)
        if model.take(key, cost, clock.at):
            left = await limits.take("requests", key, cost)
            counting = model.counting(key, clock.at)
            assert left.left == 7 - len(counting)
            assert left.reset_seconds == -((clock.at - counting[0] - 3001) // 1000)
        else:
            with pytest.raises(LimitReached) as refused:
                await limits.take("requests", key, cost)
            assert refused.value.left == 7 - len(model.counting(key, clock.at))
            assert refused.value.retry_at == clock.now() + timedelta(milliseconds=fit - clock.at)


async def test_the_real_clock_counts_too() -> None:
    from services.clock import SystemClock

    limits = make_limits(SystemClock(), {"requests": Rule(2, 1), "progress": Rule(1, 1)})
    await limits.take("requests", "7", 2)
    with pytest.raises(LimitReached) as refused:
        await limits.take("requests", "7")
    await asyncio.sleep(max(0.0, (refused.value.retry_at - datetime.now(UTC)).total_seconds()))
    assert (await limits.take("requests", "7")).left == 1
    await limits.aclose()


async def test_keys_are_forgotten_when_their_window_is_over_and_never_more_than_so_many() -> None:
    clock = Milliseconds()
    window = MemoryWindow(5, 1, lambda: clock.at, most_keys=50)
    for number in range(500):
        await window.take(f"key {number}", 1)
        assert len(window) <= 50
    clock.at += 1001
    for number in range(40):
        await window.take(f"later {number}", 1)
    assert len(window) <= 40, "what was over has been forgotten"
    assert (await window.take("later 0", 1)).left == 3, "what counts has not"


async def test_without_redis_a_process_counts_alone_until_it_is_back(
    redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    clock, seconds = Milliseconds(), [0.0]
    link = RedisLink(redis_server.url, now=lambda: clock.at, monotonic=lambda: seconds[0], try_again=2)
    here = LimitService(clock=clock, rules=RULES, windows=in_redis(link, clock, RULES))
    other = RedisLink(redis_server.url, now=lambda: clock.at)
    there = LimitService(clock=clock, rules=RULES, windows=in_redis(other, clock, RULES))
    await there.take("requests", "7", 5)
    assert (await here.take("requests", "7")).left == 1, "counted together"
    redis_server.stop()
    assert (await here.take("requests", "7", 7)).left == 0, "alone"
    with pytest.raises(LimitReached):
        await here.take("requests", "7")
    assert caplog.text.count("limits are counted by this process alone") == 1
    redis_server.start()
    with pytest.raises(LimitReached):  # it is not asked again at once
        await here.take("requests", "7")
    seconds[0] += 2
    assert (await here.take("requests", "7", 2)).left == 5, "together again, with what Redis forgot forgotten"
    assert (await there.take("requests", "7")).left == 4
    await link.aclose()
    await other.aclose()


async def test_workers_whose_clocks_differ_count_by_that_of_redis(redis_server: RedisServer) -> None:
    link = RedisLink(redis_server.url)
    stranger = await link.redis.time()
    assert abs(await link.now() - (stranger[0] * 1000 + stranger[1] // 1000)) < 1000
    await link.aclose()


async def test_nothing_stays_in_redis_for_longer_than_its_window(redis_server: RedisServer) -> None:
    link, clock = RedisLink(redis_server.url), Milliseconds()
    limits = LimitService(clock=clock, rules=RULES, windows=in_redis(link, clock, RULES))
    await limits.take("requests", "7")
    (key,) = await link.redis.keys("*")
    assert 0 < await link.redis.pttl(key) <= 4000
    await link.aclose()
