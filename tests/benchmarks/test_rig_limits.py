"""The rig's Telegram takes what the real one does, and no more."""

from __future__ import annotations

import pytest
from aiohttp import ClientSession

from benchmarks.rig.limits import CHAT_BURST, GROUP, OVERALL, Limits, is_counted
from benchmarks.rig.telegram import TOKEN, telegram

ADA, GROUP_CHAT = 7_000_000_001, -100_200_300


def test_over_all_thirty_a_second() -> None:
    limits = Limits()
    waits = [limits.take(ADA + n, 100 + n / 1000) for n in range(OVERALL + 5)]
    assert waits == [0] * OVERALL + [1] * 5
    assert limits.take(ADA + 99, 101.1) == 0
    assert limits.refused == {"overall": 5, "chat": 0, "group": 0}
    assert limits.most == OVERALL


def test_in_a_private_chat_a_short_burst_and_then_one_a_second() -> None:
    limits = Limits()
    assert [limits.take(ADA, 100.0) for _ in range(CHAT_BURST + 1)] == [0] * CHAT_BURST + [1]
    assert limits.take(ADA + 1, 100.0) == 0
    assert limits.take(ADA, 100.5) == 1, "who goes on is refused again"
    assert [limits.take(ADA, 101.6 + n) for n in range(20)] == [0] * 20
    assert limits.refused["chat"] == 2


def test_in_a_group_twenty_a_minute() -> None:
    limits = Limits()
    assert [limits.take(GROUP_CHAT, 100.0 + n) for n in range(GROUP)] == [0] * GROUP
    assert limits.take(GROUP_CHAT, 125.0) == 35
    assert limits.take(GROUP_CHAT, 161.0) == 0
    assert limits.refused["group"] == 1


@pytest.mark.parametrize(
    ("method", "counted"),
    [("sendmessage", True), ("editmessagetext", True), ("answercallbackquery", False), ("sendchataction", False)],
)
def test_what_counts(method: str, counted: bool) -> None:
    assert is_counted(method) is counted


async def test_who_sends_too_much_is_answered_429_and_when_to_come_again() -> None:
    async with telegram() as far_side, ClientSession() as session:
        far_side.limits = Limits()
        url = f"{far_side.url}/w1/bot{TOKEN}/sendMessage"
        statuses = []
        for _ in range(CHAT_BURST + 1):
            async with session.post(url, json={"chat_id": ADA, "text": "hello"}) as answer:
                statuses.append(answer.status)
                said = await answer.json()
        assert statuses == [200] * CHAT_BURST + [429]
        assert said["parameters"] == {"retry_after": 1}
        assert [call.status for call in far_side.ledger.calls] == statuses
