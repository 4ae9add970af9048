"""Who comes in, who is told what: access modes, groups, admins, strangers, those who blocked the bot."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.localchat.people import GROUP_ID, INSTRUCTOR, LEARNER
from tests.chat.scene import made, open_room, sample_card, sample_course
from tests.handlers.chat.room import Room
from tests.handlers.chat.room import ShiftedClock as Clock

OUTSIDE = "I teach a closed circle here, and you are not in it yet. Ask Ada for an invitation; its link lets you in."


async def test_an_invitation_lets_one_person_in(tmp_path: Path) -> None:
    async with open_room(tmp_path, ACCESS="invite", OPERATOR_NAME="Ada") as room:
        for text in ("/start", "teach me chess", "/courses", "/start i_wrong-code", "/start i_"):
            await room.say(text)
            assert room.text == OUTSIDE, text
        await room.someone.seat.send_sticker()
        await room.quiet()
        assert room.text == OUTSIDE
        host = room.of(room.live.admin)
        await host.say("/invite")
        link = host.text.split()[-1]
        assert link.startswith("https://t.me/lectern_local_bot?start=i_")
        code = link.partition("start=")[2]
        await room.say(f"/start {code}")
        assert room.text.startswith("Hello Lena.")
        late = room.of(room.live.instructor)
        await late.say(f"/start {code}")
        assert late.text == OUTSIDE, "it was good for one"
        await room.say("/learn")
        assert "take one that I brought along" in room.text


async def test_being_let_in_lasts_over_a_restart(tmp_path: Path) -> None:
    async with open_room(tmp_path, ACCESS="invite") as room:
        host = room.of(room.live.admin)
        await host.say("/invite")
        await room.say("/start " + host.text.rpartition("start=")[2])
    async with open_room(tmp_path, ACCESS="invite") as room:
        await room.say("/courses")
        assert room.text.startswith("You have no courses yet")


async def test_an_allow_list_lets_in_who_is_on_it(tmp_path: Path) -> None:
    async with open_room(tmp_path, ACCESS="allow-list", ALLOW_LIST=f"[{LEARNER.id}]", OPERATOR_NAME="Ada") as room:
        await room.say("/start")
        assert room.text.startswith("Hello Lena.")
        other = room.of(room.live.instructor)
        await other.say("/start")
        assert other.text == OUTSIDE
        host = room.of(room.live.admin)
        await host.say("/start")
        assert host.text.startswith("Hello Ada."), "admins are always in"


async def test_a_group_is_shown_the_way_into_private(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        seat = room.someone.seat
        for text in ("/learn chess", "@lectern_local_bot teach us chess", "what a day"):
            await seat.send_text(text, chat=GROUP_ID)
            await room.quiet()
        said = [one for one in seat.messages(GROUP_ID) if one["from"]["is_bot"]]
        assert [one["text"] for one in said] == ["I teach in private, where your progress is yours."] * 2
        (key,) = said[0]["reply_markup"]["inline_keyboard"][0]
        assert key["text"] == "Open the chat"
        assert key["url"].startswith("https://t.me/lectern_local_bot?start=")
        assert room.count == 0, "nothing was begun in private"


async def test_a_dialogue_in_private_is_not_answered_from_a_group(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        await room.say("/learn")
        asked = room.screen
        await room.someone.seat.send_text("/cancel", chat=GROUP_ID)
        await room.quiet()
        assert room.screen == asked
        await room.tap("Tides")
        await room.someone.sees("Made without AI")


async def test_status_is_for_admins_and_says_something(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        for text in ("/status", "/invite"):
            await room.say(text)
            assert room.text == "I do not know that command. /help lists those that I do."
        host = room.of(room.live.admin)
        await host.say("/status")
        assert host.text.startswith("Everything works · version 0.1.0 · development\n✅ ")
        assert "✅ database" in host.text
        assert host.text.endswith("\n\nNo work is waiting."), "the question itself is nothing that waits"


async def test_who_blocked_the_bot_hears_nothing_until_they_write(tmp_path: Path) -> None:
    async with open_room(tmp_path, Clock()) as room:
        await sample_card(room)
        await room.tap("Make this course")
        await room.someone.seat.block()
        await made(room.live)
        before = [one.text for one in room.someone.messages()]
        room.clock.ahead += 60
        await room.someone.seat.unblock()
        await room.quiet()
        assert [one.text for one in room.someone.messages()] == before
        await room.say("/courses")
        assert "1 Sourdough" in room.text


@pytest.mark.parametrize("code", ["en", "pt-BR", "tlh", "", "x" * 30])
async def test_a_stranger_of_any_language_is_spoken_to(tmp_path: Path, code: str) -> None:
    async with open_room(tmp_path) as room:
        stranger = room.of(room.live.stranger(8_000_000_007, "Bùi <b>&\u202eX", code))
        await stranger.say("/start")
        assert stranger.text.startswith("Hello Bùi <b>&")
        assert "Tell me what you would like to learn" in stranger.text


async def test_people_do_not_meet(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        other = room.of(room.live.instructor)
        await other.say("hello")
        await sample_course(room)
        await room.tap("Start")
        for label in ("✅ Done", "▶", "Note"):
            data = room.screen.data(label)
            assert await other.press(data) == "That is not among your courses. Yours: /courses"
        assert other.count == 1
        await other.say("/courses")
        assert other.text.startswith("You have no courses yet")
        ready = next(one for one in room.someone.messages() if "is ready" in one.text)
        assert await other.press(ready.data("Start")) == "That is not among your courses. Yours: /courses"
        await room.tap("✅ Done")
        assert INSTRUCTOR.id != LEARNER.id
        progress = await _percent(room)
        assert progress == "6 %", "and it is theirs alone"


async def _percent(room: Room) -> str:
    await room.say("/progress")
    return room.text.splitlines()[3].split(" ", 1)[1]
