"""Reading: a section's pages, ✅, Undo, Continue."""

from __future__ import annotations

import asyncio

from telegram import Update
from telegram.error import BadRequest

from handlers.chat import aside, present, reply
from handlers.chat.amounts import when
from handlers.chat.buttons import Continue, MarkDone, OpenSection, Undo
from handlers.chat.context import LecternContext
from handlers.chat.pages import section_pages
from handlers.chat.screen import Row, Screen
from handlers.chat.screens import courses as course_screens
from handlers.chat.screens import reading
from handlers.texts import plain
from services.errors import Conflict, NotFound
from services.progress import OpenView


async def open_section(update: Update, context: LecternContext, button: OpenSection) -> None:
    """◀ ▶ Begin, Next: show a page in place."""
    await aside.leave(context)
    await present.show(update, context, await page_screen(context, button.section_id, button.page))


async def page_screen(context: LecternContext, section_id: int, page: int) -> Screen:
    """A page of a section, opened for the learner (the clock of reading runs); a sentence if it is not written yet.

    Raises NotFound if it is not theirs to read."""
    learner, at = context.learner, context.visit.at
    try:
        opened = await context.desk.progress.open_section(learner.id, section_id, at)
    except NotFound:
        course, lesson, section = await context.desk.courses.section(learner.id, section_id)
        if section.written:
            raise
        return reading.unwritten(learner.language, course, lesson, section)
    return await _page(context, opened, page)


async def _page(context: LecternContext, opened: OpenView, page: int) -> Screen:
    learner, done = context.learner, opened.done
    pages = await asyncio.to_thread(section_pages, opened.section, len(opened.lesson.sections), learner.language)
    at = when(learner.language, done.completed_at, context.visit.at, learner.time_zone) if done is not None else None
    shown = pages[min(page, len(pages) - 1)]
    return reading.section_page(learner.language, opened.progress, opened.lesson, opened.section, shown, at)


async def mark_done(update: Update, context: LecternContext, button: MarkDone) -> None:
    """✅: record it, then answer the tap and change the keys side by side. The end of a lesson gets a message."""
    learner, at, key = context.learner, context.visit.at, str(context.visit.update_id)
    await context.desk.limits.take("progress", str(learner.id))
    view = await context.desk.progress.complete_section(learner.id, button.section_id, at, key=key)
    rows = reading.section_done(learner.language, view, at, learner.time_zone)
    if view.first:
        toast = reading.done_toast(learner.language, view)
    else:
        time = when(learner.language, view.done.completed_at, at, learner.time_zone)
        toast = plain(learner.language, "section.already", time=time)
    await _answer_and_edit(update, context, toast, rows)
    if reading.ends_lesson(view):
        await reply.send(context.bot, present.chat_of(update), reading.lesson_end(learner.language, view))


async def undo(update: Update, context: LecternContext, button: Undo) -> None:
    """Take a completion back, within a minute; after that say since when it stands."""
    learner, at = context.learner, context.visit.at
    try:
        await context.desk.progress.undo(learner.id, button.section_id, at)
        toast = plain(learner.language, "section.undone")
    except Conflict as late:
        time = when(learner.language, late.at or at, at, learner.time_zone)
        toast = plain(learner.language, "section.too_late", time=time)
    except NotFound:
        toast = plain(learner.language, "section.not_done")
    opened = await context.desk.progress.open_section(learner.id, button.section_id, at)
    screen = await _page(context, opened, reading.LAST_PAGE)
    await _answer_and_edit(update, context, toast, screen.rows)


async def go_on(update: Update, context: LecternContext, button: Continue) -> None:
    """Continue: the next section of a course that is not completed, or a sentence on why there is none."""
    await aside.leave(context)
    learner = context.learner
    progress = await context.desk.progress.progress(learner.id, button.course_id)
    if progress.upcoming is None:
        screen = course_screens.nothing_left(learner.language, progress)
    else:
        screen = await page_screen(context, progress.upcoming.id, 0)
    await present.show(update, context, screen)


async def _answer_and_edit(update: Update, context: LecternContext, toast: str, rows: tuple[Row, ...]) -> None:
    query = update.callback_query
    if query is None:
        return
    await asyncio.gather(
        reply.answer(context.bot, query.id, toast),
        _edit_keys(context, present.chat_of(update), present.message_of(update), rows),
    )


async def _edit_keys(context: LecternContext, chat: int, message: int, rows: tuple[Row, ...]) -> None:
    """Change the keys; if the learner deleted the message meanwhile, what counts is recorded all the same."""
    try:
        await reply.edit_keyboard(context.bot, chat, message, rows)
    except BadRequest as gone:
        if not reply.is_gone(gone):
            raise
