"""Announcements: work of kind ``announcement``, one piece a person, put by admins over REST."""

from __future__ import annotations

from telegram.error import BadRequest, Forbidden, RetryAfter
from telegram.ext import ExtBot

from handlers.chat import reply
from handlers.chat.intake import seconds_of
from handlers.chat.screen import Screen
from services.errors import NotFound
from services.jobs import Later, WorkItem
from services.learners import LearnerService

KIND = "announcement"


class Announcing:
    """Tells one person what everybody is told."""

    def __init__(self, learners: LearnerService, bot: ExtBot[None]) -> None:
        self._learners = learners
        self._bot = bot

    async def tell(self, item: WorkItem) -> None:
        """Send it, as plain text, to who can still be reached and is (still) let in."""
        try:
            learner = await self._learners.get(int(item.payload["learner_id"]))
        except NotFound:
            return
        if not (learner.reachable and learner.admitted):
            return
        try:
            await reply.send(self._bot, learner.telegram_id, Screen(str(item.payload["text"]), entities=()))
        except RetryAfter as pause:
            raise Later(seconds_of(pause)) from pause
        except (Forbidden, BadRequest):
            # Blocked, deleted, or a chat that never was: not to be reached, until they write.
            await self._learners.set_reachable(learner.telegram_id, False)
