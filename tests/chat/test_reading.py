"""Reading a course and completing it, from the card of its first lesson to 100 %."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.chat.scene import BriskClock, open_room, sample_course
from tests.handlers.chat.room import Room
from tests.kit.chat import lectern

COURSE = "Sourdough: From Flour to a Risen Loaf"
FIRST = "Wild yeast and its company · 1 of 3"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """Lena, whose course on sourdough (6 lessons of 3 sections) is ready."""
    async with open_room(tmp_path) as opened:
        await sample_course(opened)
        yield opened


async def test_from_the_first_section_to_the_end(room: Room) -> None:
    await room.tap("▶ Start")
    assert room.text.startswith(FIRST)
    toasts: list[str] = []
    ends: list[str] = []
    for section in range(1, 19):
        while "✅ Done" not in room.keys[0]:
            await room.tap("▶")
        count = room.count
        toasts.append(await room.tap("✅ Done"))
        if section % 3:
            assert room.count == count, "the keys change in place"
            assert room.keys[0][0].endswith("· Undo")
        else:
            assert room.count == count + 1, "the end of a lesson is one message more"
            ends.append(room.text)
        if section < 18:
            await room.tap(room.keys[-1][0])
            if section % 3 == 0:
                await room.tap("▶ Begin")
    assert toasts[0] == "Done · 6 % of the course"
    assert toasts[4] == "Done · 28 % of the course. A quarter of the way."
    assert toasts[13] == "Done · 78 % of the course. Three quarters are done."
    assert toasts[17] == "Done · 100 % of the course"
    assert re.match(r"Lesson 1 done · 3 sections in \d minutes?\.\n17 % of the course, about ", ends[0])
    assert "Half of it is behind you." in ends[2]
    assert ends[5].startswith(f"Course done · {COURSE}\n6 lessons, 18 sections, ")
    assert "right at the first try" not in ends[5], "no question was asked, so there is no score"
    await room.tap("What next?")
    assert room.text.startswith("Tell me what you would like to learn next")
    await room.say("/progress")
    assert "100 %" in room.text
    await room.tap(COURSE[:20])
    assert "✅ The whole course, in " in room.text


async def test_a_lessons_card_and_the_way_through_it(room: Room) -> None:
    await room.tap("▶ Start")
    await room.tap("◀")
    assert room.text.startswith("1 · What lives in a starter — 3 sections, ")
    assert room.text.count("◻ ") == 3
    await room.tap("▶ Begin")
    section = room.id
    for _ in range(3):
        while "✅ Done" not in room.keys[0]:
            await room.tap("▶")
        await room.tap("▶")
    assert room.text.startswith("2 · ")
    assert room.id == section, "pages are turned in one message"
    await room.tap("☰ All lessons")
    assert "0 of 18 sections" in room.text
    assert "Made without AI from Sourdough" in room.text


async def test_undo_within_a_minute_and_after_it(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        await sample_course(room)
        await room.tap("▶ Start")
        await room.tap("✅ Done")
        room.clock.ahead += 55
        assert await room.tap("· Undo") == "Taken back."
        assert room.keys[0] == ["◀", "✅ Done", "▶"]
        await room.tap("✅ Done")
        at = room.keys[0][0].split()[2]
        room.clock.ahead += 61
        said = f"You completed this at {at}. It can be taken back for a minute; that has passed."
        assert await room.tap("· Undo") == said
        assert "Undo" not in str(room.keys)
        await room.say("/progress")
        assert "6 %" in room.text


async def test_a_hundred_taps_count_once(room: Room) -> None:
    await room.tap("▶ Start")
    data = room.screen.data("✅ Done")
    presses = [await room.someone.seat.press(room.id, data) for _ in range(100)]
    toasts = [(await press.toast(30)).text for press in presses]
    await room.live.quiet()
    assert toasts[0] == "Done · 6 % of the course"
    assert {toast[:22] for toast in toasts[1:]} == {"You completed this at "}
    await room.say("/progress")
    assert "1 of 18 sections" in room.text


async def test_continue_is_everywhere_and_leads_to_what_is_next(room: Room) -> None:
    await room.tap("▶ Start")
    await room.tap("✅ Done")
    upcoming = room.keys[-1][0].removeprefix("▶ Next: ")
    places: dict[str, list[str]] = {
        "/continue": [],
        "/start": ["▶ Continue"],
        "/courses": ["▶ Continue"],
        "hello": ["▶ Continue"],
        "/progress": [COURSE[:20], "▶ Continue"],
    }
    for said, taps in places.items():
        await room.say(said)
        for label in taps:
            await room.tap(label)
        assert room.text.startswith(upcoming), said
    await room.say("/courses")
    await room.tap("1 · ")
    await room.tap("▶ Continue")
    assert room.text.startswith(upcoming)


async def test_notes_are_kept_corrected_and_shown_again(room: Room) -> None:
    await room.tap("▶ Start")
    section = room.screen
    await room.tap("📝 Note")
    assert room.text == "Your note on Wild yeast and its company: write it as your next message."
    await room.someone.seat.send_voice()
    await room.quiet()
    assert room.text.startswith("A note is text; I can keep nothing else with a section.")
    typed = await room.say("Yeast eats <sugar>,\nnot salt")
    assert room.text == "Noted under Wild yeast and its company. If you correct your message, the note follows."
    await room.correct(typed, "Yeast eats sugar & air")
    assert room.text == "The note on Wild yeast and its company is corrected."
    assert section in room.someone.messages()
    await room.tap("⬅ Back to the section")
    await room.tap("📝 Note")
    assert "So far you noted:\n– Yeast eats sugar & air" in room.text
    await room.tap("✖ No note")
    assert room.text == "No note written."
    await room.say("/continue")
    assert room.text.startswith(FIRST)


async def test_courses_are_renamed_put_away_brought_back_and_deleted(room: Room) -> None:
    await room.say("/courses")
    await room.tap("1 · ")
    await room.tap("✏️ Rename")
    await room.say("Rye")
    assert room.text.startswith("“Rye” is a little short for a title")
    await room.say("Bread <b>bold</b> for all")
    assert room.text.startswith("The title contains <b>, which reads as an HTML tag. Every other sign is fine.")
    await room.say("علم الخبز & C++: 1 < 2")
    assert room.text.startswith("\u2068علم الخبز & C++: 1 < 2\u2069 · beginner")
    assert await room.tap("🗄 Archive") == "Archived. Your progress stays."
    await room.say("/courses")
    assert room.text.startswith("You have no courses yet")
    await room.tap("🗄 Archived")
    await room.tap("1 · ")
    assert await room.tap("↩ Bring back") == "It is among your courses again."
    await room.tap("🗑 Delete")
    asked = "Delete \u2068علم الخبز & C++: 1 < 2\u2069? Its lessons and your progress in it go with it"
    assert room.text.startswith(asked)
    deleting = room.screen.data("🗑 Yes")
    assert await room.tap("🗑 Yes") == "Deleted."
    assert await room.press(deleting) == "That is not among your courses. Yours: /courses"
    await room.say("/continue")
    assert room.text.startswith("Tell me what you would like to learn next")
    old = next(one for one in room.someone.messages() if "is ready" in one.text)
    assert await room.press(old.data("▶ Start"), old.raw["message_id"]) == (
        "That is not among your courses. Yours: /courses"
    )


async def test_settings_last_over_a_restart(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        await room.say("/settings")
        assert room.text.startswith("Settings\nLanguage: English\nTime zone: UTC, where it is ")
        await room.tap("🕑 Time zone")
        await room.say("Kathmandu")
        assert "Time zone: Kathmandu" in room.text
        await room.tap("🌐 Language")
        assert await room.tap("English") == "From now on in English."
    async with lectern(tmp_path, clock=BriskClock()) as live:
        await live.learner.say("/settings")
        await live.quiet()
        assert "Kathmandu" in live.learner.screen.text


async def test_commands_show_what_they_say(room: Room) -> None:
    for said, shows in {
        "/courses": "Your courses\n\n1 Sourdough",
        "/progress": "Your progress\n\nSourdough",
        "/help": "What I can do\n/learn",
        "/settings": "Settings\nLanguage",
        "/learn": "I work from a text here",
        "/start": "Hello Lena. Your course is where you left it.",
    }.items():
        await room.say(said)
        assert shows in room.text
        assert room.keys


async def test_where_there_is_no_course_a_tap_leads_to_asking_for_one(tmp_path: Path) -> None:
    async with open_room(tmp_path) as empty:
        for said in ("/courses", "/progress", "/continue", "/help", "thanks", "/cancel"):
            await empty.say(said)
            await empty.tap("Ask for a course")
            assert empty.text.startswith("I work from a text here"), said
            await empty.say("/cancel")
