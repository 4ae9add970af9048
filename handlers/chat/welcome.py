"""Meeting somebody: /start, /help, what can be asked, an example, and what is said to nothing in particular."""

from __future__ import annotations

from telegram import Update

from handlers.chat import buttons_asking as press
from handlers.chat import present, reply
from handlers.chat.context import LecternContext
from handlers.chat.request import begin
from handlers.chat.screen import Screen
from handlers.chat.screens import welcome as screens
from handlers.chat.talk import strip
from handlers.chat.understanding import asks_for_course, is_small_talk
from services.views import CourseCard

LEARN = "learn"  # the payload of a link that leads straight to asking


async def start(update: Update, context: LecternContext) -> None:
    """/start: hello. What was under way is dropped; `/start learn` asks at once. (An invitation has been used up by
    the time this is reached.)"""
    message, chat, visit = update.effective_message, update.effective_chat, context.visit
    if message is None or chat is None:
        return
    if (message.text or "").partition(" ")[2] == LEARN:
        await begin(update, context, "")
        return
    if visit.dialogue is not None:
        await context.desk.dialogues.end(visit.learner.id, visit.update_id)
        await strip(context.bot, chat.id, visit.dialogue.message_id)
    await reply.send(context.bot, chat.id, await _hello(context))


async def help_(update: Update, context: LecternContext) -> None:
    """/help."""
    await present.show(update, context, screens.help_screen(context.learner.language, context.desk.support_contact))


async def home(update: Update, context: LecternContext, button: press.Home) -> None:
    """⬅ to the first screen."""
    await present.show(update, context, await _hello(context))


async def what_to_ask(update: Update, context: LecternContext, button: press.WhatToAsk) -> None:
    """*What can I ask for?*"""
    offline = context.desk.courses.author.needs_source
    await present.show(update, context, screens.what_to_ask(context.learner.language, offline))


async def show_example(update: Update, context: LecternContext, button: press.ShowExample) -> None:
    """*Show me an example*: the bundled texts, each a course at one tap."""
    await present.show(update, context, screens.examples(context.learner.language))


async def free_text(update: Update, context: LecternContext) -> None:
    """A message while nothing is asked: what somebody would like to learn, unless it is a greeting or the like."""
    message = update.effective_message
    text = (message.text or "") if message is not None else ""
    language = context.learner.language
    if is_small_talk(text, language) and not asks_for_course(text, language):
        await present.show(update, context, screens.small_talk(language, await _current_course(context)))
    else:
        await begin(update, context, text)


async def unreadable(update: Update, context: LecternContext) -> None:
    """A photo, a sticker, a voice message… while nothing is asked."""
    await present.show(update, context, screens.unreadable(context.learner.language))


async def unknown_command(update: Update, context: LecternContext) -> None:
    """A command that there is not."""
    await present.show(update, context, screens.unknown_command(context.learner.language))


async def let_be(update: Update, context: LecternContext) -> None:
    """An edited message that answers nothing, a service message: nothing is said to it."""


async def _current_course(context: LecternContext) -> CourseCard | None:
    return screens.current(await context.desk.courses.list_for(context.learner.id))


async def _hello(context: LecternContext) -> Screen:
    cards = await context.desk.courses.list_for(context.learner.id)
    return screens.hello(context.learner.language, context.learner.name, cards)
