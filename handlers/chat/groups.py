"""In a group the bot teaches nothing: it shows the way into the private chat. And who lets it in, or blocks it."""

from __future__ import annotations

from telegram import ChatMember, Update

from handlers.chat import reply
from handlers.chat.context import LecternContext
from handlers.chat.screens import welcome

_GONE = {ChatMember.LEFT, ChatMember.BANNED}


async def in_group(update: Update, context: LecternContext) -> None:
    """A command, a mention or a reply to the bot in a group gets the way into the private chat; talk among people is
    left alone."""
    message, chat = update.effective_message, update.effective_chat
    if message is None or chat is None or update.edited_message is not None or not _meant(update, context):
        return
    screen = welcome.in_group(context.learner.language, context.bot.username)
    await reply.send(context.bot, chat.id, screen, reply_parameters={"message_id": message.message_id})


async def membership(update: Update, context: LecternContext) -> None:
    """Somebody blocked the bot, or let it in again; a group that took it in is shown the way."""
    change = update.my_chat_member
    if change is None:
        return
    here = change.new_chat_member.status not in _GONE
    if change.chat.type == "private":
        await context.desk.learners.set_reachable(change.from_user.id, here)
    elif here and change.old_chat_member.status in _GONE and change.chat.type != "channel":
        await reply.send(context.bot, change.chat.id, welcome.in_group(context.learner.language, context.bot.username))


def _meant(update: Update, context: LecternContext) -> bool:
    """Whether a message in a group is meant for the bot."""
    message, name = update.effective_message, context.bot.username.lower()
    if message is None:
        return False
    text = message.text or message.caption or ""
    if text.startswith("/"):
        addressed = text.split()[0].partition("@")[2].lower()
        return addressed in ("", name)
    answered = message.reply_to_message
    to_us = answered is not None and answered.from_user is not None and answered.from_user.id == context.bot.id
    return to_us or f"@{name}" in text.lower()
