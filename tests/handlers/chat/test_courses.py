from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.chat.buttons import encode
from handlers.chat.buttons_reading import (
    AskDelete,
    CancelNote,
    DeleteCourse,
    PickCity,
    ProgressPicture,
    RenameCourse,
    SetLanguage,
    SetZone,
)
from tests.handlers.chat.room import Room, ShiftedClock, reading_room
from tests.kit.chat import lectern

COURSE = "Sourdough for everybody"


@pytest.fixture
async def reader(tmp_path: Path) -> AsyncIterator[Room]:
    """Lena, who has a course of three lessons of two sections, before its first screen."""
    async with reading_room(tmp_path) as opened:
        yield opened


async def open_course(reader: Room) -> None:
    await reader.say("/courses")
    await reader.tap("1 · ")


async def test_renaming_by_typing(reader: Room) -> None:
    await open_course(reader)
    await reader.tap("✏️ Rename")
    assert reader.text == f"What shall {COURSE} be called? Write the new title as your next message."
    await reader.say("Bread")
    assert reader.text.startswith("“Bread” is a little short for a title")
    assert reader.someone.messages()[-2].labels == []  # the question that was answered has no buttons any more
    await reader.say("C++ & C#: bread for <programmers")
    assert reader.text.startswith("C++ & C#: bread for <programmers · beginner")
    await reader.say("/courses")
    assert "C++ & C#: bread for <programmers" in reader.text


async def test_a_corrected_message_counts_while_the_question_is_open(reader: Room) -> None:
    await open_course(reader)
    await reader.tap("✏️ Rename")
    typed = await reader.say("Bread")
    await reader.correct(typed, "Bread for everybody")
    assert reader.text.startswith("Bread for everybody · beginner")


async def test_a_title_left_as_it_is(reader: Room) -> None:
    await open_course(reader)
    await reader.tap("✏️ Rename")
    await reader.tap("✖ Leave it")
    assert reader.text.startswith(f"{COURSE} · beginner")


async def test_a_sticker_instead_of_a_title_repeats_the_question(reader: Room) -> None:
    await open_course(reader)
    await reader.tap("✏️ Rename")
    await reader.stick()
    assert "What shall" in reader.text
    assert reader.keys == [["✖ Leave it as it is"]]


async def test_archiving_and_bringing_back(reader: Room) -> None:
    await open_course(reader)
    assert await reader.tap("🗄 Archive") == "Archived. Your progress stays."
    await reader.tap("⬅ Your courses")
    assert reader.text.startswith("You have no courses yet")
    await reader.tap("🗄 Archived")
    await reader.tap("1 · ")
    assert await reader.tap("↩ Bring back") == "It is among your courses again."
    await reader.tap("⬅ Your courses")
    assert COURSE in reader.text


async def test_deleting_asks_first(reader: Room) -> None:
    await open_course(reader)
    await reader.tap("🗑 Delete")
    await reader.tap("⬅ Keep it")
    assert reader.text.startswith(COURSE)
    await reader.tap("🗑 Delete")
    assert await reader.tap("🗑 Yes") == "Deleted."
    assert reader.text.startswith("You have no courses yet")


@pytest.mark.parametrize(
    "data", [encode(RenameCourse(1)), encode(DeleteCourse(1)), encode(AskDelete(1)), encode(CancelNote(1, 0))]
)
async def test_somebody_elses_course_cannot_be_touched(reader: Room, data: str) -> None:
    await reader.say("/courses")
    other = reader.of(reader.live.instructor)
    await other.say("/courses")
    assert await other.press(data) == "That is not among your courses. Yours: /courses"
    await reader.say("/courses")
    assert COURSE in reader.text


@pytest.mark.parametrize("words", ["next", "Let's go on", "I'm back!"])
async def test_who_says_that_they_would_like_to_read_on_does(reader: Room, words: str) -> None:
    await reader.say(words)
    assert reader.text.startswith("Section 1.1")
    await reader.say("/learn")  # and while a topic is asked for, too
    await reader.say(words)
    assert reader.text.startswith("Section 1.1")


async def test_a_note_is_kept_corrected_and_shown_again(reader: Room) -> None:
    await reader.say("/continue")
    section = reader.screen
    await reader.tap("📝 Note")
    assert reader.text == "Your note on Section 1.1: write it as your next message."
    typed = await reader.say("Feed it <daily>")
    assert reader.text.startswith("Noted under Section 1.1.")
    await reader.correct(typed, "Feed it twice a day")
    assert reader.text == "The note on Section 1.1 is corrected."
    assert section in reader.someone.messages()  # it stays to be looked at
    await reader.tap("⬅ Back to the section")
    await reader.tap("📝 Note")
    assert "So far you noted:\n– Feed it twice a day" in reader.text
    await reader.tap("✖ No note")
    assert reader.text == "No note written."


async def test_a_sticker_is_no_note(reader: Room) -> None:
    await reader.say("/continue")
    await reader.tap("📝 Note")
    await reader.stick()
    assert reader.text.startswith("A note is text")
    await reader.say("Text, then")
    assert reader.text.startswith("Noted under")


async def test_a_note_that_cannot_be_kept_is_asked_for_again(reader: Room) -> None:
    await reader.say("/continue")
    await reader.tap("📝 Note")
    await reader.say("x" * 4001)
    assert "4000" in reader.text, "it says what is allowed"
    typed = await reader.say("Feed it")
    assert reader.text.startswith("Noted under Section 1.1.")
    await reader.correct(typed, "y" * 4001)
    assert "4000" in reader.text
    await reader.tap("⬅ Back to the section")
    await reader.tap("📝 Note")
    assert "So far you noted:\n– Feed it" in reader.text, "what was kept stays"


async def test_walking_away_from_a_question_ends_it(reader: Room) -> None:
    await reader.say("/continue")
    await reader.tap("📝 Note")
    await reader.say("/progress")
    await reader.say("this is no note any more")
    assert "Noted under" not in reader.text


async def test_progress_at_a_glance_and_in_detail(reader: Room) -> None:
    await reader.say("/continue")
    await reader.tap("✅ Done")
    await reader.say("/progress")
    assert f"{COURSE}\n▓▓░░░░░░░░░░░ 17 %\n1 of 6 sections · 0 of 3 lessons · 1 min spent" in reader.text
    await reader.tap(COURSE)
    assert "Nothing yet" in reader.text
    await reader.tap("▶ Continue")
    assert reader.text.startswith("Section 1.2")


async def test_progress_as_a_picture(reader: Room) -> None:
    await reader.say("/continue")
    await reader.tap("✅ Done")
    await reader.say("/progress")
    await reader.tap("As a picture")
    assert reader.screen.raw["photo"][-1]["width"] == 1280
    assert reader.text == f"{COURSE}: 17 %, 1 of 6 sections done; 1 section of it in the last 14 days."
    await reader.say("/progress")
    await reader.tap(COURSE)
    await reader.tap("As a picture")
    assert reader.screen.raw["photo"]
    assert reader.text.startswith(f"{COURSE}: 17 %")


async def test_a_picture_of_somebody_elses_course_is_not_drawn(reader: Room) -> None:
    await reader.say("/progress")
    before = reader.count
    await reader.press(encode(ProgressPicture(999)))
    assert reader.count == before


async def test_the_time_zone_by_buttons_and_by_typing(reader: Room) -> None:
    await reader.say("/settings")
    await reader.tap("🕑")
    await reader.tap("Europe")
    await reader.tap("Amsterdam")
    assert "Time zone: Amsterdam" in reader.text
    await reader.tap("🕑")
    await reader.say("Atlantis")
    assert reader.text.startswith("I know no city called “Atlantis”")
    await reader.say("new yrok")
    await reader.tap("New York")
    assert "Time zone: New York" in reader.text
    await reader.tap("🌐")
    assert await reader.tap("✅ English") == "From now on in English."


@pytest.mark.parametrize("data", [encode(SetZone("Europe/X")), encode(SetLanguage("xx")), encode(PickCity("X", 0))])
async def test_forged_settings_change_nothing(reader: Room, data: str) -> None:
    await reader.say("/settings")
    before = reader.text
    assert await reader.press(data)
    await reader.say("/settings")
    assert reader.text == before


async def test_the_status_is_for_admins(reader: Room) -> None:
    await reader.say("/status")
    assert reader.text.startswith("I do not know that command")
    await reader.say("/invite")
    assert reader.text.startswith("I do not know that command")
    admin = reader.of(reader.live.admin)
    await admin.say("/status")
    assert "✅ database" in admin.text
    assert "No work is waiting" in admin.text or "Work waiting" in admin.text
    await admin.say("/invite")
    assert "https://t.me/lectern_local_bot?start=i_" in admin.text


async def test_a_request_waits_while_a_note_is_written(reader: Room) -> None:
    await reader.say("/learn how bread rises in an oven")
    asked = reader.screen
    await reader.say("/continue")
    await reader.tap("📝 Note")
    await reader.say("Warm water")
    assert reader.text == "Noted under Section 1.1. Your request further up waits for you."
    dialogue = await reader.live.house.application.desk.dialogues.load(1)
    assert dialogue is not None
    assert (dialogue.kind, dialogue.message_id) == ("request", asked.raw["message_id"])


async def test_an_open_question_survives_a_restart(tmp_path: Path) -> None:
    async with reading_room(tmp_path) as before:
        await open_course(before)
        await before.tap("✏️ Rename")
    async with lectern(tmp_path) as live:
        after = Room(live, live.learner, ShiftedClock())
        await after.say("Bread for everybody")
        assert after.text.startswith("Bread for everybody · beginner")
