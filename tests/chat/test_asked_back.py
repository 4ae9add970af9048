"""A wish that could mean several things: the author asks back once, and takes any answer, or chooses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chat.scene import model_room
from tests.handlers.chat.room import Room
from tests.kit.model_server import Fault, ModelServer

KEYS = ["You choose", "⬅ Back", "✖ Cancel"]


async def to_question(room: Room) -> None:
    await room.say("teach me Java")
    await room.tap("Nothing yet")
    await room.tap("1 h")
    asked = await room.someone.sees("Java · Java: ", "?", button="You choose")
    assert asked.buttons == KEYS


def last_task(model: ModelServer) -> str:
    return str(model.calls[-1].body["messages"][0]["content"])


async def test_an_answer_goes_to_the_author_and_no_second_question_comes(tmp_path: Path) -> None:
    async with model_room(tmp_path, Fault("vague", kind="proposal", times=2)) as (room, model):
        await to_question(room)
        await room.say("the island <b>")
        await room.someone.sees("You will be able to", button="Make this course")
        assert '{"detail": "the island <b>"}' in last_task(model)
        assert "the learner has been asked" in last_task(model)
        assert len(model.asked("proposal")) == 2


async def test_the_author_may_choose(tmp_path: Path) -> None:
    async with model_room(tmp_path, Fault("vague", kind="proposal", times=2)) as (room, model):
        await to_question(room)
        await room.tap("You choose")
        await room.someone.sees("You will be able to", button="Make this course")
        assert '"detail"' not in last_task(model)
        assert "the learner has been asked" in last_task(model)


@pytest.mark.parametrize("said", ["cancel", "no"])
async def test_it_can_be_dropped(tmp_path: Path, said: str) -> None:
    async with model_room(tmp_path, Fault("vague", kind="proposal")) as (room, _):
        await to_question(room)
        await room.say(said)
        assert "Cancelled." in room.text


async def test_back_leads_back_and_another_topic_may_be_asked_about_again(tmp_path: Path) -> None:
    faults = Fault("vague", kind="proposal", times=2)
    async with model_room(tmp_path, faults) as (room, model):
        await to_question(room)
        await room.tap("Back")
        assert room.text.endswith("How much time do you have for it?")
        await room.tap("Back")
        await room.tap("Back")
        await to_question(room)
        assert len(model.asked("proposal")) == 2
