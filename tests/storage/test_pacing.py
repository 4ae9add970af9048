"""The pace over all and to each, in memory and in a real Redis: the same tests for both."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from services.pacing import Urgency, rules
from storage.pacing import MemoryPace, Pace
from storage.redis_link import RedisLink
from storage.redis_pacing import RedisPace
from tests.kit.redis import RedisServer, redis_server

__all__ = ["redis_server"]

ADA, BOB, GROUP = 7_000_000_001, 7_000_000_002, -100_200_300


@dataclass
class Side:
    """Some paces that count together, on one held clock in milliseconds."""

    paces: list[Pace] = field(default_factory=list)
    at: int = 1_000_000
    links: list[RedisLink] = field(default_factory=list)

    def now(self) -> int:
        return self.at

    def over_redis(self, url: str) -> None:
        link = RedisLink(url, now=self.now)
        self.links.append(link)
        self.paces.append(RedisPace(link, rules(30), alone=MemoryPace(rules(30), self.now)))


@pytest.fixture(params=["memory", "redis"])
async def side(request: pytest.FixtureRequest) -> AsyncIterator[Side]:
    made = Side()
    if request.param == "memory":
        made.paces.append(MemoryPace(rules(30), made.now))
    else:
        server: RedisServer = request.getfixturevalue("redis_server")
        for _ in range(3):
            made.over_redis(server.url)
    yield made
    for link in made.links:
        await link.aclose()


async def sent(side: Side, chats: list[int], urgency: Urgency, seconds: float) -> list[tuple[int, int]]:
    """(time, chat) of all that went out by asking whenever it was told to, each to the next chat in turn."""
    gone: list[tuple[int, int]] = []
    end, turn = side.at + round(seconds * 1000), 0
    while side.at < end:
        chat, pace = chats[turn % len(chats)], side.paces[turn % len(side.paces)]
        turn += 1
        wait = await pace.take(chat, urgency)
        one = wait.one
        while not one and wait.overall and side.at < end:
            side.at += wait.overall
            if wait.held:
                break
            wait = await pace.take_overall(urgency)
        if not one and side.at < end:
            gone.append((side.at, chat))
        elif len(chats) == 1:
            side.at += one
    return gone


def most_in(gone: list[tuple[int, int]], milliseconds: int) -> int:
    times = [at for at, _ in gone]
    return max(sum(1 for one in times if at <= one < at + milliseconds) for at in times)


async def test_over_all_no_second_has_more_than_thirty(side: Side) -> None:
    gone = await sent(side, list(range(1, 1000)), Urgency.ANSWER, 5)
    assert 27 * 5 <= len(gone) <= 30 * 5
    assert most_in(gone, 1000) <= 30


async def test_a_private_chat_has_a_short_burst_and_then_one_a_second(side: Side) -> None:
    gone = await sent(side, [ADA], Urgency.ANSWER, 10)
    assert [at - gone[0][0] for at, _ in gone[:5]] == [0, 0, 0, 1000, 2000]
    assert most_in(gone, 1000) == 3
    assert len(gone) in {12, 13}


async def test_a_status_that_is_renewed_leaves_room_for_answers_in_its_chat(side: Side) -> None:
    for _ in range(5):
        assert (await side.paces[0].take(ADA, Urgency.STATUS)).one == 0
        assert (await side.paces[-1].take(ADA, Urgency.STATUS)).one > 0
        side.at += 1500
    assert (await side.paces[0].take(ADA, Urgency.STATUS)).one == 0
    for pace in (side.paces[0], side.paces[-1]):
        assert (await pace.take(ADA, Urgency.ANSWER)).one == 0
        side.at += 100


async def test_a_group_has_at_most_twenty_a_minute(side: Side) -> None:
    gone = await sent(side, [GROUP], Urgency.ANSWER, 120)
    assert most_in(gone, 60_000) <= 20
    assert len(gone) >= 30


async def test_one_chat_that_has_had_enough_keeps_nobody_else_waiting(side: Side) -> None:
    pace = side.paces[0]
    for _ in range(3):
        await pace.take(ADA, Urgency.ANSWER)
    side.at += 300
    for _ in range(100):
        assert (await pace.take(ADA, Urgency.ANSWER)).one > 0
    side.at += 50
    for other in side.paces:
        wait = await other.take(BOB, Urgency.ANSWER)
        assert (wait.one, wait.overall) == (0, 0)


async def test_who_has_no_place_of_their_own_takes_none_over_all(side: Side) -> None:
    chats = range(1, 10)
    for _ in range(3):
        for chat in chats:
            await side.paces[0].take(chat, Urgency.ANSWER)
            side.at += 40
    side.at += 200
    for pace in side.paces:  # in Redis each worker asks: they do not know it of each other
        for chat in chats:
            await pace.take(chat, Urgency.STATUS)
    assert (await side.paces[0].take_overall(Urgency.STATUS)).overall == 0


async def test_workers_who_ask_for_answers_have_their_places_in_turn(redis_server: RedisServer) -> None:
    side = Side()
    for _ in range(3):
        side.over_redis(redis_server.url)
    taken = [await side.paces[n % 3].take(n, Urgency.ANSWER) for n in range(3 + 9)]
    assert [wait.overall for wait in taken[:3]] == [0, 0, 0]
    assert [round(wait.overall / 37.04) for wait in taken[3:]] == list(range(1, 10)), "each later than the one before"
    assert all(wait.held for wait in taken[3:])
    assert (await side.paces[0].take(100, Urgency.WORD)).held is False
    for link in side.links:
        await link.aclose()


async def test_a_pause_holds_for_the_one_from_everywhere_and_is_over_when_it_is_over(side: Side) -> None:
    await side.paces[0].pause(ADA, 5000)
    await side.paces[-1].pause(ADA, 1000)  # the longer one counts
    side.at += 100
    assert [(await pace.take(ADA, Urgency.ANSWER)).one for pace in side.paces] == [4900] * len(side.paces)
    side.at += 1000
    assert (await side.paces[-1].take(BOB, Urgency.ANSWER)).one == 0
    side.at += 3900
    assert (await side.paces[-1].take(ADA, Urgency.ANSWER)).one == 0
    assert (await side.paces[0].take(ADA, Urgency.ANSWER)).one > 0, "and it is one at a time at first"


async def test_a_pause_without_a_chat_is_one_for_all(side: Side) -> None:
    await side.paces[0].pause(None, 2000)
    for pace, chat in zip(side.paces, (ADA, BOB, GROUP), strict=False):
        wait = await pace.take(chat, Urgency.ANSWER)
        assert (wait.one, wait.overall) == (0, 2000)
    side.at += 2000
    assert (await side.paces[-1].take_overall(Urgency.ANSWER)).overall == 0


async def test_under_load_answers_go_before_words_and_words_before_status(side: Side) -> None:
    went: Counter[Urgency] = Counter()
    for _ in range(2000):
        for urgency in (Urgency.STATUS, Urgency.WORD, Urgency.ANSWER):
            wait = await side.paces[int(urgency) % len(side.paces)].take_overall(urgency)
            if wait.held or not wait.overall:
                went[urgency] += 1
        side.at += 2
    assert went[Urgency.ANSWER] >= 100
    assert went[Urgency.WORD] + went[Urgency.STATUS] <= 4
    side.at += 1000
    assert (await side.paces[0].take_overall(Urgency.STATUS)).overall == 0, "on a quiet bot, status goes at once"


async def test_those_who_do_not_count_together_keep_to_their_shares() -> None:
    at = [1_000_000]
    for sharers in (2, 3, 5):
        paces = [MemoryPace(rules(30), lambda: at[0], sharers=lambda: sharers) for _ in range(sharers)]  # noqa: B023
        gone: list[tuple[int, int]] = []
        at[0] += 60_000
        for _ in range(5_000):
            for pace in paces:
                if (await pace.take_overall(Urgency.ANSWER)).overall == 0:
                    gone.append((at[0], 0))
            at[0] += 1
        assert most_in(gone, 1000) <= 30, sharers
        assert len(gone) >= 5 * (30 - 3 * sharers)


async def test_memory_forgets_who_may_have_everything_again() -> None:
    at = [1_000_000]
    pace = MemoryPace(rules(10_000), lambda: at[0], most_keys=100)
    for chat in range(1, 101):
        await pace.take(chat, Urgency.ANSWER)
    at[0] += 10_000
    await pace.take(200, Urgency.ANSWER)
    assert len(pace) == 1


async def test_while_redis_is_away_each_paces_itself_and_together_again_afterwards(redis_server: RedisServer) -> None:
    moment = [0.0]
    links = [RedisLink(redis_server.url, monotonic=lambda: moment[0]) for _ in range(2)]
    clock = asyncio.get_running_loop()

    def now() -> int:
        return round(clock.time() * 1000)

    one, two = (RedisPace(link, rules(30), alone=MemoryPace(rules(30), now)) for link in links)
    for pace in (one, two, one):
        assert (await pace.take(ADA, Urgency.ANSWER)).one == 0
    assert (await two.take(ADA, Urgency.ANSWER)).one > 0, "they count together"
    redis_server.stop()
    for pace in (one, two):
        assert [(await pace.take(BOB, Urgency.ANSWER)).one == 0 for _ in range(4)] == [True, True, True, False]
    await one.pause(BOB, 3000)
    assert (await one.take(BOB, Urgency.ANSWER)).one > 2000
    redis_server.start()
    moment[0] += 5
    for pace in (one, two, one):
        assert (await pace.take(ADA, Urgency.ANSWER)).one == 0, "a new Redis knows of nobody, nor of the script"
    assert (await two.take(ADA, Urgency.ANSWER)).one > 0
    for link in links:
        await link.aclose()
