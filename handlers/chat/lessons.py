"""A lesson's card."""

from __future__ import annotations

from telegram import Update

from handlers.chat import aside, present
from handlers.chat.buttons import OpenLesson
from handlers.chat.context import LecternContext
from handlers.chat.courses import card_of
from handlers.chat.screens.lesson import lesson_card
from services.errors import NotFound


async def open_lesson(update: Update, context: LecternContext, button: OpenLesson) -> None:
    """Show what a lesson teaches and the way in. Raises NotFound if it is not among the learner's."""
    await aside.leave(context)
    learner = context.learner
    progress = await context.desk.progress.progress(learner.id, button.course_id)
    lesson = next((one for one in progress.course.lessons if one.id == button.lesson_id), None)
    if lesson is None:
        raise NotFound("lesson")
    card = await card_of(context, button.course_id) if lesson.state == "failed" else None
    generation = card.generation_id if card is not None else None
    await present.show(update, context, lesson_card(learner.language, progress, lesson, generation))
