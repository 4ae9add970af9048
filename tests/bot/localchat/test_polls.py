from __future__ import annotations

from typing import Any

import pytest

from bot.localchat.engine import Engine
from bot.localchat.people import ADMIN, GROUP_ID, LEARNER
from bot.localchat.seats import NotPossible, Seat
from tests.bot.localchat.conftest import Api, HeldClock

ME = LEARNER.id
QUIZ: dict[str, Any] = {
    "chat_id": ME,
    "question": "Two and two?",
    "options": ["3", "4"],
    "type": "quiz",
    "correct_option_ids": [1],
    "explanation": "Count.",
    "is_anonymous": False,
}


async def test_a_quiz_keeps_its_key_until_it_is_answered(api: Api, learner: Seat) -> None:
    sent = await api.ok("sendPoll", **QUIZ)
    seen = learner.messages()[-1]["poll"]
    assert sent["poll"]["correct_option_ids"] == [1]
    assert not {"correct_option_ids", "explanation"} & seen.keys()
    assert seen["my_vote"] is None
    await learner.answer_poll(sent["poll"]["id"], [0])
    seen = learner.messages()[-1]["poll"]
    assert (seen["my_vote"], seen["correct_option_ids"], seen["explanation"]) == ([0], [1], "Count.")
    assert [option["voter_count"] for option in seen["options"]] == [1, 0]
    updates = await api.ok("getUpdates")
    (answer,) = [update["poll_answer"] for update in updates if "poll_answer" in update]
    assert (answer["poll_id"], answer["option_ids"], answer["user"]["id"]) == (sent["poll"]["id"], [0], ME)
    with pytest.raises(NotPossible, match="one answer"):
        await learner.answer_poll(sent["poll"]["id"], [1])


async def test_an_anonymous_poll_tells_counts_only(api: Api, learner: Seat) -> None:
    poll = (await api.ok("sendPoll", **QUIZ | {"is_anonymous": True}))["poll"]
    await learner.answer_poll(poll["id"], [1])
    kinds = [key for update in await api.ok("getUpdates") for key in update if key != "update_id"]
    assert kinds == ["poll"]


async def test_votes_of_several_people(engine: Engine, api: Api, learner: Seat) -> None:
    poll = (await api.ok("sendPoll", chat_id=GROUP_ID, question="When?", options=["Now", "Later"]))["poll"]
    await learner.answer_poll(poll["id"], [0])
    await engine.person(ADMIN.id).answer_poll(poll["id"], [1])
    await learner.answer_poll(poll["id"], [1])
    seen = learner.messages(GROUP_ID)[-1]["poll"]
    assert ([o["voter_count"] for o in seen["options"]], seen["total_voter_count"]) == ([0, 2], 2)
    await learner.answer_poll(poll["id"], [])
    assert learner.messages(GROUP_ID)[-1]["poll"]["my_vote"] is None


async def test_a_stopped_poll_takes_no_votes(api: Api, learner: Seat) -> None:
    sent = await api.ok("sendPoll", **QUIZ)
    where = {"chat_id": ME, "message_id": sent["message_id"]}
    assert (await api.ok("stopPoll", **where))["is_closed"] is True
    assert learner.messages()[-1]["poll"]["correct_option_ids"] == [1]
    with pytest.raises(NotPossible, match="closed"):
        await learner.answer_poll(sent["poll"]["id"], [1])
    assert await api.error("stopPoll", **where) == "Bad Request: poll has already been closed"
    assert await api.error("stopPoll", chat_id=ME, message_id=99) == "Bad Request: message with poll to stop not found"


async def test_an_open_period_ends(api: Api, learner: Seat, clock: HeldClock) -> None:
    poll = (await api.ok("sendPoll", **QUIZ | {"open_period": 60}))["poll"]
    clock.passed += 60
    with pytest.raises(NotPossible, match="closed"):
        await learner.answer_poll(poll["id"], [1])


@pytest.mark.parametrize("choice", [[2], [-1], [0, 1]])
async def test_votes_that_a_client_would_not_send(api: Api, learner: Seat, choice: list[int]) -> None:
    poll = (await api.ok("sendPoll", **QUIZ))["poll"]
    with pytest.raises(NotPossible):
        await learner.answer_poll(poll["id"], choice)
    with pytest.raises(NotPossible):
        await learner.answer_poll("no such poll", [0])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"question": ""}, "Poll question must be non-empty"),
        ({"question": "x" * 301}, "Poll question length must not exceed 300"),
        ({"options": ["1"]}, "poll must have at least 2 option"),
        ({"options": [str(n) for n in range(13)]}, "poll can't have more than 12 options"),
        ({"options": ["x" * 101, "y"]}, "Poll options length must not exceed 100"),
        ({"options": ["", "y"]}, "Poll options must be non-empty"),
        ({"options": ["y", "y"]}, "POLL_OPTION_DUPLICATE"),
        ({"correct_option_ids": [2]}, "Wrong correct option ID specified"),
        ({"correct_option_ids": []}, "Wrong correct option ID specified"),
        ({"correct_option_ids": None}, "Wrong correct option ID specified"),
        ({"explanation": "x" * 201}, "message is too long"),
        ({"explanation": "a\nb\nc\nd"}, "message is too long"),
    ],
)
async def test_limits_of_polls(api: Api, change: dict[str, Any], words: str) -> None:
    found = await api.error("sendPoll", **QUIZ | change)
    assert found.lower() == f"bad request: {words}".lower()


async def test_the_largest_poll(api: Api) -> None:
    most = {
        "question": "x" * 300,
        "options": [f"{n:02}" + "x" * 98 for n in range(12)],
        "explanation": "x" * 196 + "\n\ny",
    }
    assert len((await api.ok("sendPoll", **QUIZ | most))["poll"]["options"]) == 12
