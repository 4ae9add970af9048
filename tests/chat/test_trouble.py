"""What goes wrong around a conversation, and what does not come of it: nothing is lost, nobody else is held up."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from telegram.request import RequestData

from bot.localchat.people import LEARNER
from bot.localchat.request import LocalRequest
from storage.writer import Ask, Job, Statement, repeatable
from tests.chat.scene import KEY, BriskClock, open_room, sample_card, sample_course
from tests.handlers.chat.room import Room
from tests.kit.chat import Live, lectern
from tests.kit.model_server import model_server

REFUSED = b'{"ok":false,"error_code":400,"description":"Bad Request: we do not like it"}'


class Picky(LocalRequest):
    """The local chat, but it does not take messages that say *volcano*."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *times: Any, **timeouts: Any
    ) -> tuple[int, bytes]:
        said = json.dumps(request_data.json_parameters if request_data else {}, ensure_ascii=False)
        if "olcano" in said:
            return 400, REFUSED
        return await super().do_request(url, method, request_data, *times, **timeouts)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


async def aside(live: Live) -> int:
    """How many pieces of work are set aside."""
    return (await live.house.application.desk.health.workload()).aside


async def test_what_cannot_be_dealt_with_is_set_aside_and_the_next_message_is_answered(tmp_path: Path) -> None:
    async with open_room(tmp_path, line=Picky, OPERATOR_NAME="Ada") as room:
        other = room.of(room.live.instructor)
        await room.someone.say("/learn volcanoes")
        await other.say("/help")
        assert other.text.startswith("What I can do")
        await room.say("/help")
        said = [one.text for one in room.someone.messages()]
        assert said[0] == "That did not work, and it is not your doing. Nothing is lost; I am trying again."
        assert said[1] == "I had to give up on it; Ada has been told."
        assert said[2].startswith("What I can do")
        assert await aside(room.live) == 1
        host = room.of(room.live.admin)
        assert "volcano" not in str([one.text for one in host.someone.messages()]), "what people write is theirs"
        await host.say("/status")
        assert "1 piece of work was set aside." in host.text


async def test_an_update_that_is_none_harms_nobody(room: Room) -> None:
    queue = room.live.engine._state.updates  # the far side of the wire: what Telegram would send
    person, chat = LEARNER.user(), LEARNER.chat()
    queue.put("message", {"message_id": 1, "from": person, "chat": chat, "text": "no date"})
    queue.put("message", {"message_id": 2, "date": 1, "chat": {"id": 5, "type": "channel"}, "text": "no sender"})
    queue.put("message", {"message_id": 3, "date": 1, "chat": chat, "from": person})
    queue.put("message", {"message_id": 4, "date": 1, "chat": chat, "from": person, "text": "\ud83d\0"})
    queue.put("callback_query", {"id": "9", "from": person, "chat_instance": "1"})
    queue.put("callback_query", {"id": "9", "from": person, "chat_instance": "1", "data": "1d.1"})
    queue.put("callback_query", {"id": "9", "from": person, "chat_instance": "1", "game_short_name": "x"})
    queue.put("poll_answer", {"poll_id": "1", "user": person, "option_ids": [1]})
    queue.put("my_chat_member", {"chat": chat, "from": person, "date": 1})
    queue.put("edited_message", {"message_id": 3, "date": 1, "edit_date": 2, "chat": chat, "from": person})
    queue.put("something_new", {"from": person})
    await room.say("/help")
    assert room.text.startswith("What I can do")


async def test_an_edited_message_that_is_no_answer_is_let_be(room: Room) -> None:
    first = await room.say("/help")
    second = await room.say("thanks")
    asked = await room.say("/learn")
    count, screen = room.count, room.screen
    for message in (first, second, asked):
        await room.correct(message, "teach me chess")
    assert (room.count, room.screen) == (count, screen)


WALK = [
    "say /start",
    "tap Show me an example",
    "tap Tides",
    "tap Title",
    "say Sea",
    "tap Use this",
    "tap Make this course",
    "tap ▶ Start",
    "tap 📝 Note",
    "say The Moon pulls",
    "tap ⬅ Back to the section",
    "tap ✅ Done",
    "say /courses",
    "tap 1 · ",
    "tap ✏️ Rename",
    "say The sea and the Moon",
    "say /settings",
    "tap 🕑",
    "say Lisbon",
    "say /continue",
]


async def test_every_message_finds_another_process(tmp_path: Path) -> None:
    """The bot is stopped and started on the same folder before each thing that Lena does."""
    for step in WALK:
        async with lectern(tmp_path, clock=BriskClock()) as live:
            does, _, what = step.partition(" ")
            waits = {"tap Title": "Make this course", "tap ▶ Start": "▶ Start"}.get(step)
            if waits is not None:
                await live.learner.sees(button=waits)
            await (live.learner.say(what) if does == "say" else live.learner.tap(what))
            await live.quiet()
    async with lectern(tmp_path, clock=BriskClock()) as live:
        assert " · 2 of 3 · " in live.learner.screen.text
        await live.learner.say("/progress")
        await live.quiet()
        assert live.learner.screen.text.startswith("Your progress\n\nThe sea and the Moon\n")
        assert "1 of 18 sections" in live.learner.screen.text


async def test_with_a_model_it_goes_on_in_another_process_as_well(tmp_path: Path) -> None:
    steps = ["say teach me rye bread", "tap Some", "tap 1 h", "tap Change", "tap Title", "say Rye", "tap Use this"]
    steps += ["tap Make this course"]
    async with model_server() as model:
        keys = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": model.url}
        for step in steps:
            async with lectern(tmp_path, author=None, clock=BriskClock(), **keys) as live:
                does, _, what = step.partition(" ")
                if what == "Change":
                    await live.learner.sees("You will be able to", button="Make this course")
                await (live.learner.say(what) if does == "say" else live.learner.tap(what))
                await live.quiet()
        async with lectern(tmp_path, author=None, clock=BriskClock(), **keys) as live:
            await live.learner.sees("Your course is ready")
        assert len(model.asked("proposal")) == 1
        assert len(model.asked("plan")) == 1


async def impatient(live: Live) -> None:
    """Let our connections wait for a locked database for 20 ms instead of 5 s."""

    @repeatable
    def pragma() -> Job[None]:
        yield Ask(Statement("PRAGMA busy_timeout=20"), {})

    await live.house.database.writer.do(pragma())
    async with live.house.database.transaction() as session:
        await session.execute(text("PRAGMA busy_timeout=20"))


async def test_a_database_that_is_locked_for_a_while_loses_nothing(room: Room, tmp_path: Path) -> None:
    await sample_course(room)
    await room.tap("▶ Start")
    await impatient(room.live)
    with closing(sqlite3.connect(tmp_path / "lectern.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        press = await room.someone.seat.press(room.id, room.screen.data("✅ Done"))
        await room.someone.say("/progress")
        assert (await press.toast(10)).text.startswith("I cannot write anything down at the moment")
        await asyncio.sleep(0.3)
        assert "✅ Done" in room.keys[0], "nothing is answered that is not kept"
        other.execute("ROLLBACK")
    await room.someone.sees("Your progress", "1 of 18 sections")
    assert sum("· Undo" in str(one.labels) for one in room.someone.messages()) == 1


async def test_who_writes_while_nothing_can_be_kept_is_told_once(room: Room, tmp_path: Path) -> None:
    await room.say("hello")
    await impatient(room.live)
    with closing(sqlite3.connect(tmp_path / "lectern.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await room.someone.say("/learn volcanoes")
        await room.someone.sees("I cannot write anything down at the moment, and it is not your doing.")
        await room.someone.say("/help")
        await asyncio.sleep(0.3)
        other.execute("ROLLBACK")
    await room.someone.sees("What I can do")
    said = [one.text.split(".")[0] for one in room.someone.messages()]
    assert said[1].startswith("I cannot write anything down")
    assert said[2].startswith("Volcanoes")
    assert len(said) == 4


async def test_locked_in_the_middle_of_an_answer_it_is_tried_again(room: Room, tmp_path: Path) -> None:
    await sample_card(room)
    await impatient(room.live)
    with closing(sqlite3.connect(tmp_path / "lectern.db", isolation_level=None)) as other:
        press = await room.someone.seat.press(room.id, room.screen.data("Make this course"))
        other.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(0.4)
        other.execute("ROLLBACK")
    assert (await press.toast(10)).text
    await room.someone.sees("Your course is ready")
    await room.say("/courses")
    assert room.text.count("Sourdough") == 1
