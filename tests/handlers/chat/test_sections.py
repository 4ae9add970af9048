from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.localchat.people import LEARNER
from handlers.chat.buttons import Continue, MarkDone, OpenLesson, OpenSection, Undo, WriteNote, encode
from storage.models import Section
from tests.handlers.chat.room import Room, reading_room

COURSE = "Sourdough for everybody"
RICH = """## What lives here

A **starter** is _alive_ 😀; see [a baker](https://example.org) or [not](javascript:alert(1)), or `feed(a < b)`.

> Wild yeast lives on the grain.

```python
def feed(starter: list[int]) -> int:
    return sum(starter) or 1  # <b>never</b> nothing
```

- flour
- water
"""


@pytest.fixture
async def reader(tmp_path: Path) -> AsyncIterator[Room]:
    """Lena, who has a course of three lessons of two sections, before its first screen."""
    async with reading_room(tmp_path) as opened:
        yield opened


async def begin(reader: Room) -> None:
    await reader.say("/courses")
    await reader.tap("▶ Continue")


async def test_a_course_is_read_and_completed_from_the_list_to_the_end(reader: Room) -> None:
    await begin(reader)
    toasts = []
    for _ in range(6):
        toasts.append(await reader.tap("✅ Done"))
        await reader.tap(reader.keys[-1][0])
        if reader.keys[0][0] == "▶ Begin":
            await reader.tap("▶ Begin")
    assert toasts == [
        "Done · 17 % of the course",
        "Done · 33 % of the course",
        "Done · 50 % of the course. Half of it is behind you.",
        "Done · 67 % of the course",
        "Done · 83 % of the course. Three quarters are done.",
        "Done · 100 % of the course",
    ]
    assert reader.text.startswith("Tell me what you would like to learn next")


async def test_done_changes_the_keys_in_place(reader: Room) -> None:
    await begin(reader)
    count = reader.count
    assert reader.text.startswith("Section 1.1 · 1 of 2 · 5 min\n\nFlour and water")
    assert await reader.tap("✅ Done") == "Done · 17 % of the course"
    keys = [re.sub(r"\d\d:\d\d", "14:05", key) for [key] in reader.keys]
    assert keys == ["✅ Done 14:05 · Undo", "▶ Next: Section 1.2"]
    assert reader.text.startswith("Section 1.1")
    assert reader.count == count


async def test_the_end_of_a_lesson_is_one_message_more(reader: Room) -> None:
    await begin(reader)
    await reader.tap("✅ Done")
    await reader.tap("▶ Next: Section 1.2")
    count = reader.count
    await reader.tap("✅ Done")
    assert reader.count == count + 1
    assert reader.text.startswith("Lesson 1 done · 2 sections in 1 minute.\n33 % of the course, about ")
    assert reader.keys == [["▶ Lesson 2: Lesson 2"]]


async def test_a_hundred_taps_complete_once(reader: Room) -> None:
    await begin(reader)
    data = reader.screen.data("✅ Done")
    presses = [await reader.someone.seat.press(reader.id, data) for _ in range(100)]
    toasts = [(await press.toast(20)).text for press in presses]
    await reader.quiet()
    assert toasts[0] == "Done · 17 % of the course"
    assert all(toast.startswith("You completed this at ") for toast in toasts[1:])
    assert reader.keys[0][0].endswith("· Undo")


async def test_undo_within_a_minute(reader: Room) -> None:
    await begin(reader)
    await reader.tap("✅ Done")
    assert await reader.tap("✅ Done") == "Taken back."
    assert reader.keys == [["◀", "✅ Done", "▶"], ["📝 Note"]]
    assert await reader.tap("✅ Done") == "Done · 17 % of the course"


async def test_undo_after_a_minute_says_since_when_it_stands(reader: Room) -> None:
    await begin(reader)
    await reader.tap("✅ Done")
    reader.clock.ahead += 61
    toast = await reader.tap("✅ Done")
    assert toast.startswith("You completed this at ")
    assert "Undo" not in str(reader.keys)
    assert (await reader.tap("✅ Done")).startswith("You completed this at ")


async def test_a_section_whose_message_was_deleted_is_completed_all_the_same(reader: Room) -> None:
    await begin(reader)
    message, data = reader.id, reader.screen.data("✅ Done")
    await reader.live.engine.call("deleteMessage", {"chat_id": LEARNER.id, "message_id": message})
    assert await reader.press(data, message) == "Done · 17 % of the course"


async def test_turning_back_from_the_first_section_shows_the_lesson(reader: Room) -> None:
    await begin(reader)
    await reader.tap("◀")
    assert reader.text.startswith("1 · Lesson 1 — 2 sections, 10 min")
    assert reader.keys == [["▶ Begin"], ["☰ All lessons"]]
    await reader.tap("☰ All lessons")
    assert reader.text.startswith(COURSE)


@pytest.mark.parametrize(
    "data",
    [
        encode(MarkDone(1)),
        encode(OpenSection(1, 0)),
        encode(Undo(1)),
        encode(WriteNote(1, 0)),
        encode(OpenLesson(1, 1)),
        encode(Continue(1)),
        encode(MarkDone(2**62)),
        encode(OpenSection(999_999, 2**40)),
    ],
)
async def test_what_is_somebody_elses_or_not_there_gets_a_sentence(reader: Room, data: str) -> None:
    await reader.say("/courses")
    other = reader.of(reader.live.instructor)
    await other.say("/courses")
    before = [message.text for message in other.someone.messages()]
    toast = await other.press(data)
    assert toast == "That is not among your courses. Yours: /courses"
    assert [message.text for message in other.someone.messages()] == before


async def test_continue_by_command(reader: Room) -> None:
    await reader.say("/continue")
    assert reader.text.startswith("Section 1.1")


async def test_times_are_those_of_the_learners_zone(reader: Room) -> None:
    await reader.say("/settings")
    await reader.tap("🕑")
    await reader.say("Kathmandu")
    await begin(reader)
    await reader.tap("✅ Done")
    shown = reader.keys[0][0].removeprefix("✅ Done ").removesuffix(" · Undo")
    utc = reader.clock.now()
    hour, minute = map(int, shown.split(":"))
    away = (hour * 60 + minute) - (utc.hour * 60 + utc.minute)
    assert away % 1440 in {344, 345}  # 5 h 45 min, or a minute less if one has just passed


async def write(reader: Room, section_id: int, body: str) -> None:
    """Put another text into a section before anybody has read it."""
    async with reader.live.house.database.transaction() as session:
        await session.execute(update(Section).where(Section.id == section_id).values(body=body))


async def test_pages_are_turned_in_one_message_and_done_is_on_the_last(reader: Room) -> None:
    await write(reader, 1, "\n\n".join([RICH] * 12))
    await begin(reader)
    count, page = reader.count, 1
    pages = int(reader.text.split(" of ")[2].split()[0])
    assert pages > 2
    while page < pages:
        assert f"page {page} of {pages}" in reader.text
        assert reader.keys == [["◀", "▶"], ["📝 Note"]]
        await reader.tap("▶")
        page += 1
    assert reader.keys[0] == ["◀", "✅ Done", "▶"]
    await reader.tap("◀")
    assert f"page {pages - 1} of {pages}" in reader.text
    assert reader.count == count


async def test_formatting_arrives_as_it_was_meant(reader: Room) -> None:
    await write(reader, 1, RICH)
    await begin(reader)
    raw = reader.text.encode("utf-16-le")
    shown = [
        (one["type"], raw[one["offset"] * 2 : (one["offset"] + one["length"]) * 2].decode("utf-16-le"))
        for one in reader.screen.raw["entities"]
    ]
    assert ("bold", "Section 1.1") in shown
    assert ("bold", "starter") in shown
    assert ("text_link", "a baker") in shown
    assert ("code", "feed(a < b)") in shown
    assert ("blockquote", "Wild yeast lives on the grain.") in shown
    assert next(text for kind, text in shown if kind == "pre").endswith("# <b>never</b> nothing")
    assert not [text for kind, text in shown if kind == "text_link" and text == "not"]


async def test_a_section_that_is_not_written_says_so_and_leads_on(reader: Room) -> None:
    await write(reader, 2, "")
    await begin(reader)
    await reader.tap("▶")
    assert reader.text == "Section 1.2 could not be written. The rest of the course can be read."
    await reader.tap("☰ All lessons")
    assert "0 of 6 sections" in reader.text


async def test_continue_when_the_rest_is_not_written(reader: Room) -> None:
    for section_id in range(2, 7):
        await write(reader, section_id, "")
    await begin(reader)
    await reader.tap("✅ Done")
    assert reader.keys[-1] == ["☰ All lessons"]
    await reader.say("/courses")
    await reader.tap("▶ Continue")
    assert reader.text == f"You have read all that could be written of {COURSE}."
