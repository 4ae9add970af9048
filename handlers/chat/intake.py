"""From the table of work into python-telegram-bot's dispatch: one update at a time per person, in order."""

from __future__ import annotations

import logging
from typing import Any

from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from handlers.chat import errors
from handlers.chat.application import LecternApplication, is_private
from handlers.chat.held_up import HeldUp
from handlers.chat.updates import parsed
from services.errors import Unavailable
from services.jobs import Later, WorkItem

AT_ONCE = 128  # updates of different people handled side by side
SAY_SO_AFTER = 2  # failed tries from which on the person hears of it: one that the next try mends is not worth a word
log = logging.getLogger(__name__)


class Intake:
    """Handles work of kind ``update``; `in_hand` counts those under way."""

    def __init__(self, application: LecternApplication) -> None:
        self._application = application
        self._held_up = HeldUp(application.bot)
        self.in_hand = 0

    async def handle(self, item: WorkItem) -> None:
        """Dispatch one stored update. What raises is tried again by the table of work; a pause that Telegram asks for
        is waited out and is no try."""
        update = parsed(item.payload, self._application.bot)
        self.in_hand += 1
        try:
            await self._application.process_update(update)
        except RetryAfter as pause:
            raise Later(seconds_of(pause)) from pause
        except Unavailable:
            await self._held_up.tell([item.payload])
            raise
        except Exception as error:
            if item.tries + 1 == SAY_SO_AFTER and not _out_of_reach(error):
                await self._tell(item, last=False)
            raise
        else:
            self._held_up.over()
        finally:
            self.in_hand -= 1

    async def gave_up(self, item: WorkItem, error: BaseException) -> None:
        """Tell the person that this one update could not be dealt with; the row stays aside for the admin."""
        await self._tell(item, last=True)
        await errors.alert(self._application.bot, self._application.desk, item.key, type(error).__name__)

    async def _tell(self, item: WorkItem, *, last: bool) -> None:
        """Say that it is our fault, in private chats only. That nobody could be told is only logged: the words are no
        part of the work."""
        application = self._application
        desk, bot = application.desk, application.bot
        try:
            update = parsed(item.payload, bot)
            user, chat = update.effective_user, update.effective_chat
            if user is None or chat is None or not is_private(update):
                return
            arrived: tuple[Any, ...] = (user.id, user.full_name, user.username, user.language_code, desk.clock.now())
            learner = await desk.learners.arrive(*arrived)
            if last:
                await errors.gave_up(bot, chat.id, learner.language, desk)
            else:
                await errors.trying_again(bot, chat.id, learner.language)
        except TelegramError as error:
            log.warning("nor could the person of work %s be told: %s", item.key, error)
        except Exception:
            log.exception("nor could the person of work %s be told", item.key)


def _out_of_reach(error: Exception) -> bool:
    """Whether Telegram itself is away, so that nobody can be told. (A BadRequest is a NetworkError to the library.)"""
    return isinstance(error, NetworkError) and not isinstance(error, BadRequest)


def seconds_of(pause: RetryAfter) -> float:
    """How long Telegram asks us to wait."""
    wait = pause.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()
