"""In between: while the author thinks, after it failed, at the limit, while a course is made and read and deleted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.chat.scene import DOCUMENT, done, made, model_room, open_room, sample_card, sample_course, to_card
from tests.handlers.chat.room import Room
from tests.kit.model_server import Fault, ModelServer

THINKING = "How sourdough works · Thinking about it…"


@asynccontextmanager
async def thinking(folder: Path) -> AsyncIterator[tuple[Room, ModelServer]]:
    """A model that has been asked for a proposal and does not answer the first time."""
    async with model_room(folder, Fault("hang", kind="proposal", share=0.0)) as (room, model):
        await room.say("teach me how sourdough works")
        await room.tap("Some")
        await room.tap("1 h")
        await model.until(lambda: len(model.asked("proposal")) == 1)
        assert room.text == THINKING
        yield room, model
        await room.say("/cancel")


async def test_while_the_author_thinks_whatever_is_sent_is_answered(tmp_path: Path) -> None:
    async with thinking(tmp_path) as (room, model):
        await room.say("are you there")
        assert room.text == f"One moment, I am still at it.\n\n{THINKING}"
        await room.stick()
        assert room.text == f"I can read PDF, Word, Markdown and text. For now:\n\n{THINKING}"
        await room.say("/help")
        await room.say("/courses")
        assert room.text.startswith("You have no courses yet")
        assert len(model.asked("proposal")) == 1, "it is asked once, however impatient one is"


async def test_back_from_thinking_and_on_again(tmp_path: Path) -> None:
    async with thinking(tmp_path) as (room, model):
        await room.tap("Back")
        assert room.text.endswith("How much time do you have for it?")
        await room.tap("2 h")
        await room.someone.sees("You will be able to", "about 2 h")
        assert len(model.asked("proposal")) == 2


async def test_cancelled_while_it_thinks_nothing_comes_after(tmp_path: Path) -> None:
    async with thinking(tmp_path) as (room, _):
        await room.tap("Cancel")
        await made(room.live)
        assert (room.count, room.text) == (1, "Cancelled. Nothing was made, nothing is lost.")


async def test_the_topic_corrected_while_it_thinks(tmp_path: Path) -> None:
    async with thinking(tmp_path) as (room, _):
        asked = next(one["message_id"] for one in room.someone.seat.messages() if "teach me" in one.get("text", ""))
        await room.correct(asked, "teach me how rye bread works")
        card = await room.someone.sees("You will be able to", button="Make this course")
        assert card.text.startswith("How rye bread works")


async def test_after_a_failure_whatever_is_sent_is_answered(tmp_path: Path) -> None:
    async with model_room(tmp_path, Fault("overloaded", kind="proposal", times=4)) as (room, _):
        await room.say("teach me how sourdough works")
        await room.tap("Some")
        await room.tap("1 h")
        failed = await room.someone.sees("overloaded", button="Try again")
        await room.say("purple")
        assert room.text == f"One of the buttons decides.\n\n{failed.text}"
        assert room.keys == failed.labels
        await room.stick()
        assert room.text.endswith(failed.text)
        assert room.keys == failed.labels
        await room.say("yes please")
        await room.someone.sees("You will be able to", button="Make this course")


async def test_at_the_limit_whatever_is_sent_is_answered(tmp_path: Path) -> None:
    async with open_room(tmp_path, GENERATIONS_PER_WINDOW="1") as room:
        await sample_course(room)
        await sample_card(room)
        await room.tap("Make this course")
        limited = room.screen
        assert "You have made a course in a quarter of an hour, which is the limit." in limited.text
        for send in ("purple", "🤷"):
            await room.say(send)
            assert room.text == f"One of the buttons decides.\n\n{limited.text}"
        await room.stick()
        assert room.keys == limited.labels
        await room.tap("Back")
        assert room.keys[0] == ["✅ Make this course"]
        await room.tap("Make this course")
        assert room.text == limited.text
        await room.say("/cancel")
        assert room.text == "Cancelled. Nothing was made, nothing is lost."


async def test_the_sixth_course_within_a_quarter_of_an_hour_has_to_wait(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        for _ in range(5):
            await sample_card(room)
            assert await room.tap("Make this course") == "On it."
        await sample_card(room)
        await room.tap("Make this course")
        limited = await room.someone.sees("You have made 5 courses in a quarter of an hour, which is the limit.")
        assert limited.text.endswith("I kept your request.")
        assert limited.buttons == ["Remind me then", "⬅ Back", "✖ Cancel"]
        await room.tap("Remind me then")
        assert room.text.startswith("I will bring your request back at ")
        room.clock.ahead += 901
        await room.someone.sees("The next course can be made now. Here is your request:", button="Make this course")
        await room.tap("Make this course")
        await room.say("/courses")
        assert "6 Sourdough" in room.text


async def test_a_course_deleted_while_it_is_made(tmp_path: Path) -> None:
    async with model_room(tmp_path, Fault("hang", kind="lesson", lesson=3, share=0.0)) as (room, _):
        await to_card(room)
        await room.tap("Make this course")
        running = await room.someone.sees("✅ 1 ", button="Stop")
        await room.say("/courses")
        await room.tap("1 · ")
        assert "It is being made; what is ready can be read." in room.text
        await room.tap("🗑 Delete")
        assert await room.tap("🗑 Yes") == "Deleted."
        await made(room.live)
        for label in ("Stop", "Start lesson 1 now"):
            toast = await room.press(running.data(label), running.raw["message_id"])
            assert toast.endswith("Yours: /courses")
        assert await aside(room) == 0


async def test_a_course_read_to_where_it_is_written(tmp_path: Path) -> None:
    async with model_room(tmp_path, Fault("hang", kind="lesson", lesson=1, share=0.0)) as (room, _):
        await to_card(room)
        await room.tap("Make this course")
        await room.someone.sees("✅ 1 ", button="Start lesson 1 now")
        await room.tap("Start lesson 1 now")
        await done(room)
        await room.tap("▶ Next")
        await done(room)
        assert room.text.startswith("Lesson 1 done")
        await room.tap(room.keys[0][0])
        await room.say("/courses")
        await room.tap("1 · ")
        await room.tap("2")
        assert "This lesson is being written now." in room.text
        await room.tap("☰ All lessons")
        stop = next(one for one in room.someone.messages() if "✖ Stop" in one.buttons)
        await room.someone.tap("Stop", stop)
        await made(room.live)
        assert await aside(room) == 0


@pytest.mark.parametrize("asks", ["📝 Note", "✏️ Rename"])
async def test_a_document_while_something_small_is_asked(tmp_path: Path, asks: str) -> None:
    async with open_room(tmp_path) as room:
        await sample_course(room)
        if asks == "📝 Note":
            await room.tap("▶ Start")
        else:
            await room.say("/courses")
            await room.tap("1 · ")
        await room.tap(asks)
        await room.someone.seat.send_document("bees.md", DOCUMENT.encode())
        await room.someone.sees("Made without AI from Bees", button="Make this course")
        await room.say("make it")
        await room.someone.sees("Your course is ready", "Bees")
        assert await aside(room) == 0


async def aside(room: Room) -> int:
    """How many pieces of work are set aside."""
    return (await room.live.house.application.desk.health.workload()).aside
