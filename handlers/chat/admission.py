"""At the door: whoever is not let in by the access mode (product.md §8) is told, kindly, whom to ask."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler

from handlers.chat import reply
from handlers.chat.context import VISIT, LecternContext
from handlers.chat.errors import operator
from handlers.chat.screens import welcome
from handlers.texts import plain


class NotAdmitted(BaseHandler[Update, LecternContext, None]):
    """Takes every update of a person who is not admitted, so that nothing behind it has to ask."""

    def __init__(self) -> None:
        super().__init__(turn_away)

    def check_update(self, update: object) -> bool:
        """Whether the person has to stay outside."""
        visit = VISIT.get()
        return isinstance(update, Update) and visit is not None and not visit.learner.admitted

    async def handle_update(self, update: Update, application: Any, check_result: object, context: Any) -> None:
        """Say so."""
        await turn_away(update, context)


async def turn_away(update: Update, context: LecternContext) -> None:
    """Say that an invitation is needed, and from whom; or, to whom an admin blocked, who can tell them more."""
    language, blocked = context.learner.language, context.learner.blocked
    name = operator(language, context.desk)
    if update.callback_query is not None:
        toast = plain(language, "blocked" if blocked else "not_admitted.toast", operator=name)
        await reply.answer(context.bot, update.callback_query.id, toast, alert=True)
    elif update.effective_chat is not None and update.edited_message is None:
        screen = welcome.blocked(language, name) if blocked else welcome.not_admitted(language, name)
        await reply.send(context.bot, update.effective_chat.id, screen)
