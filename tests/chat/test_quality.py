"""/quality in the chat: a course of one's own, several, somebody else's, none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.localchat.people import LEARNER
from handlers.chat.buttons import encode
from handlers.chat.buttons_reading import ShowQuality
from storage.models import Learner
from tests.chat.scene import open_room, sample_course
from tests.handlers.chat.room import Room
from tests.kit.school import add_course, add_learner


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


async def test_the_report_on_a_sample_course(room: Room) -> None:
    await room.say("/quality")
    assert room.text.startswith("You own no course yet.")
    assert room.keys == [["Ask for a course"]]
    await sample_course(room)
    await room.say("/quality")
    assert room.text.startswith("Sourdough: From Flour to a Risen Loaf\nchecked ")
    assert "checks passed" in room.text
    assert "❗" not in room.text, "nothing gets in a learner's way"
    assert "Not checked, because nobody is there who could: " in room.text
    if "to look at" in room.text:
        await room.tap("Lesson ")
        assert " of 3" in room.text
        await room.say("/quality")
    await room.tap("⬅ The course")
    assert room.text.startswith("Sourdough: From Flour to a Risen Loaf")


async def test_one_of_several(room: Room) -> None:
    await room.say("/start")
    database = room.live.house.database
    async with database.reading() as session:
        lena = (await session.scalars(select(Learner.id).where(Learner.telegram_id == LEARNER.id))).one()
    first, _ = await add_course(database, lena)
    second, _ = await add_course(database, lena, (2, 2))
    await room.say("/quality")
    assert room.text == "Which of your courses shall I look at?"
    assert room.keys == [["Sourdough for everybody"]] * 2
    await room.tap("Sourdough for everybody")
    assert "to look at" in room.text
    assert first != second


async def test_somebody_elses(room: Room) -> None:
    await room.say("/start")
    other = await add_learner(room.live.house.database, 7_999_999_999, "Bob")
    theirs, _ = await add_course(room.live.house.database, other)
    await room.say("/quality")
    shown = room.someone.messages()[-1]
    press = await room.someone.seat.press(shown.raw["message_id"], encode(ShowQuality(theirs)))
    toast = await press.toast(10)
    await room.quiet()
    assert "Sourdough for everybody" not in room.text
    assert toast is not None
