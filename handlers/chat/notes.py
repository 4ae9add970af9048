"""📝: a note on a section, typed as the next message; correcting that message corrects the note."""

from __future__ import annotations

from telegram import Update

from handlers.chat import aside, present, reply
from handlers.chat.buttons import WriteNote
from handlers.chat.buttons_reading import CancelNote
from handlers.chat.context import LecternContext
from handlers.chat.screen import Screen
from handlers.chat.screens import notes as screens
from handlers.texts import say
from services.validation import clean_lines, note_faults
from services.views import DialogueView, SectionView

NOTE = "note"
TEXT = "text"


async def ask_note(update: Update, context: LecternContext, button: WriteNote) -> None:
    """Ask for a note below the section, which stays to be looked at."""
    learner, query = context.learner, update.callback_query
    _, _, section = await context.desk.courses.section(learner.id, button.section_id)
    if query is not None:
        await reply.answer(context.bot, query.id)
    before = context.visit.dialogue
    if before is not None and before.kind == NOTE and before.step == TEXT and before.message_id is not None:
        await present.drop_keyboard(context, present.chat_of(update), before.message_id)
    screen = await _question(context, section, button.page)
    shown = await reply.send(context.bot, present.chat_of(update), screen)
    data = {"section_id": section.id, "page": button.page, "asked": shown}
    await aside.ask(context, NOTE, TEXT, data, shown)


async def _question(context: LecternContext, section: SectionView, page: int, fault: str = "") -> Screen:
    notes = await context.desk.progress.notes(context.learner.id, section.id)
    return screens.ask(context.learner.language, section, page, notes, fault)


async def take_note(update: Update, context: LecternContext) -> None:
    """The typed note: keep it, or say what is wrong with it and ask again."""
    text, dialogue = aside.typed(update, context), context.visit.dialogue
    if text is None or dialogue is None:
        return
    section, page = await _place(context, dialogue)
    fault = await _keep(update, context, section, text)
    if fault:
        again = await _question(context, section, page, fault)
        await aside.again(context, await present.below(update, context, again))
        return
    word = "note.saved" if not aside.interrupts(context) else "note.saved.going_on"
    screen = screens.said(context.learner.language, word, section, page)
    shown = await present.below(update, context, screen)
    if aside.interrupts(context):
        await aside.end(context)
        return
    data = {"section_id": section.id, "page": page, "message": present.message_of(update)}
    await aside.ask(context, NOTE, aside.KEPT, data, shown)


async def correct_note(update: Update, context: LecternContext) -> None:
    """The message that became a note was corrected: so is the note."""
    dialogue, message = context.visit.dialogue, update.effective_message
    if dialogue is None or message is None or dialogue.data.get("message") != message.message_id:
        return
    section, page = await _place(context, dialogue)
    fault = await _keep(update, context, section, message.text or "")
    if fault:
        await reply.send(context.bot, present.chat_of(update), Screen(fault))
        return
    screen = screens.said(context.learner.language, "note.corrected", section, page)
    shown = await reply.show(context.bot, present.chat_of(update), dialogue.message_id, screen)
    await aside.again(context, shown)


async def _place(context: LecternContext, dialogue: DialogueView) -> tuple[SectionView, int]:
    _, _, section = await context.desk.courses.section(context.learner.id, int(dialogue.data["section_id"]))
    return section, int(dialogue.data["page"])


async def _keep(update: Update, context: LecternContext, section: SectionView, text: str) -> str:
    """Keep the note under the message's own key, so that it is kept once and corrected with it; or what is wrong."""
    cleaned = clean_lines(text)
    faults = note_faults(cleaned)
    if faults:
        return screens.fault_sentence(context.learner.language, faults[0])
    key = f"m{present.message_of(update)}"
    await context.desk.progress.note(context.learner.id, section.id, cleaned, key, context.visit.at)
    return ""


async def not_text(update: Update, context: LecternContext) -> None:
    """A picture or the like where a note is expected: the question again."""
    dialogue = context.visit.dialogue
    if dialogue is None:
        return
    section, page = await _place(context, dialogue)
    again = await _question(context, section, page, say(context.learner.language, "note.only_text"))
    await aside.again(context, await present.below(update, context, again))


async def cancel_note(update: Update, context: LecternContext, button: CancelNote) -> None:
    """No note after all."""
    await aside.leave(context)
    _, _, section = await context.desk.courses.section(context.learner.id, button.section_id)
    await present.show(update, context, screens.said(context.learner.language, "note.cancelled", section, button.page))
