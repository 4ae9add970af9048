from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from telegram import Update
from telegram.error import Forbidden, RetryAfter
from telegram.ext import ApplicationHandlerStop, BaseHandler

from bot.localchat.people import GROUP_ID, LEARNER
from handlers.chat import reply
from handlers.chat.buttons import MarkDone, OpenCourse, encode
from handlers.chat.context import VISIT, LecternContext, Visit
from handlers.chat.screen import Screen
from services.errors import Conflict, Fault, Invalid, LimitReached, NotFound
from services.intake import KIND, IntakeService
from services.views import DialogueView
from storage.models import Learner, Work
from tests.kit.chat import Live, lectern
from tests.kit.school import START

Act = Callable[[Update, LecternContext], Awaitable[None]]


class First(BaseHandler[Update, LecternContext, None]):
    """Takes updates whose text or data is in `acts` before any route of ours does, and keeps the visits it saw."""

    def __init__(self) -> None:
        super().__init__(self.act)
        self.acts: dict[str, Act] = {}
        self.visits: list[Visit | None] = []

    def check_update(self, update: object) -> str | None:
        if not isinstance(update, Update):
            return None
        message = update.effective_message
        words = update.callback_query.data if update.callback_query else message.text if message else None
        return words if words in self.acts else None

    async def act(self, update: Update, context: LecternContext) -> None:
        self.visits.append(VISIT.get())
        await self.acts[self.check_update(update) or ""](update, context)
        raise ApplicationHandlerStop


@asynccontextmanager
async def stage(folder: Path, operator: str = "") -> AsyncIterator[tuple[Live, First]]:
    """The whole bot, with a handler of the test's before all others."""
    async with lectern(folder, OPERATOR_NAME=operator) as live:
        first = First()
        live.house.application.add_handler(first, group=-1)
        yield live, first


async def answer(update: Update, context: LecternContext) -> None:
    """Say "done: …"."""
    assert update.effective_chat is not None
    words = update.effective_message.text if update.effective_message else ""
    await reply.send(context.bot, update.effective_chat.id, Screen(f"done: {words}"))


def raising(*errors: Exception, then: Act = answer) -> Act:
    """Raises these, one after the other, then does `then`."""
    left = iter(errors)

    async def act(update: Update, context: LecternContext) -> None:
        error = next(left, None)
        if error is not None:
            raise error
        await then(update, context)

    return act


async def nothing(update: Update, context: LecternContext) -> None:
    return


async def work_of(live: Live, kind: str = KIND) -> list[tuple[str, int, str | None]]:
    """State, tries and error of the work, in order, once all of it is closed."""
    async with asyncio.timeout(10):
        while True:
            async with live.house.database.reading() as session:
                found = await session.execute(
                    select(Work.state, Work.tries, Work.error).where(Work.kind == kind).order_by(Work.id)
                )
                rows = [(state, tries, error) for state, tries, error in found]
            if rows and all(state != "open" for state, _, _ in rows):
                return rows
            await asyncio.sleep(0.02)


async def reachable(live: Live) -> bool:
    async with live.house.database.reading() as session:
        found = await session.scalar(select(Learner.reachable).where(Learner.telegram_id == LEARNER.id))
    return bool(found)


async def test_what_fails_once_is_mended_without_a_word(tmp_path: Path) -> None:
    async with stage(tmp_path) as (live, first):
        first.acts["go"] = raising(ValueError("a bad day"))
        await live.learner.say("go")
        await live.learner.sees("done: go")
        assert len(live.learner.messages()) == 1
        assert [row[:2] for row in await work_of(live)] == [("done", 1)]


async def test_what_always_fails_is_set_aside_the_person_is_told_and_goes_on(tmp_path: Path) -> None:
    async with stage(tmp_path, "Mo") as (live, first):
        first.acts["go"] = raising(*[ValueError("a bad day")] * 9)
        first.acts["next"] = answer
        await live.learner.say("go")
        await live.learner.say("next")
        await live.instructor.say("/help")
        begun = asyncio.get_running_loop().time()
        await live.instructor.sees("course")
        assert asyncio.get_running_loop().time() - begun < 1
        await live.learner.sees("done: next")
        words = [one.text for one in live.learner.messages()]
        assert "trying again" in words[0]
        assert "Mo has been told" in words[1]
        assert words[2:] == ["done: next"]
        rows = await work_of(live)
        assert rows[0] == ("aside", 3, "ValueError: a bad day")
        assert {row[0] for row in rows[1:]} == {"done"}


async def test_an_expected_failure_is_worded_and_done_with(tmp_path: Path) -> None:
    async with stage(tmp_path) as (live, first):
        retry_at = START + timedelta(minutes=7)
        first.acts["a"] = raising(NotFound("course"))
        first.acts["b"] = raising(LimitReached("generations", 5, 900, retry_at))
        first.acts["c"] = raising(Invalid(Fault("title", "too_short", "3", "10–100")))
        for word in first.acts:
            await live.learner.say(word)
        await live.learner.until(
            lambda: live.learner.screen if len(live.learner.messages()) == 3 else None, "three sentences"
        )
        words = [one.text for one in live.learner.messages()]
        assert "09:07" in words[1]
        assert len(set(words)) == 3
        assert [row[:2] for row in await work_of(live)] == [("done", 0)] * 3


async def test_an_expected_failure_of_a_tap_is_a_toast(tmp_path: Path) -> None:
    async with stage(tmp_path) as (live, first):
        data = encode(OpenCourse(3))
        first.acts[data] = raising(Conflict("not_running"))
        toast = await (await live.learner.seat.press(1, data)).toast()
        assert toast.text
        assert live.learner.messages() == []


async def test_who_blocked_the_bot_is_not_tried_again_and_reached_no_more(tmp_path: Path) -> None:
    async with stage(tmp_path) as (live, first):
        gate = asyncio.Event()

        async def late(update: Update, context: LecternContext) -> None:
            await gate.wait()
            await answer(update, context)

        first.acts["go"], first.acts["wrong"] = late, raising(NotFound("course"))
        await live.learner.say("go")
        await live.learner.say("wrong")
        await live.learner.seat.block()
        gate.set()
        assert [row[:2] for row in await work_of(live)][:2] == [("done", 0)] * 2
        await asyncio.sleep(0.05)
        assert not await reachable(live)
        await live.learner.seat.unblock()
        await live.learner.say("/help")
        await live.learner.sees("course")
        assert await reachable(live)


async def test_being_shut_out_of_a_group_makes_nobody_unreachable(tmp_path: Path) -> None:
    async with stage(tmp_path) as (live, first):
        go = "/go@lectern_local_bot"  # what is not meant for a bot does not reach it
        first.acts[go] = raising(Forbidden("bot was kicked from the supergroup chat"))
        await live.learner.seat.send_text(go, chat=GROUP_ID)
        assert [row[:2] for row in await work_of(live)] == [("done", 0)]
        assert await reachable(live)


async def test_a_pause_that_telegram_asks_for_is_waited_out_in_order_and_is_no_try(tmp_path: Path) -> None:
    async with stage(tmp_path) as (live, first):
        first.acts["a"] = raising(RetryAfter(1))
        first.acts["b"] = answer
        await live.learner.say("a")
        await live.learner.say("b")
        await live.learner.sees("done: b")
        assert [one.text for one in live.learner.messages()] == ["done: a", "done: b"]
        assert [row[:2] for row in await work_of(live)] == [("done", 0)] * 2


async def test_messages_and_taps_of_one_person_keep_their_order(tmp_path: Path) -> None:
    async with stage(tmp_path) as (live, first):
        seen: list[str] = []
        data = encode(OpenCourse(3))

        async def note(update: Update, context: LecternContext) -> None:
            await asyncio.sleep(0.01 if update.message else 0)
            seen.append("tap" if update.callback_query else "text")

        first.acts["x"] = first.acts[data] = note
        for _ in range(6):
            await live.learner.say("x")
            await live.learner.seat.press(1, data)
        await work_of(live)
        async with asyncio.timeout(30):
            while len(seen) < 12:  # noqa: ASYNC110 - a list rings no bell
                await asyncio.sleep(0.01)
        assert seen == ["text", "tap"] * 6


async def test_the_visit_knows_who_and_where_the_dialogue_stands(tmp_path: Path) -> None:
    async with stage(tmp_path) as (live, first):
        open_, done = encode(OpenCourse(3)), encode(MarkDone(3))
        for word in ("hello", open_, done):
            first.acts[word] = nothing
        await live.learner.say("hello")
        await work_of(live)
        (visit,) = first.visits
        assert visit is not None
        assert (visit.learner.telegram_id, visit.learner.first_meeting, visit.dialogue) == (LEARNER.id, True, None)
        dialogues = live.house.application.desk.dialogues
        await dialogues.save(DialogueView(visit.learner.id, "note", "text", {"n": 1}, 5, visit.update_id))
        await live.learner.say("hello")
        await live.learner.seat.press(1, open_)
        await live.learner.seat.press(1, done)
        async with asyncio.timeout(30):
            while len(first.visits) < 4:  # noqa: ASYNC110 - a list rings no bell
                await asyncio.sleep(0.01)
        kinds = [one.dialogue.kind if one and one.dialogue else None for one in first.visits[1:]]
        assert kinds == ["note", "note", None]  # ✅ is asked about no dialogue
        assert not any(one.repeated for one in first.visits if one)


async def test_the_update_that_moved_the_dialogue_is_known_when_it_comes_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as (live, first):

        async def moves(update: Update, context: LecternContext) -> None:
            visit = context.visit
            if not visit.repeated:
                await context.desk.dialogues.save(
                    DialogueView(visit.learner.id, "note", "text", {}, None, visit.update_id)
                )
                raise ValueError("just after it was stored")

        first.acts["go"] = moves
        await live.learner.say("go")
        assert [row[:2] for row in await work_of(live)] == [("done", 1)]
        assert [one.repeated for one in first.visits if one] == [False, True]


async def test_updates_without_a_person_or_of_no_sense_block_nobody(tmp_path: Path) -> None:
    async with stage(tmp_path) as (live, first):
        first.acts["next"] = answer
        intake = IntakeService(live.house.jobs)
        channel: dict[str, Any] = {"id": -100, "type": "channel", "title": "News"}
        person = LEARNER.user()
        await intake.accept(
            [
                {"update_id": 901, "channel_post": {"message_id": 1, "date": 1, "chat": channel, "text": "next"}},
                {"update_id": 902, "message": {"from": person, "text": "no id, no chat, no date"}},
                {"update_id": 903, "message": {"from": person, "message_id": "x", "date": "never", "chat": 7}},
                {"update_id": 904, "new_kind": {"from": person}},
            ]
        )
        await live.learner.say("next")
        await live.learner.sees("done: next")
        states = [row[0] for row in await work_of(live)]
        assert sorted(states) == ["aside", "aside", "done", "done", "done"]
