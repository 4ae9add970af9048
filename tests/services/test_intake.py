from __future__ import annotations

from typing import Any

import pytest

from services.intake import ALLOWED_UPDATES, KIND, IntakeService, lane_of
from services.jobs import Jobs, WorkItem
from storage.database import Database
from tests.kit.clocks import HeldClock
from tests.kit.database import sqlite

__all__ = ["sqlite"]

ME: dict[str, Any] = {"id": 7_000_000_001, "is_bot": False, "first_name": "Ada"}
CHAT = {"id": 7_000_000_001, "type": "private"}
GROUP = {"id": -1_002_000_000_001, "type": "supergroup"}
MESSAGE: dict[str, Any] = {"message_id": 5, "date": 1, "chat": CHAT, "from": ME, "text": "hi"}
UNDER = {**MESSAGE, "from": {"id": 1, "is_bot": True, "first_name": "Bot"}, "text": "x" * 4000, "reply_markup": {}}
TAP = {"id": "1", "from": ME, "chat_instance": "1", "data": "1s.1.0", "message": UNDER}


@pytest.mark.parametrize(
    ("update", "lane"),
    [
        ({"message": MESSAGE}, "u:7000000001"),
        ({"message": {**MESSAGE, "chat": GROUP}}, "u:7000000001"),
        ({"edited_message": MESSAGE}, "u:7000000001"),
        ({"callback_query": TAP}, "u:7000000001"),
        ({"poll_answer": {"poll_id": "1", "user": ME, "option_ids": [0]}}, "u:7000000001"),
        ({"my_chat_member": {"chat": CHAT, "from": ME, "date": 1}}, "u:7000000001"),
        ({"message": {"message_id": 1, "date": 1, "chat": GROUP}}, "u:-1002000000001"),
        ({"channel_post": {"message_id": 1, "date": 1, "chat": GROUP}}, "u:0"),
    ],
)
def test_all_that_a_person_does_goes_into_one_lane(update: dict[str, Any], lane: str) -> None:
    assert lane_of({"update_id": 1, **update}) == lane


def test_only_what_has_a_lane_is_asked_for() -> None:
    assert all(lane_of({kind: {"from": ME}}) != "u:0" for kind in ALLOWED_UPDATES)


async def test_a_tap_is_stored_without_the_message_above_it(sqlite: Database) -> None:
    jobs, got = Jobs(sqlite, HeldClock(), worker="one"), []

    async def handle(item: WorkItem) -> None:
        got.append(item)

    jobs.register(KIND, handle)
    await jobs.start()
    intake = IntakeService(jobs)
    await intake.accept([{"update_id": 9, "callback_query": TAP}, {"update_id": 10, "message": MESSAGE}])
    await intake.accept([{"update_id": 9, "callback_query": TAP}])  # Telegram sends it again
    await jobs.stop(1)
    assert [item.key for item in got] == ["tg:9", "tg:10"]
    assert got[0].payload["callback_query"]["message"] == {"message_id": 5, "date": 0, "chat": CHAT}
    assert got[0].payload["callback_query"]["data"] == TAP["data"]
    assert got[1].payload == {"update_id": 10, "message": MESSAGE}
    assert UNDER["text"] == "x" * 4000  # what was given is left as it was


async def test_nothing_is_nothing(sqlite: Database) -> None:
    jobs = Jobs(sqlite, HeldClock(), worker="one")
    await IntakeService(jobs).accept([])
