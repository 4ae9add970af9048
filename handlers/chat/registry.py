"""Every route of the chat, in order: the first that fits takes the update. And the work the chat does by itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from telegram.ext import BaseHandler, CallbackQueryHandler, ChatMemberHandler, CommandHandler, MessageHandler, filters

from handlers.chat import (
    admin,
    courses,
    disputes,
    documents,
    groups,
    lessons,
    login,
    mail,
    notes,
    progress,
    quality,
    questions,
    request,
    request_answers,
    sections,
    settings,
    welcome,
    whereabouts,
)
from handlers.chat import buttons as read
from handlers.chat import buttons_asking as ask
from handlers.chat import buttons_questions as quiz
from handlers.chat import buttons_reading as own
from handlers.chat import generation_buttons as making
from handlers.chat.admission import NotAdmitted
from handlers.chat.application import LecternApplication
from handlers.chat.context import LecternContext
from handlers.chat.disputes import DisputeNews
from handlers.chat.pacing import giving_way
from handlers.chat.proposing import Proposing
from handlers.chat.reply import call
from handlers.chat.request_approval import Reminders
from handlers.chat.request_steps import KIND as REQUEST
from handlers.chat.routes import Onward, Press, Step
from handlers.chat.status import StatusBoard
from handlers.texts import DEFAULT, LANGUAGES, plain
from services.disputes import ASK_OWNER, TELL
from services.jobs import WorkItem
from services.pacing import Urgency

Route = BaseHandler[Any, LecternContext, Any]

# Buttons that no dialogue waits for: theirs is not loaded, which keeps the most frequent taps short.
QUICK_BUTTONS = (read.MarkDone, read.Undo)

# The commands' menu; each has its line in the texts as ``command.<name>``.
COMMANDS = ("learn", "continue", "courses", "progress", "quality", "settings", "login", "help", "cancel")

_GROUP = filters.ChatType.GROUPS
_EDITED = filters.UpdateType.EDITED_MESSAGE
_NEW = filters.UpdateType.MESSAGE
_TYPED = filters.TEXT & ~filters.COMMAND
_ONWARD = Onward()
_OTHER = ~filters.TEXT & ~filters.StatusUpdate.ALL


def routes() -> list[Route]:
    """All routes, in order."""
    door: list[Route] = [
        ChatMemberHandler(groups.membership, ChatMemberHandler.MY_CHAT_MEMBER),
        MessageHandler(_GROUP, groups.in_group),
        NotAdmitted(),
    ]
    stale = CallbackQueryHandler(whereabouts.stale_button)
    # The most frequent taps come first; buttons of different kinds do not get in each other's way.
    buttons = [*_reading_buttons(), *_question_buttons(), *_asking_buttons(), stale]
    return [*door, *buttons, *_commands(), *_steps(), *_rest()]


def _commands() -> list[Route]:
    handled = {
        "start": welcome.start,
        "help": welcome.help_,
        "learn": request.learn,
        "cancel": request.cancel,
        "continue": courses.go_on,
        "courses": courses.courses,
        "progress": progress.progress,
        "quality": quality.quality,
        "settings": settings.settings,
        "login": login.login,
        "status": admin.status,
        "cost": admin.cost,
        "invite": admin.invite,
    }
    return [CommandHandler(name, callback, _NEW) for name, callback in handled.items()]


def _asking_buttons() -> list[Route]:
    return [
        Press(ask.Home, welcome.home),
        Press(ask.WhatToAsk, welcome.what_to_ask),
        Press(ask.ShowExample, welcome.show_example),
        Press(ask.NewRequest, request.new_request),
        Press(ask.UseSample, request.use_sample),
        Press(ask.PickLevel, request.pick_level),
        Press(ask.PickTime, request.pick_time),
        Press(ask.OtherTime, request.other_time),
        Press(ask.Back, request.back),
        Press(ask.CancelRequest, request.cancel_request),
        Press(ask.AskAgain, request.ask_again),
        Press(ask.Approve, request.approve),
        Press(ask.ChangeCard, request.change_card),
        Press(ask.ChangeField, request.change_field),
        Press(ask.UseSuggestion, request.use_suggestion),
        Press(ask.WriteAnother, request.write_another),
        Press(ask.RemindMe, request.remind_me),
        Press(ask.StartReading, making.start_reading),
        Press(ask.StopMaking, making.stop),
        Press(ask.KeepCourse, making.keep),
        Press(ask.DiscardCourse, making.discard),
        Press(ask.GoOn, making.go_on),
        Press(ask.RetryLesson, making.retry_lesson),
        Press(ask.RetryQuestions, making.retry_questions),
    ]


def _reading_buttons() -> list[Route]:
    return [
        Press(read.MarkDone, sections.mark_done),
        Press(read.OpenSection, sections.open_section),
        Press(read.Continue, sections.go_on),
        Press(read.Undo, sections.undo),
        Press(read.WriteNote, notes.ask_note),
        Press(own.CancelNote, notes.cancel_note),
        Press(read.OpenLesson, lessons.open_lesson),
        Press(read.OpenCourse, courses.open_course),
        Press(own.ListCourses, courses.list_courses),
        Press(own.RenameCourse, courses.ask_title),
        Press(own.ArchiveCourse, courses.archive),
        Press(own.AskDelete, courses.ask_delete),
        Press(own.DeleteCourse, courses.delete),
        Press(own.WhatNext, courses.what_next),
        Press(own.ShowProgress, progress.show_progress),
        Press(own.CourseProgress, progress.course_progress),
        Press(own.ProgressPicture, progress.progress_picture),
        Press(own.ShowQuality, quality.show_quality),
        Press(own.OpenSettings, settings.open_settings),
        Press(own.PickLanguage, settings.pick_language),
        Press(own.SetLanguage, settings.set_language),
        Press(own.PickZone, settings.pick_zone),
        Press(own.PickCity, settings.pick_city),
        Press(own.SetZone, settings.set_zone),
        Press(own.OpenMail, mail.open_mail),
        Press(own.SetMail, mail.set_mail),
        Press(own.AskAddress, mail.ask_address),
        Press(own.ForgetAddress, mail.forget_address),
    ]


def _question_buttons() -> list[Route]:
    return [
        Press(quiz.Answer, questions.answer),
        Press(quiz.Skip, questions.skip),
        Press(quiz.OpenQuestion, questions.open_question),
        Press(quiz.AskSection, questions.ask_section),
        Press(quiz.AskLesson, questions.ask_lesson),
        Press(quiz.Flag, disputes.flag),
        Press(quiz.Decide, disputes.decide),
    ]


def _steps() -> list[Route]:
    """A message while a question is open; an edited one counts where its function says so."""
    other = _NEW & _OTHER & ~filters.Document.ALL
    return [
        Step(REQUEST, request_answers.take_edited, _EDITED),
        Step(REQUEST, courses.go_on, _NEW & _TYPED & _ONWARD, "topic"),  # no topic: the question stays open
        Step(REQUEST, request_answers.take_text, _NEW & _TYPED),
        Step(REQUEST, request_answers.take_unreadable, other),
        Step(notes.NOTE, notes.take_note, _TYPED, notes.TEXT),
        Step(notes.NOTE, notes.correct_note, _EDITED & _TYPED),
        Step(notes.NOTE, notes.not_text, other, notes.TEXT),
        Step(courses.RENAME, courses.take_title, _TYPED),
        Step(courses.RENAME, courses.title_missing, other),
        Step(mail.SETTINGS, mail.take_address, _TYPED, mail.ADDRESS),
        Step(settings.SETTINGS, settings.take_place, _TYPED),
        Step(questions.QUESTION, questions.typed, _NEW & (_TYPED | other), questions.OPEN),
    ]


def _rest() -> list[Route]:
    return [
        MessageHandler(_EDITED | filters.StatusUpdate.ALL, welcome.let_be),
        MessageHandler(filters.Document.ALL, documents.take_document),
        MessageHandler(_TYPED & _ONWARD, courses.go_on),
        MessageHandler(_TYPED, welcome.free_text),
        MessageHandler(_OTHER, welcome.unreadable),
        MessageHandler(filters.COMMAND, welcome.unknown_command),
    ]


LASTING = frozenset({"status"})  # kinds of work of which a piece takes as long as a course does


def workers(application: LecternApplication) -> dict[str, Callable[[WorkItem], Awaitable[None]]]:
    """Who does the work that the chat puts into the table of work, by kind."""
    desk, bot = application.desk, application.bot
    proposing, reminders, news = Proposing(desk, bot), Reminders(desk, bot), DisputeNews(desk, bot)
    return {
        "proposal": proposing.propose,
        "proposed": proposing.show,
        "reminder": reminders.due,
        "reminded": giving_way(reminders.show, Urgency.WORD),
        ASK_OWNER: giving_way(news.ask_owner, Urgency.WORD),
        TELL: giving_way(news.tell, Urgency.WORD),
        "status": giving_way(StatusBoard(desk, bot).follow, Urgency.STATUS),
    }


async def announce_commands(application: LecternApplication) -> None:
    """Tell Telegram the commands' menu, in every language there are texts for."""
    for language in LANGUAGES:
        commands = [{"command": name, "description": plain(language, f"command.{name}")} for name in COMMANDS]
        for code in ([""] if language == DEFAULT else []) + [language]:
            await call(application.bot, "setMyCommands", {"commands": commands, "language_code": code})
