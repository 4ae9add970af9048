from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.localchat.people import GROUP, GROUP_ID
from handlers.chat.registry import COMMANDS
from tests.handlers.chat.classroom import classroom, to_card
from tests.handlers.chat.room import Room

HELLO = (
    "Hello Lena. I make short courses and teach them here, a few minutes at a time.\n\n"
    "Tell me what you would like to learn, or send me a document to learn from."
)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with classroom(tmp_path) as opened:
        yield opened


async def test_the_first_meeting(room: Room) -> None:
    await room.say("/start")
    assert room.text == HELLO
    assert room.keys == [["What can I ask for?", "Show me an example"]]
    await room.tap("What can I ask for?")
    assert "teach me how sourdough works" in room.text
    await room.tap("Back")
    await room.tap("Show me an example")
    assert [len(row) for row in room.keys] == [1, 1, 1, 1]
    await room.tap("Back")
    assert room.text == HELLO
    assert room.count == 1, "what can be edited in place is not sent again"


async def test_an_example_becomes_a_request(room: Room) -> None:
    await room.say("/start")
    await room.tap("Show me an example")
    await room.tap("Tides")
    assert room.text.startswith("Tides: Why the Sea Rises and Falls · How much do you know")
    assert room.count == 1


async def test_who_has_a_course_is_led_back_to_it(room: Room) -> None:
    await to_card(room)
    await room.tap("Make this course")
    await room.someone.sees("Your course is ready")
    await room.say("/start")
    assert room.text.startswith("Hello Lena. Your course is where you left it.")
    assert room.keys[0] == ["▶ Continue: How sourdough works: a first course"]
    await room.tap("Continue")
    assert "Section 0.0, written" in room.text


async def test_a_link_leads_straight_to_asking(room: Room) -> None:
    await room.say("/start learn")
    assert room.text.startswith("What would you like to learn?")


async def test_start_drops_what_was_under_way(room: Room) -> None:
    await room.say("teach me chess")
    await room.say("/start")
    assert room.someone.messages()[0].buttons == []
    await room.say("Sourdough")
    assert room.text.startswith("Sourdough · How much do you know")


@pytest.mark.parametrize("text", ["hello", "Thanks!", "ok"])
async def test_small_talk_is_answered_kindly_and_starts_nothing(room: Room, text: str) -> None:
    await room.say(text)
    assert room.text == "Good to hear from you. What would you like to learn? A few words will do."


async def test_next_is_no_topic_where_there_is_nothing_to_read_yet(room: Room) -> None:
    await room.say("next")
    assert room.text.startswith("Tell me what you would like to learn next")
    await room.say("/learn")
    await room.say("next")
    assert room.text.startswith("Tell me what you would like to learn next")
    await room.say("Sourdough")
    assert room.text.startswith("Sourdough · How much do you know")


async def test_help_names_every_command_of_the_menu(room: Room) -> None:
    await room.say("/help")
    for name in COMMANDS:
        assert f"/{name}" in room.text or name == "help"
    assert {one["command"] for one in room.someone.seat.commands()} == set(COMMANDS)
    await room.say("/nonsense")
    assert room.text == "I do not know that command. /help lists those that I do."


async def test_what_cannot_be_read_is_answered(room: Room) -> None:
    await room.stick()
    assert room.text.startswith("I can read PDF, Word, Markdown and text. Send me one")
    await room.tap("Ask for a course")
    assert room.text.startswith("What would you like to learn?")


async def test_an_edited_message_that_answers_nothing_is_let_be(room: Room) -> None:
    typed = await room.say("hello")
    await room.someone.seat.edit_text(typed, "teach me chess")
    await room.quiet()
    assert room.count == 1


async def test_in_a_group_the_way_into_the_private_chat_is_shown(room: Room) -> None:
    seat = room.someone.seat
    name = room.live.engine.bot["username"]

    def answers() -> list[dict[str, Any]]:
        return [one for one in seat.messages(GROUP_ID) if one["from"]["is_bot"]]

    texts = ("what a day", "/start@another_bot", "/start", "/learn@" + name, f"hey @{name}, teach us chess")
    for text in texts:
        await seat.send_text(text, chat=GROUP_ID)
    for _ in range(3_000):
        if len(answers()) >= 3:
            break
        await asyncio.sleep(0.01)
    await room.quiet()
    said = answers()
    assert [one["reply_to_message"]["text"] for one in said] == list(texts[2:])
    assert all(one["text"] == "I teach in private, where your progress is yours." for one in said)
    assert "https://t.me/" in str(said[0]["reply_markup"])
    assert room.count == 0


async def test_a_group_that_takes_the_bot_in_is_shown_the_way_once(room: Room) -> None:
    state, seat = room.live.engine._state, room.someone.seat  # the far side of the wire: what Telegram would send
    out, in_, higher = ({"user": state.bot, "status": status} for status in ("left", "member", "administrator"))
    change = {"chat": GROUP, "from": seat.person.user(), "date": state.now()}
    for old, new in ((out, in_), (in_, higher), (in_, out)):
        state.updates.put("my_chat_member", change | {"old_chat_member": old, "new_chat_member": new})
    await room.say("/help")
    said = [one["text"] for one in seat.messages(GROUP_ID) if one["from"]["is_bot"]]
    assert said == ["I teach in private, where your progress is yours."]


async def test_whoever_is_not_invited_is_told_whom_to_ask(tmp_path: Path) -> None:
    async with classroom(tmp_path, ACCESS="invite", OPERATOR_NAME="Ada") as room:
        for text in ("/start", "teach me chess", "/courses"):
            await room.say(text)
            assert room.text.startswith("I teach a closed circle here, and you are not in it yet. Ask Ada")
        assert await room.press("1aw") == "I teach a closed circle here. An invitation from Ada lets you in."
        host = room.of(room.live.admin)
        await host.say("/invite")
        code = host.text.split("start=i_")[1].split()[0]
        await room.say(f"/start i_{code}")
        assert room.text == HELLO
        await room.say("teach me chess")
        assert room.text.startswith("Chess · How much")
