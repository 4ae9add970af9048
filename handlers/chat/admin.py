"""For admins: how the bot is, what it costs, and invitations. For anybody else these commands do not exist."""

from __future__ import annotations

from dataclasses import replace

from telegram import Update

from handlers.chat import present
from handlers.chat.context import LecternContext
from handlers.chat.screen import Screen
from handlers.chat.screens import admin as screens
from handlers.chat.screens import costs
from handlers.texts import say
from services.intake import KIND as UPDATE
from services.views import LearnerView

INVITATION = "https://t.me/{bot}?start=i_{code}"


async def status(update: Update, context: LecternContext) -> None:
    """/status: health, the work that waits, and what was spent today."""
    admin = await _admin(context)
    if admin is None:
        await _unknown(update, context)
        return
    health, work = await context.desk.health.check(), await context.desk.health.workload()
    # This very question is work in hand, which is nothing that waits.
    work = replace(work, open={**work.open, UPDATE: max(0, work.open.get(UPDATE, 0) - 1)})
    money = await context.desk.spending.figures()
    await present.show(update, context, screens.status(admin.language, health, work, money))


async def cost(update: Update, context: LecternContext) -> None:
    """/cost: what models cost, and against which caps."""
    admin = await _admin(context)
    if admin is None:
        await _unknown(update, context)
        return
    view = await context.desk.spending.report()
    await present.show(update, context, costs.spending(admin.language, view))


async def invite(update: Update, context: LecternContext) -> None:
    """/invite: a link that lets one person in."""
    admin = await _admin(context)
    if admin is None:
        await _unknown(update, context)
        return
    code = await context.desk.learners.make_invite(admin)
    link = INVITATION.format(bot=context.bot.username, code=code)
    await present.show(update, context, screens.invitation(admin.language, link))


async def _admin(context: LecternContext) -> LearnerView | None:
    """The person, if they are an admin now: the role is read afresh, not remembered."""
    learner = await context.desk.learners.get(context.learner.id)
    return learner if learner.role == "admin" else None


async def _unknown(update: Update, context: LecternContext) -> None:
    await present.show(update, context, Screen(say(context.learner.language, "unknown_command")))
