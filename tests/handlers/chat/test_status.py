from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from telegram.ext import ExtBot
from telegram.request import RequestData

from bot.localchat.engine import Engine
from bot.localchat.people import LEARNER, TOKEN
from bot.localchat.request import LocalRequest
from handlers.chat.status import PACE, StatusBoard
from services.errors import AuthorBusy, AuthorRefused
from services.jobs import Later, WorkItem
from tests.handlers.chat.classroom import TITLE, Proposer, classroom, to_card
from tests.handlers.chat.room import Room
from tests.kit.chat import Shown, lectern
from tests.kit.hurried_clock import HurriedClock


@dataclass
class Gate:
    """Holds the author back before (lesson, section) until it is opened."""

    closed: set[tuple[int, int]]
    waiting: dict[tuple[int, int], asyncio.Future[None]] = field(default_factory=dict)

    def __call__(self, lesson: int, section: int) -> asyncio.Future[None] | None:
        if (lesson, section) not in self.closed:
            return None
        return self.waiting.setdefault((lesson, section), asyncio.get_running_loop().create_future())

    def open(self) -> None:
        self.closed.clear()
        for held in self.waiting.values():
            if not held.done():
                held.set_result(None)


def held_author(*closed: tuple[int, int], **script: Any) -> tuple[Proposer, Gate]:
    gate = Gate(set(closed))
    return Proposer(sizes=(2, 2, 2, 2), hold=gate, **script), gate


async def approve(room: Room) -> Shown:
    """Approve the course on sourdough; the card, which becomes the status message."""
    await to_card(room)
    await room.tap("Make this course")
    return room.screen


async def gone(room: Room, message_id: int) -> None:
    """The message is deleted."""
    params = {"chat_id": str(LEARNER.id), "message_id": str(message_id)}
    status, body = await room.live.engine.call("deleteMessage", params, {})
    assert status == 200, body


async def settled(room: Room) -> None:
    """Until nothing that makes or shows a course is open."""
    health = room.live.house.application.desk.health
    for _ in range(1500):
        if not sum((await health.workload()).open.values()):
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"still at work: {await health.workload()}")


async def test_one_message_tells_the_whole_story_and_ends_as_a_picture(tmp_path: Path) -> None:
    author, gate = held_author((1, 1), (2, 0), (3, 0))
    async with classroom(tmp_path, author) as room:
        status = await approve(room)
        running = await room.someone.sees("✅ 1 Lesson 0", button="Start lesson 1 now")
        lines = running.text.splitlines()
        assert lines[0] == TITLE
        assert lines[1].startswith("▓▓▓▓▓▓░░░░░░░ 51 %")
        assert lines[2:6] == ["✅ Plan · 4 lessons", "✅ 1 Lesson 0", "⏳ 2 Lesson 1", "⏳ 3 Lesson 2"]
        assert "✅ Picture" in running.text
        gate.open()
        ready = await room.someone.sees("Your course is ready · 4 lessons · 8 sections · ")
        assert ready.raw["message_id"] == status.raw["message_id"]
        assert ready.raw["photo"], "the final edit brings the picture"
        assert ready.text.endswith(TITLE)
        assert ready.buttons == ["▶ Start"]


async def test_lesson_one_is_read_in_a_message_of_its_own_while_the_rest_is_written(tmp_path: Path) -> None:
    author, gate = held_author((2, 0))
    async with classroom(tmp_path, author) as room:
        status = await approve(room)
        await room.someone.sees("✅ 1 Lesson 0", button="Start lesson 1 now")
        await room.tap("Start lesson 1 now")
        assert room.text.startswith("Section 0.0, written · 1 of 2")
        assert room.id != status.raw["message_id"]
        gate.open()
        ready = await room.someone.sees("Your course is ready")
        assert ready.raw["message_id"] == status.raw["message_id"]
        assert room.text.startswith("Section 0.0, written"), "what is being read stays what it is"


async def test_edits_keep_their_distance_and_none_changes_nothing(tmp_path: Path) -> None:
    author, gate = held_author((1, 1))
    async with classroom(tmp_path, author) as room:
        status = await approve(room)
        seen: list[tuple[float, str]] = []

        async def watch() -> None:
            async for change in room.live.engine.changes():
                body = change.body or {}
                if change.kind == "edited" and body.get("message_id") == status.raw["message_id"]:
                    seen.append((time.monotonic(), str(body.get("text") or body.get("caption"))))

        watching = asyncio.create_task(watch())
        await room.someone.sees("✅ 1 Lesson 0")
        gate.open()
        await room.someone.sees("Your course is ready")
        await asyncio.sleep(0.1)
        watching.cancel()
        gaps = [after - before for (before, _), (after, _) in pairwise(seen)]
        assert len(seen) >= 2
        assert all(gap > PACE - 0.1 for gap in gaps), gaps
        assert all(one[1] != other[1] for one, other in pairwise(seen))


async def test_stopped_with_enough_it_is_kept(tmp_path: Path) -> None:
    author, _ = held_author((3, 1))
    async with classroom(tmp_path, author) as room:
        status = await approve(room)
        await room.someone.sees("✅ 3 Lesson 2")
        assert await room.tap("Stop") == "Stopping."
        stopped = await room.someone.sees("Stopped. 3 lessons are written; keep them as a short course?")
        assert stopped.buttons == ["Keep", "Go on", "Discard"]
        assert await room.tap("Keep") == "Kept."
        ready = await room.someone.sees("Your course is ready · 3 lessons · 6 sections")
        assert ready.raw["message_id"] == status.raw["message_id"]
        assert await room.press(stopped.data("Keep"), status.raw["message_id"]) == "That has moved on already."


async def test_stopped_early_it_is_gone_on_with(tmp_path: Path) -> None:
    author, gate = held_author((1, 0), (2, 0), (3, 0))
    async with classroom(tmp_path, author) as room:
        status = await approve(room)
        await room.someone.sees("✅ 1 Lesson 0")
        await room.tap("Stop")
        stopped = await room.someone.sees("Stopped after one lesson.")
        assert stopped.buttons == ["Go on", "Discard"]
        await settled(room)
        gate.closed.clear()
        assert await room.tap("Go on") == "Going on."
        ready = await room.someone.sees("Your course is ready · 4 lessons")
        assert ready.raw["message_id"] == status.raw["message_id"]
        assert author.plans == 1, "nothing is paid for twice"


async def test_stopped_and_discarded(tmp_path: Path) -> None:
    author, _ = held_author((0, 0), (1, 0), (2, 0), (3, 0))
    async with classroom(tmp_path, author) as room:
        await approve(room)
        await room.someone.sees("✅ Plan · 4 lessons")
        await room.tap("Stop")
        stopped = await room.someone.sees("Stopped before the first lesson was written.")
        await room.tap("Discard")
        assert room.text == f"{TITLE}\nDiscarded."
        assert await room.press(stopped.data("Discard")) == "That course is not there any more. Yours: /courses"


async def test_a_lesson_that_failed_is_named_and_tried_again(tmp_path: Path) -> None:
    author, _ = held_author(faults={1: (0, AuthorBusy("overloaded"))})
    async with classroom(tmp_path, author) as room:
        status = await approve(room)
        ready = await room.someone.sees(
            "Lesson 2 could not be written: the model was overloaded each time. The others are ready."
        )
        assert ready.buttons == ["▶ Start", "↻ Try lesson 2 again"]
        author.faults.clear()
        assert await room.tap("Try lesson 2 again") == "Going on."
        whole = await room.someone.until(
            lambda: next((one for one in room.someone.messages() if one.buttons == ["▶ Start"]), None), "the rest"
        )
        assert whole.raw["message_id"] == status.raw["message_id"]
        assert whole.text.startswith("Your course is ready · 4 lessons · 8 sections")


async def test_a_course_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    async with classroom(tmp_path, Proposer(plan_fault=AuthorRefused("declined"))) as room:
        await approve(room)
        failed = await room.someone.sees("This course could not be made: the model declined the subject.")
        assert failed.buttons == ["Ask for a course", "Discard"]


async def test_a_deleted_status_message_is_replaced_once(tmp_path: Path) -> None:
    author, gate = held_author((1, 1), (2, 0))
    async with classroom(tmp_path, author) as room:
        first = await approve(room)
        await room.someone.sees("✅ 1 Lesson 0")
        await gone(room, first.raw["message_id"])
        gate.closed.discard((2, 0))
        gate.waiting.pop((2, 0)).set_result(None)
        second = await room.someone.sees("✅ 3 Lesson 2", timeout=15)
        assert second.raw["message_id"] > first.raw["message_id"]
        await gone(room, second.raw["message_id"])
        gate.open()
        await settled(room)
        assert not [one for one in room.someone.messages() if "%" in one.text or "is ready" in one.text]
        await room.say("/courses")
        assert TITLE in room.text, "the course is there all the same"


async def test_it_rings_once_when_it_is_ready_and_the_learner_was_away(tmp_path: Path) -> None:
    author, gate = held_author((1, 1))
    async with classroom(tmp_path, author) as room:
        await approve(room)
        room.clock.ahead += 31
        gate.open()
        rang = await room.someone.sees(f"Your course {TITLE} is ready.", button="Start")
        assert not rang.raw.get("disable_notification")
        await room.tap("Start")
        assert room.text.startswith("Section 0.0, written")
    async with lectern(tmp_path, author=author) as live:
        await asyncio.sleep(0.3)
        assert sum(f"Your course {TITLE} is ready." in one.text for one in live.learner.messages()) == 1


async def test_it_does_not_ring_for_somebody_who_is_here(tmp_path: Path) -> None:
    async with classroom(tmp_path) as room:
        await approve(room)
        await room.someone.sees("Your course is ready")
        await settled(room)
        assert room.text.startswith("Your course is ready ·"), "the status message is the last one"


async def test_who_blocked_the_bot_gets_nothing_more_until_they_write(tmp_path: Path) -> None:
    author, gate = held_author((1, 1))
    async with classroom(tmp_path, author) as room:
        await approve(room)
        await room.someone.seat.block()
        await room.quiet()
        gate.open()
        await settled(room)
        learners = room.live.house.application.desk.learners
        blocked = await learners.get(1)
        assert not blocked.reachable
        assert not any("is ready" in one.text for one in room.someone.messages())
        await room.someone.seat.unblock()
        await room.say("/courses")
        assert (await learners.get(1)).reachable
        assert TITLE in room.text


async def test_the_follower_comes_back_after_a_restart(tmp_path: Path) -> None:
    author, gate = held_author((1, 1))
    async with classroom(tmp_path, author) as room:
        status = await approve(room)
        await room.someone.sees("✅ 1 Lesson 0")
    gate.open()
    async with lectern(tmp_path, author=author) as live:
        ready = await live.learner.sees("Your course is ready", timeout=20)
        assert ready.raw["message_id"] == status.raw["message_id"]
        assert author.plans == 1


class Unruly(LocalRequest):
    """The local chat behind a line with faults: each call of `method` takes the next of `answers`, then all is well."""

    def __init__(self, engine: Engine, method: str, answers: list[tuple[int, bytes]]) -> None:
        super().__init__(engine)
        self.method = method
        self.answers = answers

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *times: Any, **timeouts: Any
    ) -> tuple[int, bytes]:
        if url.rpartition("/")[2].lower() == self.method.lower() and self.answers:
            return self.answers.pop(0)
        return await super().do_request(url, method, request_data, *times, **timeouts)


FLOOD = (429, b'{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":126}}')
BAD_GATEWAY = (502, b"<html>502</html>")


@pytest.fixture
async def made(tmp_path: Path) -> AsyncIterator[Room]:
    """A course was made; its status message says so."""
    async with classroom(tmp_path) as room:
        await approve(room)
        await room.someone.sees("Your course is ready")
        await settled(room)
        yield room


Board = Callable[[list[tuple[int, bytes]]], tuple[StatusBoard, HurriedClock]]


@pytest.fixture
def board(made: Room) -> Board:
    """A board behind a line with these faults, and its clock."""

    def build(answers: list[tuple[int, bytes]]) -> tuple[StatusBoard, HurriedClock]:
        clock = HurriedClock()
        bot: ExtBot[None] = ExtBot(TOKEN, request=Unruly(made.live.engine, "editMessageMedia", answers))
        return StatusBoard(replace(made.live.house.application.desk, clock=clock), bot), clock

    return build


async def test_a_pause_that_telegram_asks_for_is_waited_out(board: Board) -> None:
    answers = [FLOOD, FLOOD]
    following, clock = board(answers)
    await following.follow(WorkItem(1, "status", "s:1", "s:1", {"generation_id": 1}, 0))
    assert not answers
    assert clock.slept.count(126) == 2


async def test_a_line_that_stays_broken_puts_the_work_off(board: Board) -> None:
    following, clock = board([BAD_GATEWAY] * 50)
    with pytest.raises(Later):
        await following.follow(WorkItem(1, "status", "s:1", "s:1", {"generation_id": 1}, 0))
    assert len(clock.slept) < 10
