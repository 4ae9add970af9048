"""THE editor of status messages: one per generation, edited in place from accepted to ready (product.md §3)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import timedelta

from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter
from telegram.ext import ExtBot

from handlers.chat import reply
from handlers.chat.context import Desk
from handlers.chat.screens import status as screens
from handlers.chat.status_message import Gone, StatusMessage
from services.errors import NotFound
from services.jobs import Later, WorkItem
from services.views import FeedEvent, GenerationView, LearnerView

PACE = 1.5  # seconds between two edits of one message; faster earned pauses of two minutes
REFRESH = 10.0  # seconds until elapsed and remaining time are shown anew while nothing happens
AWAY = timedelta(seconds=30)
TRIES = 5  # network faults in a row before the work is put off
PUT_OFF = 30.0  # seconds


class StatusBoard:
    """Work of kind ``status``: follows a generation to its end and keeps its one message true."""

    def __init__(self, desk: Desk, bot: ExtBot[None], *, pace: float = PACE, refresh: float = REFRESH) -> None:
        self._desk = desk
        self._bot = bot
        self._pace = pace
        self._refresh = refresh

    async def follow(self, item: WorkItem) -> None:
        """Follow to the end. A learner who blocked the bot, and a course that was deleted, end it quietly."""
        generation_id = int(item.payload["generation_id"])
        try:
            await self._follow(generation_id)
        except NotFound:
            return
        except Forbidden:
            view = await self._desk.generations.view(generation_id)
            learner = await self._desk.learners.get(view.learner_id)
            await self._desk.learners.set_reachable(learner.telegram_id, False)

    async def show(self, view: GenerationView, learner: LearnerView) -> None:
        """Bring the message to this view once, outside of following."""
        if view.chat_id is not None:
            await self._put(StatusMessage(self._desk, self._bot, view, learner), view)

    async def _follow(self, generation_id: int) -> None:
        seen = await self._desk.generations.events(generation_id, 0)
        view = await self._desk.generations.view(generation_id)
        learner = await self._desk.learners.get(view.learner_id)
        if view.chat_id is None or not learner.reachable:
            return
        message = StatusMessage(self._desk, self._bot, view, learner)
        async with aclosing(self._ticks(generation_id, seen[-1].seq if seen else 0)) as ticks:
            async for _ in ticks:
                view = await self._desk.generations.view(generation_id)
                await self._put(message, view)
                if view.state not in screens.OPEN:
                    break
        if view.state == "ready":
            await self._ring(view, learner)

    async def _put(self, message: StatusMessage, view: GenerationView) -> None:
        """Show the view; pauses that Telegram asks for are waited out, after which the view is the newest again."""
        faults = 0
        while True:
            try:
                await message.show(view)
            except RetryAfter as pause:
                await self._desk.clock.sleep(_seconds(pause))
            except (BadRequest, Forbidden):
                raise
            except Gone:
                return
            except NetworkError as fault:
                faults += 1
                if faults >= TRIES:
                    raise Later(PUT_OFF) from fault
                await self._desk.clock.sleep(min(2.0**faults, 10.0))
            else:
                return
            view = await self._desk.generations.view(view.id)

    async def _ticks(self, generation_id: int, after: int) -> AsyncGenerator[None]:
        """At once, then whenever something happened or time has passed, never faster than the pace; ends when the
        feed does, with one tick more."""
        feed = self._desk.generations.follow(generation_id, after)
        coming: asyncio.Task[FeedEvent | None] = asyncio.create_task(_next(feed))
        open_ = True
        try:
            while open_:
                yield
                await self._desk.clock.sleep(self._pace)
                await asyncio.wait({coming}, timeout=max(0.0, self._refresh - self._pace))
                while open_ and coming.done():
                    open_ = coming.result() is not None
                    if open_:
                        coming = asyncio.create_task(_next(feed))
                        await asyncio.sleep(0)
            yield
        finally:
            coming.cancel()
            await asyncio.wait({coming})
            if isinstance(feed, AsyncGenerator):
                await feed.aclose()

    async def _ring(self, view: GenerationView, learner: LearnerView) -> None:
        """One short message that rings, if the learner has been away; at most once."""
        away = self._desk.clock.now() - await self._desk.learners.last_seen(learner) >= AWAY
        if view.told or not await self._desk.generations.mark_told(view.id) or not away:
            return
        if view.chat_id is None:
            return
        screen = screens.rang(view, learner.language)
        try:
            await reply.send(self._bot, view.chat_id, screen)
        except RetryAfter as pause:
            await self._desk.clock.sleep(_seconds(pause))
            await reply.send(self._bot, view.chat_id, screen)


def _seconds(pause: RetryAfter) -> float:
    wait = pause.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


async def _next(feed: AsyncIterator[FeedEvent]) -> FeedEvent | None:
    return await anext(feed, None)
