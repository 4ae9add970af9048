"""/quality: what the checks found in one's own course."""

from __future__ import annotations

from telegram import Update

from handlers.chat import aside, present
from handlers.chat.buttons_reading import ShowQuality
from handlers.chat.context import LecternContext
from handlers.chat.screen import Screen
from handlers.chat.screens import quality as screens


async def quality(update: Update, context: LecternContext) -> None:
    """/quality: the report, or first the choice where somebody owns several courses."""
    await aside.leave(context)
    learner = context.learner
    cards = await context.desk.courses.list_for(learner.id)
    own = [card for card in cards if card.owned]
    if len(own) == 1:
        await present.show(update, context, await _report(context, own[0].id))
        return
    own.sort(key=lambda card: card.last_accessed_at, reverse=True)
    await present.show(update, context, screens.pick(learner.language, own))


async def show_quality(update: Update, context: LecternContext, button: ShowQuality) -> None:
    """The report on one of them."""
    await aside.leave(context)
    await present.show(update, context, await _report(context, button.course_id))


async def _report(context: LecternContext, course_id: int) -> Screen:
    """Raises NotFound, or Forbidden where the course is somebody else's."""
    learner = await context.desk.learners.get(context.learner.id)
    view = await context.desk.quality.for_owner(learner, course_id)
    return screens.report(learner.language, view, context.visit.at, learner.time_zone)
