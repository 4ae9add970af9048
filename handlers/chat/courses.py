"""One's courses: the list, one of them, renaming, putting away, deleting, and what comes next."""

from __future__ import annotations

from telegram import Update

from handlers.chat import aside, present
from handlers.chat.buttons import OpenCourse
from handlers.chat.buttons_reading import ArchiveCourse, AskDelete, DeleteCourse, ListCourses, RenameCourse, WhatNext
from handlers.chat.context import LecternContext
from handlers.chat.screen import Screen
from handlers.chat.screens import courses as screens
from handlers.chat.sections import page_screen
from handlers.texts import plain
from services.errors import Forbidden, Invalid, LecternError
from services.views import CourseCard

RENAME = "rename"


async def courses(update: Update, context: LecternContext) -> None:
    """/courses: the list."""
    await aside.leave(context)
    await present.show(update, context, await _list(context, 0, archived=False))


async def list_courses(update: Update, context: LecternContext, button: ListCourses) -> None:
    """A page of the list, or of the archived ones."""
    await aside.leave(context)
    await present.show(update, context, await _list(context, button.page, archived=bool(button.archived)))


async def _list(context: LecternContext, page: int, *, archived: bool) -> Screen:
    cards = await context.desk.courses.list_for(context.learner.id, archived=archived)
    return screens.course_list(context.learner.language, cards, page, archived=archived)


async def go_on(update: Update, context: LecternContext) -> None:
    """/continue, or "next" typed: the next section of the course that was read last."""
    await aside.leave(context)
    cards = await context.desk.courses.list_for(context.learner.id)
    for card in sorted(cards, key=lambda one: one.last_accessed_at, reverse=True):
        if card.percent == 100 or not card.sections_total:
            continue
        progress = await context.desk.progress.progress(context.learner.id, card.id)
        if progress.upcoming is not None:
            await present.show(update, context, await page_screen(context, progress.upcoming.id, 0))
            return
    await present.show(update, context, screens.what_next(context.learner.language, cards))


async def what_next(update: Update, context: LecternContext, _: WhatNext) -> None:
    """After a course: ask for another, or go on with one."""
    await present.show(update, context, await here(context))


async def here(context: LecternContext) -> Screen:
    """Where a learner is who has lost the way: their begun courses, each with a Continue."""
    cards = await context.desk.courses.list_for(context.learner.id)
    return screens.what_next(context.learner.language, cards)


async def open_course(update: Update, context: LecternContext, button: OpenCourse) -> None:
    """One course."""
    await aside.leave(context)
    await present.show(update, context, await course_screen(context, button.course_id))


async def course_screen(context: LecternContext, course_id: int) -> Screen:
    """One course as this learner sees it. Raises NotFound if it is not among theirs."""
    learner = context.learner
    progress = await context.desk.progress.progress(learner.id, course_id)
    return screens.course(learner.language, progress, learner.id, await card_of(context, course_id))


async def card_of(context: LecternContext, course_id: int) -> CourseCard | None:
    """A course's entry in the learner's list, archived or not."""
    for archived in (False, True):
        cards = await context.desk.courses.list_for(context.learner.id, archived=archived)
        found = next((card for card in cards if card.id == course_id), None)
        if found is not None:
            return found
    return None


async def archive(update: Update, context: LecternContext, button: ArchiveCourse) -> None:
    """Put a course away, or bring it back."""
    learner, archived = context.learner, bool(button.archived)
    await context.desk.courses.archive(learner.id, button.course_id, archived)
    toast = plain(learner.language, "course.archived" if archived else "course.restored")
    await present.show(update, context, await course_screen(context, button.course_id), toast)


async def ask_delete(update: Update, context: LecternContext, button: AskDelete) -> None:
    """Ask before deleting (or leaving) a course."""
    learner = context.learner
    course = (await context.desk.progress.progress(learner.id, button.course_id)).course
    screen = screens.ask_delete(learner.language, course, owned=course.owner_id == learner.id)
    await present.show(update, context, screen)


async def delete(update: Update, context: LecternContext, button: DeleteCourse) -> None:
    """Delete a course, or leave somebody else's; then the list."""
    learner = context.learner
    course = (await context.desk.progress.progress(learner.id, button.course_id)).course
    await context.desk.courses.delete(learner.id, button.course_id)
    toast = plain(learner.language, "course.deleted" if course.owner_id == learner.id else "course.left")
    await present.show(update, context, await _list(context, 0, archived=False), toast)


async def ask_title(update: Update, context: LecternContext, button: RenameCourse) -> None:
    """Ask for a new title, in place. Raises Forbidden("not_owner") for somebody else's course."""
    learner = context.learner
    course = (await context.desk.progress.progress(learner.id, button.course_id)).course
    if course.owner_id != learner.id:
        raise Forbidden("not_owner")
    shown = await present.show(update, context, screens.rename_ask(learner.language, course.id, course.title))
    data = {"course_id": course.id, "title": course.title, "asked": shown}
    await aside.ask(context, RENAME, "title", data, shown)


async def take_title(update: Update, context: LecternContext) -> None:
    """The typed title: rename, or say what would make it one."""
    title, dialogue = aside.typed(update, context), context.visit.dialogue
    if title is None or dialogue is None:
        return
    course_id = int(dialogue.data["course_id"])
    try:
        await context.desk.courses.rename(context.learner.id, course_id, title)
    except Invalid as invalid:
        fault = screens.rename_fault(context.learner.language, title, invalid.faults[0])
        await _ask_title_again(update, context, fault)
        return
    except LecternError:
        await aside.end(context)
        raise
    await present.below(update, context, await course_screen(context, course_id))
    await aside.end(context)


async def title_missing(update: Update, context: LecternContext) -> None:
    """A picture or the like where a title is expected: the question again."""
    await _ask_title_again(update, context, "")


async def _ask_title_again(update: Update, context: LecternContext, fault: str) -> None:
    dialogue = context.visit.dialogue
    if dialogue is None:
        return
    course_id, title = int(dialogue.data["course_id"]), str(dialogue.data["title"])
    screen = screens.rename_ask(context.learner.language, course_id, title, fault)
    await aside.again(context, await present.below(update, context, screen))
