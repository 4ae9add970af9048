"""Somebody sends files that mean harm: they get a sentence, and everybody else is answered meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.chat.scene import open_room
from tests.handlers.chat.room import Room
from tests.kit.chat import Shown, Someone
from tests.kit.hostile_files import FILES

SENTENCES = {
    "zip bomb": "This file unpacks to far more than its size, so I left it closed.",
    "a thousand million laughs": "This file is damaged; I could not open it.",
    "100 000 pages": "This text is too long for one course. A chapter of it will do.",
}


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


async def test_others_are_answered_while_a_bomb_is_read(room: Room) -> None:
    """The bomb takes seconds of CPU until it is given up; in that time another person is answered again and again."""
    bomb, other = FILES["brackets"], room.live.instructor
    await other.say("/start")
    await other.sees("send me a document")
    await room.someone.seat.send_document(bomb.name, bomb.make())
    answered = 0
    while not _given_up(room) and answered < 200:
        await _answered(other)
        answered += 1
        await asyncio.sleep(0.2)
    await room.someone.sees("This text is too long for one course.", timeout=60)
    assert answered >= 3


def _given_up(room: Room) -> bool:
    return any("This text is too long for one course." in one.text for one in room.someone.messages())


async def _answered(other: Someone) -> None:
    before = other.screen.raw["message_id"]

    def more() -> Shown | None:
        return other.screen if other.screen.raw["message_id"] != before else None

    await other.say("/help")
    await other.until(more, "an answer", 30)


@pytest.mark.parametrize("case", SENTENCES)
async def test_a_hostile_file_gets_a_sentence(room: Room, case: str) -> None:
    file = FILES[case]
    await room.someone.seat.send_document(file.name, file.make())
    await room.someone.sees(SENTENCES[case], timeout=60)
