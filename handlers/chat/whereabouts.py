"""Where somebody is right now, as a screen: the request under way, else the courses to go on with."""

from __future__ import annotations

from telegram import Update

from handlers.chat import courses, present
from handlers.chat.context import LecternContext
from handlers.chat.talk import request_under_way, talk_of
from handlers.texts import plain


async def stale_button(update: Update, context: LecternContext) -> None:
    """A button of an older version, or forged: say so, and bring the learner to where they are, in that message."""
    if update.callback_query is None:
        return
    toast = plain(context.learner.language, "stale")
    request = request_under_way(context.visit.dialogue)
    if request is not None:
        await talk_of(update, context, request).again(toast=toast)
    else:
        await present.show(update, context, await courses.here(context), toast)
