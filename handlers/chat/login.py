"""/login: a one-time code that signs somebody in elsewhere, on the web page or in a script."""

from __future__ import annotations

from telegram import Update

from handlers.chat import present
from handlers.chat.context import LecternContext
from handlers.chat.screens import login as screens


async def login(update: Update, context: LecternContext) -> None:
    """/login. A code asked for before stops working."""
    code = await context.desk.auth.new_code(context.learner)
    await present.show(update, context, screens.code(context.learner.language, code))
