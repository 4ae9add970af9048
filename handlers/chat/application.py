"""python-telegram-bot's application with a person at the door.

Who it is and where the dialogue stands are loaded before dispatch, and what a handler raises reaches the intake instead
of being swallowed.
"""

from __future__ import annotations

import asyncio
import logging
from contextvars import ContextVar
from typing import Any

from telegram import Update, User
from telegram.error import Forbidden
from telegram.ext import Application, ApplicationBuilder, BaseHandler, BaseRateLimiter, ContextTypes, ExtBot
from telegram.request import BaseRequest

from handlers.chat import errors
from handlers.chat.buttons import Button
from handlers.chat.context import VISIT, Desk, LecternContext, Visit
from handlers.chat.routes import pressed_button
from handlers.texts import get_ready
from services.errors import LecternError

INVITE = "i_"  # /start i_<code>: an invitation, which counts before anything else is looked at

_FAILURES: ContextVar[list[Exception]] = ContextVar("failures")
_Data = dict[Any, Any]
log = logging.getLogger(__name__)


class LecternApplication(Application[ExtBot[None], LecternContext, _Data, _Data, _Data, None]):
    """Dispatches one update of one person at a time per person (the intake sees to that)."""

    def __init__(self, *, desk: Desk, quick: tuple[type[Button], ...], **rest: Any) -> None:
        super().__init__(**rest)
        self.desk = desk
        self._quick = quick  # buttons that no dialogue waits for: theirs is not loaded
        self._fluent: set[str] = set()  # languages whose numbers can be said

    async def process_update(self, update: object) -> None:
        """Load the visit, dispatch, and raise what the handler raised. A LecternError is worded to the learner; a
        learner who blocked the bot is remembered as not to be reached."""
        if not isinstance(update, Update) or update.effective_user is None:
            return
        failures: list[Exception] = []
        _FAILURES.set(failures)
        visit = await self._visit(update, update.effective_user)
        VISIT.set(visit)
        await self._learn(visit.learner.language)
        await super().process_update(update)
        for failure in failures:
            try:
                await self._settle(update, failure)
            except Forbidden as blocked:
                await self._unreachable(update, blocked)

    async def process_error(self, update: object, error: Exception, *_: Any, **__: Any) -> bool:
        """Keep what a handler raised; `process_update` decides."""
        _FAILURES.get().append(error)
        return True

    async def _visit(self, update: Update, user: User) -> Visit:
        at = self.desk.clock.now()
        learner = await self.desk.learners.arrive(
            user.id, user.full_name, user.username, user.language_code, at, code=_invitation(update)
        )
        dialogue = None
        if not isinstance(pressed_button(update), self._quick):
            dialogue = await self.desk.dialogues.load(learner.id)
        return Visit(learner, dialogue, update.update_id, at)

    async def _learn(self, language: str) -> None:
        """Load what numbers in a language need with the first of its people (some MB, of no use to who is alone), in a
        thread: everybody else would wait for it."""
        if language not in self._fluent:
            await asyncio.to_thread(get_ready, language)
            self._fluent.add(language)

    async def _settle(self, update: Update, failure: Exception) -> None:
        if isinstance(failure, LecternError):
            await errors.answer_error(update, self.context_types.context.from_update(update, self), failure)
        else:
            raise failure

    async def _unreachable(self, update: Update, blocked: Forbidden) -> None:
        """Telegram does not let us answer: there is nobody to tell, and trying again would not help."""
        if is_private(update) and update.effective_user is not None:
            await self.desk.learners.set_reachable(update.effective_user.id, False)
        log.info("update %d cannot be answered: %s", update.update_id, blocked)


def build(
    token: str,
    desk: Desk,
    request: BaseRequest,
    routes: list[BaseHandler[Any, LecternContext, Any]],
    *,
    quick: tuple[type[Button], ...],
    base_url: str | None = None,
    rate_limiter: BaseRateLimiter[Any] | None = None,
) -> LecternApplication:
    """The application with its routes in order. `base_url`: that of a self-hosted Bot API server, without the token."""
    builder: ApplicationBuilder[Any, Any, Any, Any, Any, Any] = (
        ApplicationBuilder()
        .application_class(LecternApplication, {"desk": desk, "quick": quick})
        .token(token)
        .request(request)
        .get_updates_request(request)
        .context_types(ContextTypes(context=LecternContext))
        .updater(None)
    )
    if rate_limiter is not None:
        builder = builder.rate_limiter(rate_limiter)
    if base_url:
        builder = builder.base_url(f"{base_url}/bot").base_file_url(f"{base_url}/file/bot")
    application = builder.build()
    application.add_handlers(routes)
    assert isinstance(application, LecternApplication)  # noqa: S101 - tells mypy what application_class did
    return application


def is_private(update: Update) -> bool:
    """Whether the update comes from the person's own chat with the bot; what has no chat (a vote) counts as such."""
    return update.effective_chat is None or update.effective_chat.type == "private"


def _invitation(update: Update) -> str | None:
    text = (update.message.text if update.message is not None else None) or ""
    command, _, payload = text.partition(" ")
    return payload[len(INVITE) :] if command.startswith("/start") and payload.startswith(INVITE) else None
