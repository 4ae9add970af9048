"""From the table of work into python-telegram-bot's dispatch: one update at a time per person, in order."""

from __future__ import annotations

import logging

from telegram import Update
from telegram.error import RetryAfter

from handlers.chat import errors
from handlers.chat.application import LecternApplication
from services.jobs import Later, WorkItem

AT_ONCE = 128  # updates of different people handled side by side
log = logging.getLogger(__name__)


class Intake:
    """Handles work of kind ``update``."""

    def __init__(self, application: LecternApplication) -> None:
        self._application = application

    async def handle(self, item: WorkItem) -> None:
        """Dispatch one stored update. What raises is tried again by the table of work; a pause that Telegram asks for
        is waited out and is no try."""
        update = Update.de_json(item.payload, self._application.bot)
        try:
            await self._application.process_update(update)
        except RetryAfter as pause:
            raise Later(_seconds(pause)) from pause

    async def gave_up(self, item: WorkItem, error: BaseException) -> None:
        """Tell the person that this one update could not be dealt with; the row stays aside for the admin."""
        application = self._application
        update = Update.de_json(item.payload, application.bot)
        if update.effective_user is None or update.effective_chat is None or update.effective_chat.type != "private":
            return
        try:
            user, at = update.effective_user, application.desk.clock.now()
            learner = await application.desk.learners.arrive(
                user.id, user.full_name, user.username, user.language_code, at
            )
            await errors.gave_up(application.bot, update.effective_chat.id, learner.language, application.desk)
        except Exception:
            log.exception("nor could the person of work %s be told of %r", item.key, error)


def _seconds(pause: RetryAfter) -> float:
    wait = pause.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()
