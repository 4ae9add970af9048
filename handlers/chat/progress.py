"""/progress: all courses at a glance, one in detail."""

from __future__ import annotations

import asyncio

from telegram import InputFile, Update

from handlers.chat import aside, present, reply
from handlers.chat.buttons_reading import CourseProgress, ProgressPicture, ShowProgress
from handlers.chat.context import LecternContext
from handlers.chat.screen import Screen
from handlers.chat.screens import progress as screens
from services.pictures.progress import Standing

MOST = 50  # courses in one picture; more are not told apart in it anyway


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


async def progress_picture(update: Update, context: LecternContext, button: ProgressPicture) -> None:
    """The same as a picture, below; its caption says in words what it shows."""
    learner, desk = context.learner, context.desk
    ids = [button.course_id] if button.course_id else [card.id for card in await desk.courses.list_for(learner.id)]
    courses = [await desk.progress.progress(learner.id, course_id) for course_id in ids[:MOST]]
    if update.callback_query is not None:
        await reply.answer(context.bot, update.callback_query.id)
    if not courses:
        await present.show(update, context, screens.overview(learner.language, [], 0, 1))
        return
    found = await asyncio.to_thread(screens.standing, learner.language, courses, context.visit.at, learner.time_zone)
    png = await asyncio.to_thread(_drawn, found, button.course_id)
    fields = {
        "chat_id": present.chat_of(update),
        "photo": InputFile(png, filename="progress.png"),
        "caption": screens.picture_words(learner.language, found),
        "parse_mode": "HTML",
    }
    await reply.call(context.bot, "sendPhoto", fields)


def _drawn(found: Standing, seed: int) -> bytes:
    from services.pictures import progress_picture as drawn

    return drawn(found, seed)
