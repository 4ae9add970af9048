"""A document sent to the bot: read, and made the source of the request under way or of a new one."""

from __future__ import annotations

from telegram import Update

from handlers.chat.context import LecternContext
from handlers.chat.errors import sentence
from handlers.chat.request import take_source
from handlers.chat.talk import new_talk, request_under_way, talk_of, typing
from handlers.texts import say
from services.documents.limits import FILE_BYTES
from services.errors import DocumentRefused


async def take_document(update: Update, context: LecternContext) -> None:
    """Read the document; refused, the learner is told why, and asked again what was being asked."""
    dialogue, message = request_under_way(context.visit.dialogue), update.effective_message
    asked = dialogue is not None
    if message is None or message.document is None:
        return
    talk = new_talk(update, context) if dialogue is None else talk_of(update, context, dialogue)
    if asked and context.visit.repeated:
        await talk.again()
        return
    name = message.document.file_name or "document"
    try:
        async with typing(context.bot, talk.chat_id):
            data = await _download(update, context)
            document = await context.desk.documents.add(context.learner.id, name, data)
    except DocumentRefused as refused:
        if not asked:
            raise
        await talk.again(note=sentence(refused, context.learner.language, context.desk).text)
        return
    begun = asked and talk.dialogue.step != "topic"
    note = say(context.learner.language, "request.topic.document", title=document.title) if begun else ""
    await take_source(talk, document, note)


async def _download(update: Update, context: LecternContext) -> bytes:
    """The file's bytes. Raises DocumentRefused(``too_large``) before anything is fetched; Telegram gives bots no more
    than 20 MB either (Bot API, getFile)."""
    message = update.effective_message
    if message is None or message.document is None:
        raise DocumentRefused("empty")
    if (message.document.file_size or 0) > FILE_BYTES:
        raise DocumentRefused("too_large", str(FILE_BYTES))
    file = await context.bot.get_file(message.document.file_id)
    return bytes(await file.download_as_bytearray())
