"""/progress: all courses at a glance, one in detail."""

from __future__ import annotations

from telegram import Update

from handlers.chat import aside, present
from handlers.chat.buttons_reading import CourseProgress, ShowProgress
from handlers.chat.context import LecternContext
from handlers.chat.screen import Screen
from handlers.chat.screens import progress as screens


async def progress(update: Update, context: LecternContext) -> None:
    """/progress."""
    await aside.leave(context)
    await present.show(update, context, await _overview(context, 0))


async def show_progress(update: Update, context: LecternContext, button: ShowProgress) -> None:
    """Another page of it."""
    await aside.leave(context)
    await present.show(update, context, await _overview(context, button.page))


async def _overview(context: LecternContext, page: int) -> Screen:
    learner = context.learner
    cards = await context.desk.courses.list_for(learner.id)
    pages = max(1, -(-len(cards) // screens.PAGE))
    page = min(page, pages - 1)
    shown = cards[page * screens.PAGE : (page + 1) * screens.PAGE]
    courses = [await context.desk.progress.progress(learner.id, card.id) for card in shown]
    return screens.overview(learner.language, courses, page, pages)


async def course_progress(update: Update, context: LecternContext, button: CourseProgress) -> None:
    """One course in detail."""
    await aside.leave(context)
    learner = context.learner
    found = await context.desk.progress.progress(learner.id, button.course_id)
    screen = screens.detail(learner.language, found, context.visit.at, learner.time_zone)
    await present.show(update, context, screen)
