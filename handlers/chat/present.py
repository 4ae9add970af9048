"""Where a screen goes: a tap changes the message it was made on, what is typed is answered below it."""

from __future__ import annotations

import asyncio

from telegram import Update
from telegram.error import BadRequest

from handlers.chat import reply
from handlers.chat.context import LecternContext
from handlers.chat.screen import Screen


def chat_of(update: Update) -> int:
    """The chat of an update that a person made."""
    chat = update.effective_chat
    if chat is None:
        raise RuntimeError("this update has no chat")
    return chat.id


def message_of(update: Update) -> int:
    """The message that was tapped on or typed."""
    query = update.callback_query
    message = query.message if query is not None else update.effective_message
    if message is None:
        raise RuntimeError("this update has no message")
    return message.message_id


async def show(update: Update, context: LecternContext, screen: Screen, toast: str = "") -> int:
    """Put the screen where the person is looking; returns the id of its message. A tap is answered at the same time."""
    chat, query = chat_of(update), update.callback_query
    if query is None:
        return await reply.send(context.bot, chat, screen)
    shown, _ = await asyncio.gather(
        reply.show(context.bot, chat, message_of(update), screen), reply.answer(context.bot, query.id, toast)
    )
    return shown


async def below(update: Update, context: LecternContext, screen: Screen) -> int:
    """Answer what was typed: the screen as a new message, while the dialogue's old one loses its buttons."""
    shown = await reply.send(context.bot, chat_of(update), screen)
    dialogue = context.visit.dialogue
    if dialogue is not None and dialogue.message_id is not None:
        await drop_keyboard(context, chat_of(update), dialogue.message_id)
    return shown


async def drop_keyboard(context: LecternContext, chat: int, message: int) -> None:
    """Take the buttons off a message; one that is gone has none."""
    try:
        await reply.edit_keyboard(context.bot, chat, message, ())
    except BadRequest as gone:
        if not reply.is_gone(gone):
            raise
