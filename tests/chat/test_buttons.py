"""Buttons that are not what they seem: of old messages, of other people, of other versions, forged, tapped twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.chat.buttons import Continue, MarkDone, OpenLesson, OpenSection, Undo, WriteNote, encode
from handlers.chat.buttons_asking import (
    Approve,
    Back,
    CancelRequest,
    DiscardCourse,
    GoOn,
    KeepCourse,
    PickTime,
    RetryLesson,
    RetryQuestions,
    StartReading,
    StopMaking,
)
from handlers.chat.buttons_reading import CourseProgress, DeleteCourse, RenameCourse
from tests.chat.scene import made, open_room, sample_card, sample_course
from tests.handlers.chat.room import Room

STALE = "That screen is from before. Here is where you are:"
NOT_YOURS = {
    "That is not among your courses. Yours: /courses",
    "That course is not there any more. Yours: /courses",
}


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


async def test_of_another_version_or_no_button_at_all(room: Room) -> None:
    await sample_course(room)
    await room.say("hello")
    for data in ("0d.1", "0rl.1.beginner", "2d.1", "1zz.1", "1d.", "1d.-1", "1d.1.1", "d", "1", "x" * 64, "1s.1.💥"):
        assert await room.press(data) == STALE
        assert room.text.startswith("Tell me what you would like to learn next")
    await room.tap("▶ Continue: Sourdough")
    assert "Wild yeast" in room.text


async def test_of_another_version_while_something_is_asked(room: Room) -> None:
    await room.say("/learn")
    asked = room.screen
    assert await room.press("0rb.1") == STALE
    assert (room.text, room.keys) == (asked.text, asked.labels)


async def test_on_a_message_that_is_not_there(room: Room) -> None:
    await sample_course(room)
    section = encode(OpenSection(1, 0))
    assert await room.press(section, 999_999) == ""
    assert "Wild yeast" in room.text, "it is shown all the same, in a message of its own"


async def test_of_an_old_screen_of_the_same_request(room: Room) -> None:
    await room.say("/learn chess")
    old = room.screen
    await room.say("/learn volcanoes")
    assert await room.press(old.data("Tides"), old.raw["message_id"]) == ""
    await room.someone.sees("Made without AI from Tides")
    assert sum("Make this course" in str(one.labels) for one in room.someone.messages()) == 1


async def test_of_a_request_that_is_under_way_already(room: Room) -> None:
    card = await sample_card(room)
    await room.tap("Make this course")
    for label in ("Make this course", "Title", "Back", "Cancel"):
        said = await room.press(card.data(label), card.raw["message_id"])
        assert said == "That request is under way already, or was dropped."
    await made(room.live)
    assert room.count == 1


@pytest.mark.parametrize("label", ["Make this course", "Cancel", "Back"])
async def test_a_double_tap_is_one(room: Room, label: str) -> None:
    card = await sample_card(room)
    data = card.data(label)
    presses = [await room.someone.seat.press(card.raw["message_id"], data) for _ in range(2)]
    for press in presses:
        await press.toast(10)
    await made(room.live)
    await room.say("/courses")
    assert room.text.count("Sourdough") == (1 if label == "Make this course" else 0)


FORGED = [
    MarkDone(1),
    Undo(1),
    OpenSection(1, 0),
    OpenSection(2**62, 2**62),
    OpenLesson(1, 1),
    WriteNote(1, 0),
    Continue(1),
    StartReading(1),
    StopMaking(1),
    KeepCourse(1),
    DiscardCourse(1),
    GoOn(1),
    RetryLesson(1, 1),
    RetryQuestions(1),
    RenameCourse(1),
    DeleteCourse(1),
    CourseProgress(1),
]


async def test_of_another_learner(room: Room) -> None:
    await sample_course(room)
    other = room.of(room.live.instructor)
    await other.say("hello")
    for button in FORGED:
        assert await other.press(encode(button)) in NOT_YOURS, button
    for request in (Approve(1), Back(1), CancelRequest(1), PickTime(1, 30)):
        assert await other.press(encode(request)) == "That request is under way already, or was dropped."
    assert other.count == 1
    await room.say("/courses")
    assert "Sourdough" in room.text
    assert "0 %" in room.text
