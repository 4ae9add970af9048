"""A request under way: each move is saved first, then shown, in the one message that the request lives in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace

from telegram import Update
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError
from telegram.ext import ExtBot

from handlers.chat import reply
from handlers.chat.context import Desk, LecternContext
from handlers.chat.costing import with_cost
from handlers.chat.request_steps import KIND, Data
from handlers.chat.screen import Screen
from handlers.chat.screens import asking
from services.jobs import Later, NewWork
from services.views import DialogueView, LearnerView

TYPING_EVERY = 4.5  # seconds; Telegram shows "typing…" for five


@dataclass(slots=True)
class Talk:
    """One move of one request. `place` is the message to edit, None to send a new one below what was typed; `answered`
    says that what was typed has its answer, from before a crash."""

    desk: Desk
    bot: ExtBot[None]
    learner: LearnerView
    chat_id: int
    dialogue: DialogueView
    update_id: int
    place: int | None = None
    query_id: str | None = None
    left: int | None = None  # a message of a dialogue that this one takes the place of: it loses its buttons
    answered: bool = False

    @property
    def data(self) -> Data:
        """What was said so far."""
        return self.dialogue.data

    @property
    def offline(self) -> bool:
        """Whether the author only works from a text."""
        return self.desk.courses.author.needs_source

    def screen(self, note: str = "") -> Screen:
        """The screen of the present step."""
        return screen_of(self.dialogue, self.learner, self.desk, note)

    async def go(self, step: str, data: Data, note: str = "", toast: str = "") -> None:
        """Move to `step` with `data`, and show it; `note` goes before the screen, `toast` answers the tap."""
        data = await with_cost(self.desk, self.learner, step, data)
        left_proposal = self.dialogue.step == "proposing" and (step != "proposing" or data != self.data)
        proposal = self.data.get("proposal")
        if step == "proposing":
            data = {**data, "proposal": f"p:{self.learner.id}:{self.update_id}"}
        place = self.place if self.place is not None else self.dialogue.message_id
        self.dialogue = DialogueView(self.learner.id, KIND, step, data, place, self.update_id)
        await self.desk.dialogues.save(self.dialogue)
        if left_proposal and proposal:
            await self.desk.jobs.cancel(proposal)
        await self.again(note, toast)

    async def again(self, note: str = "", toast: str = "") -> None:
        """Show the present step; one that waits for the author is sure to be worked on."""
        if self.dialogue.step == "proposing":
            await self._ask_author()
        if self.answered:
            return
        before = self.dialogue.message_id
        shown = self.screen(note)
        if self.place is None:
            now = await reply.send(self.bot, self.chat_id, shown)
        else:
            now = await self._edit(shown, toast)
        if now != before:  # stored before anything else is said: what is known to be sent is not sent again
            self.dialogue = replace(self.dialogue, message_id=now)
            await self.desk.dialogues.save(self.dialogue)
        for old in {before, self.left} - {None, now}:
            await strip(self.bot, self.chat_id, old)

    async def end(self, shown: Screen) -> None:
        """End what is under way, of whatever kind, and show `shown` in its place."""
        await self.desk.dialogues.end(self.learner.id, self.update_id)
        if self.dialogue.kind == KIND and self.dialogue.step == "proposing":
            await self.desk.jobs.cancel(str(self.data["proposal"]))
        if self.place is None:
            await reply.send(self.bot, self.chat_id, shown)
            await strip(self.bot, self.chat_id, self.dialogue.message_id)
        else:
            await self._edit(shown, "")

    async def _edit(self, shown: Screen, toast: str) -> int:
        edit = reply.show(self.bot, self.chat_id, self.place, shown)
        if self.query_id is None:
            return await edit
        now, _ = await asyncio.gather(edit, reply.answer(self.bot, self.query_id, toast))
        return now

    async def _ask_author(self) -> None:
        key = str(self.data["proposal"])
        payload = {"learner_id": self.learner.id, "chat_id": self.chat_id}
        await self.desk.jobs.put(NewWork("proposal", key, key, payload))


def talk_of(update: Update, context: LecternContext, dialogue: DialogueView) -> Talk:
    """A move made by this update: a tap edits the message that was tapped, anything else is answered below."""
    query, chat = update.callback_query, update.effective_chat
    if chat is None:
        raise RuntimeError("a request is only talked about in a chat")
    visit = context.visit
    place = query.message.message_id if query is not None and query.message is not None else None
    old = visit.dialogue.message_id if visit.dialogue is not None else None
    return Talk(
        context.desk,
        context.bot,
        visit.learner,
        chat.id,
        dialogue,
        visit.update_id,
        place,
        query.id if query is not None else None,
        old,
        visit.repeated and _is_answered(update, dialogue),
    )


def _is_answered(update: Update, dialogue: DialogueView) -> bool:
    """Whether the request's message was sent after the one that the person sent: numbers only grow in a chat."""
    typed = update.message
    return typed is not None and dialogue.message_id is not None and dialogue.message_id > typed.message_id


def request_under_way(dialogue: DialogueView | None) -> DialogueView | None:
    """The request that is open, or that a question beside the way (a note…) has put aside."""
    if dialogue is None or dialogue.kind == KIND:
        return dialogue
    before = dialogue.data.get("before")
    if not before or before["kind"] != KIND:
        return None
    return DialogueView(dialogue.learner_id, **before, update_id=dialogue.update_id)


def new_talk(update: Update, context: LecternContext) -> Talk:
    """The first move of a new request; whatever was under way gives way to it."""
    draft = context.visit.update_id
    return talk_of(update, context, DialogueView(context.learner.id, KIND, "topic", {"draft": draft}, None, draft))


def screen_of(dialogue: DialogueView, learner: LearnerView, desk: Desk, note: str = "") -> Screen:
    """What a request shows at its present step."""
    offline = desk.courses.author.needs_source
    asked = asking.Asked(dialogue.step, dialogue.data, learner.language, learner.time_zone, offline)
    return asking.screen(asked, note)


async def strip(bot: ExtBot[None], chat_id: int, message_id: int | None) -> None:
    """Take the buttons from a message that is left behind; it may be gone."""
    if message_id is not None:
        with suppress(BadRequest):
            await reply.edit_keyboard(bot, chat_id, message_id, ())


@asynccontextmanager
async def delivering(desk: Desk, learner: LearnerView) -> AsyncIterator[None]:
    """Around what is sent without the learner having just written: whoever blocked the bot gets nothing more, and a
    pause that Telegram asks for puts the work off (raises Later)."""
    try:
        yield
    except Forbidden:
        await desk.learners.set_reachable(learner.telegram_id, False)
    except RetryAfter as pause:
        wait = pause.retry_after
        raise Later(float(wait) if isinstance(wait, int) else wait.total_seconds()) from pause


@asynccontextmanager
async def typing(bot: ExtBot[None], chat_id: int) -> AsyncIterator[None]:
    """Show "typing…" for as long as this takes; whether that can be shown does not matter."""
    task = asyncio.create_task(_type(bot, chat_id))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def _type(bot: ExtBot[None], chat_id: int) -> None:
    while True:
        with suppress(TelegramError):
            await reply.call(bot, "sendChatAction", {"chat_id": chat_id, "action": "typing"})
        await asyncio.sleep(TYPING_EVERY)
