"""Questions: asked one after another in one message, answered by a tap, skipped, looked at again."""

from __future__ import annotations

from telegram import Update

from handlers.chat import aside, present, reply, welcome
from handlers.chat.buttons_questions import Answer, AskLesson, AskSection, OpenQuestion, Skip
from handlers.chat.context import LecternContext
from handlers.chat.screen import Screen
from handlers.chat.screens import questions as screens
from handlers.chat.understanding import asks_for_course
from handlers.texts import plain, say
from services.errors import Invalid
from services.views.questions import AnsweredView, AskedView, QuestionsView

QUESTION = "question"
OPEN = "open"


async def ask_section(update: Update, context: LecternContext, button: AskSection) -> None:
    """The first open question of a section, else how its questions went."""
    learner, at = context.learner, context.visit.at
    await _show_next(update, context, await context.desk.questions.of_section(learner.id, button.section_id, at))


async def ask_lesson(update: Update, context: LecternContext, button: AskLesson) -> None:
    """The first open question of a lesson, else how those of its first section with any went."""
    learner, at = context.learner, context.visit.at
    view = await context.desk.questions.of_lesson(learner.id, button.course_id, button.lesson_id, at)
    await _show_next(update, context, view)


async def open_question(update: Update, context: LecternContext, button: OpenQuestion) -> None:
    """One question as it stands."""
    view = await context.desk.questions.question(context.learner.id, button.question_id, context.visit.at)
    await _show(update, context, view.asked, view.questions, "")


async def answer(update: Update, context: LecternContext, button: Answer) -> None:
    """An option was chosen: record it, then answer the tap and show what follows side by side."""
    learner, at = context.learner, context.visit.at
    await context.desk.limits.take("progress", str(learner.id))
    try:
        view = await context.desk.questions.answer(learner.id, button.question_id, button.place, button.attempt, at)
    except Invalid:  # an option that the question does not have
        view = await context.desk.questions.question(learner.id, button.question_id, at)
    await _show_answered(update, context, view)


async def skip(update: Update, context: LecternContext, button: Skip) -> None:
    """Left unanswered: it is told all the same."""
    learner, at = context.learner, context.visit.at
    await context.desk.limits.take("progress", str(learner.id))
    view = await context.desk.questions.skip(learner.id, button.question_id, button.attempt, at)
    await _show_answered(update, context, view)


async def typed(update: Update, context: LecternContext) -> None:
    """Something else than a tap while a question is open is no answer; the buttons stay where they are."""
    message, chat = update.effective_message, update.effective_chat
    if message is None or chat is None:
        return
    language = context.learner.language
    if message.text and asks_for_course(message.text, language):
        await welcome.free_text(update, context)
    else:
        await reply.send(context.bot, chat.id, Screen(say(language, "question.typed")))


async def _show_answered(update: Update, context: LecternContext, view: AnsweredView) -> None:
    language = context.learner.language
    toast = screens.toast(language, view.asked) if view.counted else plain(language, "stale")
    await _show(update, context, view.asked, view.questions, toast)


async def _show_next(update: Update, context: LecternContext, view: QuestionsView) -> None:
    if view.upcoming is not None:
        await _show(update, context, view.upcoming, view, "")
        return
    await aside.leave(context)
    await present.show(update, context, screens.summary(context.learner.language, view))


async def _show(update: Update, context: LecternContext, asked: AskedView, beside: QuestionsView, toast: str) -> None:
    """Show a question in place; while it is open, what is typed is known not to be meant for anything else."""
    shown = await present.show(update, context, screens.question(context.learner.language, asked, beside), toast)
    dialogue = context.visit.dialogue
    if not asked.open:
        await aside.leave(context)
    elif dialogue is None or (dialogue.kind, dialogue.message_id) != (QUESTION, shown):
        await aside.ask(context, QUESTION, OPEN, {}, shown)
