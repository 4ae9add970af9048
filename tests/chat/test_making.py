"""A course being made by a model over a real wire: one message from the card to the picture."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise
from pathlib import Path

from bot.localchat.people import LEARNER
from handlers.chat.status import PACE
from tests.chat.scene import done, made, model_room, percent_of, to_card
from tests.handlers.chat.room import Room, ShiftedClock
from tests.kit.chat import Shown
from tests.kit.model_server import Fault, Pace

SLOW = Pace(first_token_seconds=0.1, tokens_per_second=1000, plan_tokens=100, lesson_tokens=1900)
BY_AND_BY = Pace(first_token_seconds=0.1, tokens_per_second=10_000)
# A lesson whose call hangs: the rest of the course can be looked at for as long as a test wants.
LATER = (Fault("hang", kind="lesson", lesson=3, share=0.0),)


async def approve(room: Room) -> Shown:
    """Approve the course on sourdough; its status message as first seen."""
    await to_card(room)
    await room.tap("Make this course")
    return await room.someone.sees("How sourdough works", "%")


async def test_one_message_paced_never_backwards_and_never_the_same_twice(tmp_path: Path) -> None:
    """The only test here in which real seconds pass: two edits of a message are 1.5 s apart or more."""
    async with model_room(tmp_path, pace=SLOW, clock=ShiftedClock()) as (room, _):
        status = await approve(room)
        seen: list[tuple[float, str]] = []

        async def watch() -> None:
            async for change in room.live.engine.changes():
                if change.kind == "edited" and change.body.get("message_id") == status.raw["message_id"]:
                    seen.append((time.monotonic(), str(change.body.get("text") or change.body.get("caption"))))

        watching = asyncio.create_task(watch())
        ready = await room.someone.sees("Your course is ready", timeout=20)
        await asyncio.sleep(0.05)
        watching.cancel()
        assert ready.raw["message_id"] == status.raw["message_id"]
        assert ready.raw["photo"], "the final edit brings the picture"
        assert len(seen) >= 2
        assert all(later - before > PACE - 0.05 for (before, _), (later, _) in pairwise(seen))
        assert all(before != later for (_, before), (_, later) in pairwise(seen))
        shown = [percent for _, text in seen if (percent := percent_of(text)) is not None]
        assert shown == sorted(shown)
        assert sum("sourdough" in one.text.lower() for one in room.someone.messages()) == 1


async def test_lesson_one_can_be_read_before_the_rest_is_written(tmp_path: Path) -> None:
    async with model_room(tmp_path, *LATER) as (room, _):
        status = await approve(room)
        running = await room.someone.sees("✅ 1 ", "⏳ 4 ", button="Start lesson 1 now")
        assert percent_of(running.text) in range(40, 85)
        assert running.buttons == ["▶ Start lesson 1 now", "✖ Stop"]
        await room.tap("Start lesson 1 now")
        assert " · 1 of " in room.text.splitlines()[0]
        assert room.id != status.raw["message_id"]
        await done(room)
        assert room.keys[0][0].endswith("· Undo")
        await room.tap("Stop")
        await made(room.live)


async def test_stopped_kept_and_read(tmp_path: Path) -> None:
    async with model_room(tmp_path, *LATER) as (room, model):
        status = await approve(room)
        await room.someone.sees("✅ 1 ", "✅ 2 ", "✅ 3 ", "⏳ 4 ")
        assert await room.tap("Stop") == "Stopping."
        stopped = await room.someone.sees("Stopped. 3 lessons are written; keep them as a short course?")
        assert stopped.buttons == ["Keep", "Go on", "Discard"]
        calls = len(model.calls)
        assert await room.tap("Keep") == "Kept."
        ready = await room.someone.sees("Your course is ready · 3 lessons")
        assert ready.raw["message_id"] == status.raw["message_id"]
        assert len(model.calls) == calls, "what is stopped costs nothing more"
        await room.tap("Start")
        assert " · 1 of " in room.text


async def test_stopped_and_gone_on_with_pays_for_nothing_twice(tmp_path: Path) -> None:
    async with model_room(tmp_path, *LATER) as (room, model):
        status = await approve(room)
        await room.someone.sees("✅ 1 ", "✅ 2 ", "✅ 3 ", "⏳ 4 ")
        await room.tap("Stop")
        await room.someone.sees("Stopped.")
        await made(room.live)
        assert await room.tap("Go on") == "Going on."
        ready = await room.someone.sees("Your course is ready · 4 lessons")
        assert ready.raw["message_id"] == status.raw["message_id"]
        assert len(model.asked("plan")) == 1
        assert [len(model.asked("body", lesson)) for lesson in range(4)] == [1, 1, 1, 2]
        assert [len(model.asked("quiz", lesson)) for lesson in range(4)] == [2, 2, 2, 2]


async def test_stopped_early_and_discarded(tmp_path: Path) -> None:
    async with model_room(tmp_path, Fault("hang", kind="plan", share=0.0)) as (room, _):
        await approve(room)
        await room.tap("Stop")
        stopped = await room.someone.sees("Stopped before the first lesson was written.")
        assert stopped.buttons == ["Go on", "Discard"]
        assert await room.tap("Discard") == "Discarded."
        assert room.text.endswith("\nDiscarded.")
        assert room.keys == [["Ask for a course"]]
        await room.say("/courses")
        assert room.text.startswith("You have no courses yet")


async def test_a_lesson_that_failed_is_named_and_tried_again(tmp_path: Path) -> None:
    async with model_room(tmp_path, Fault("overloaded", kind="body", lesson=1, times=4)) as (room, model):
        status = await approve(room)
        said = "Lesson 2 could not be written: the model was overloaded each time. The others are ready."
        partly = await room.someone.sees(said)
        assert partly.buttons == ["▶ Start", "↻ Try lesson 2 again"]
        assert await room.tap("Try lesson 2 again") == "Going on."
        whole = await room.someone.until(lambda: _with(room, ["▶ Start"]), "the whole course")
        assert whole.raw["message_id"] == status.raw["message_id"]
        assert "could not" not in whole.text
        assert len(model.asked("plan")) == 1
        assert [len(model.asked("body", lesson)) for lesson in range(4)] == [1, 5, 1, 1]


async def test_the_names_of_lessons_are_shown_while_the_plan_is_made(tmp_path: Path) -> None:
    """And the first section can be read while the last lesson is not even planned."""
    stops = Fault("hang", kind="plan", share=0.9)
    async with model_room(tmp_path, stops) as (room, _):
        status = await approve(room)
        running = await room.someone.sees("⏳ Plan · 4 lessons", "✅ 1 ", button="Start lesson 1 now")
        assert running.raw["message_id"] == status.raw["message_id"]
        assert "◻ 4 " in running.text
        await room.tap("Start lesson 1 now")
        assert " · 1 of " in room.text.splitlines()[0]
        await room.tap("Stop")
        await made(room.live)


async def test_who_reads_faster_than_the_course_is_written_waits_a_moment(tmp_path: Path) -> None:
    stops = Fault("hang", kind="body", lesson=0, share=0.7)
    async with model_room(tmp_path, stops) as (room, _):
        await approve(room)
        await room.someone.sees("⏳ 1 ", "✅ 2 ", button="Start lesson 1 now")
        await room.tap("Start lesson 1 now")
        await done(room)
        await room.tap("▶ Next")
        assert room.text.endswith("is being written and will be here in a moment.")
        waiting = room.id
        await room.tap("↻ Is it there?")
        assert (room.id, room.keys[0]) == (waiting, ["↻ Is it there?"])
        await room.say("/continue")
        assert room.text.endswith("is being written and will be here in a moment.")
        await room.someone.tap("Stop", next(one for one in room.someone.messages() if "✖ Stop" in one.buttons))
        await room.someone.sees("Stopped")
        await room.tap("↻ Is it there?")
        assert room.text.endswith("could not be written. The rest of the course can be read.")
        await made(room.live)


async def test_a_section_that_could_not_be_written_is_named_and_tried_again(tmp_path: Path) -> None:
    """The first text of lesson 2 stands; the second is cut off for good."""
    cut = Fault("overloaded_stream", kind="body", lesson=1, share=0.7, times=1)
    busy = Fault("overloaded", kind="body", lesson=1, times=8)
    async with model_room(tmp_path, cut, busy) as (room, model):
        await approve(room)
        said = "Section 2 of lesson 2 could not be written: the model was overloaded each time. The rest is ready."
        partly = await room.someone.sees(said)
        assert partly.buttons == ["▶ Start", "↻ Try lesson 2 again"]
        model.forgive()
        await room.tap("Try lesson 2 again")
        await room.someone.until(lambda: _with(room, ["▶ Start"]), "the whole course")
        assert model.asked("body", 1)[-1] == (1,), "only what was missing"


async def test_a_deleted_status_message_is_replaced(tmp_path: Path) -> None:
    async with model_room(tmp_path, pace=BY_AND_BY) as (room, _):
        first = await approve(room)
        await room.someone.sees("✅ Plan · 4 lessons")
        gone = {"chat_id": LEARNER.id, "message_id": first.raw["message_id"]}
        assert (await room.live.engine.call("deleteMessage", gone))[0] == 200
        second = await room.someone.sees("Your course is ready")
        await made(room.live)
        assert second.raw["message_id"] > first.raw["message_id"]
        assert second.raw["photo"]
        assert room.count == 1


async def test_it_rings_once_for_who_was_away(tmp_path: Path) -> None:
    async with model_room(tmp_path, pace=Pace(first_token_seconds=0.2)) as (room, _):
        await approve(room)
        room.clock.ahead += 31
        rang = await room.someone.until(lambda: _with(room, ["▶ Start"], "Your course How sourdough"), "the ring")
        assert rang.text.endswith(" is ready.")
        await made(room.live)
        assert sum(one.text.startswith("Your course How") for one in room.someone.messages()) == 1
        await room.tap("Start")
        assert " · 1 of " in room.text


async def test_it_does_not_ring_for_who_is_here(tmp_path: Path) -> None:
    async with model_room(tmp_path) as (room, _):
        await approve(room)
        await room.someone.sees("Your course is ready")
        await made(room.live)
        assert room.count == 1


def _with(room: Room, buttons: list[str], begins: str = "") -> Shown | None:
    shown = room.someone.messages()
    return next((one for one in shown if one.buttons == buttons and one.text.startswith(begins)), None)
