from __future__ import annotations

import asyncio

import pytest

from services.pacing import BURSTS, PATIENCE, TooSoon, Urgency, make_pacer, rules
from tests.kit.clocks import HeldClock
from tests.kit.hurried_clock import HurriedClock

ADA = 7_000_000_001


async def test_a_burst_goes_at_once_and_what_follows_waits_its_turn() -> None:
    clock = HeldClock()
    pacer, begun = make_pacer(clock, 30), clock.ticks
    for _ in range(BURSTS[0]):
        await pacer.turn(ADA, Urgency.ANSWER)
    assert clock.ticks == begun
    await pacer.turn(ADA, Urgency.ANSWER)
    assert clock.ticks == pytest.approx(begun + 1, abs=0.01)


async def test_who_would_wait_long_is_told_for_how_long() -> None:
    clock = HeldClock()
    pacer, begun = make_pacer(clock, 30), clock.ticks
    await pacer.pause(ADA, 40)
    with pytest.raises(TooSoon) as told:
        await pacer.turn(ADA, Urgency.ANSWER)
    assert told.value.seconds == pytest.approx(40, abs=0.01)
    assert clock.ticks == begun
    await pacer.pause(None, 20)
    for urgency in Urgency:
        with pytest.raises(TooSoon):
            await pacer.turn(ADA + 1, urgency)
    assert max(PATIENCE) < 20


async def test_one_chats_pause_keeps_no_other_chat_waiting() -> None:
    pacer, loop = make_pacer(HurriedClock(), 1000), asyncio.get_running_loop()
    await pacer.pause(ADA, 2.5)
    begun, order = loop.time(), []

    async def send(chat: int) -> None:
        await pacer.turn(chat, Urgency.ANSWER)
        order.append(chat)

    await asyncio.gather(*(send(ADA + n) for n in range(21)))
    assert loop.time() - begun < 5
    assert len(order) == 21
    assert order[-1] == ADA


def test_bursts_and_the_steady_rate_together_are_what_is_allowed() -> None:
    for allowed in (30, 100, 1000):
        overall = rules(allowed).overall
        assert overall[0].limit + overall[0].burst == allowed
        assert [one.burst for one in overall] == sorted((one.burst for one in overall), reverse=True)
        assert len({one.limit for one in overall}) == 1
