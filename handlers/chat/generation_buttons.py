"""The buttons under a course in the making: start reading, stop, keep, discard, go on, try a lesson or
questions again.

The status message itself is edited by whoever follows the generation (`status`); here only what nobody follows is."""

from __future__ import annotations

import asyncio

from telegram import Update

from handlers.chat import buttons_asking as press
from handlers.chat import present, reply
from handlers.chat.context import LecternContext
from handlers.chat.screens import status as screens
from handlers.chat.sections import page_screen
from handlers.chat.status import StatusBoard
from handlers.texts import plain


async def start_reading(update: Update, context: LecternContext, button: press.StartReading) -> None:
    """▶: the section in a message of its own, so that the status message stays what it is."""
    screen = await page_screen(context, button.section_id, 0)
    await asyncio.gather(_toast(update, context), reply.send(context.bot, present.chat_of(update), screen))


async def stop(update: Update, context: LecternContext, button: press.StopMaking) -> None:
    """✖: spending ends now; the follower shows what can be done with what is there."""
    await context.desk.generations.cancel(context.learner.id, button.generation_id)
    await _toast(update, context, "status.stopping")


async def keep(update: Update, context: LecternContext, button: press.KeepCourse) -> None:
    """Keep what is written as a short course; its status message becomes that of a ready one."""
    view = await context.desk.generations.keep(context.learner.id, button.generation_id)
    await _toast(update, context, "status.kept")
    await StatusBoard(context.desk, context.bot).show(view, context.learner)


async def discard(update: Update, context: LecternContext, button: press.DiscardCourse) -> None:
    """Throw away what is there of an unfinished course."""
    view = await context.desk.generations.view_for(context.learner.id, button.generation_id)
    await context.desk.generations.discard(context.learner.id, button.generation_id)
    screen = screens.discarded(view, context.learner.language)
    await present.show(update, context, screen, plain(context.learner.language, "status.discarding"))


async def go_on(update: Update, context: LecternContext, button: press.GoOn) -> None:
    """Go on with a stopped or failed one, or try it again."""
    await context.desk.generations.go_on(context.learner.id, button.generation_id)
    await _toast(update, context, "status.going_on")


async def retry_lesson(update: Update, context: LecternContext, button: press.RetryLesson) -> None:
    """↻: write a failed lesson again."""
    await context.desk.generations.retry_lesson(context.learner.id, button.generation_id, button.lesson_id)
    await _toast(update, context, "status.going_on")


async def retry_questions(update: Update, context: LecternContext, button: press.RetryQuestions) -> None:
    """↻: make the questions again that could not be made."""
    await context.desk.generations.retry_questions(context.learner.id, button.generation_id)
    await _toast(update, context, "status.going_on")


async def _toast(update: Update, context: LecternContext, key: str = "") -> None:
    if update.callback_query is not None:
        toast = plain(context.learner.language, key) if key else ""
        await reply.answer(context.bot, update.callback_query.id, toast)
