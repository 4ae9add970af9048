"""Asking for a course, as far as it is typed: each step's answer understood, or helped to be one (product.md §2)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from telegram import Update

from handlers.chat import suggestions, understanding
from handlers.chat.context import LecternContext
from handlers.chat.errors import fault_sentence
from handlers.chat.request_approval import make
from handlers.chat.request_steps import Data, forget_answers, next_step, previous_step, settled
from handlers.chat.screens import welcome
from handlers.chat.screens.words import duration
from handlers.chat.talk import Talk, talk_of
from handlers.texts import say
from services.authors.protocol import Level
from services.documents.asked_in import asked_in
from services.errors import Fault, Invalid
from services.validation import (
    MINUTES,
    check_order,
    clean_text,
    description_faults,
    minutes_faults,
    title_faults,
    topic_faults,
)

_LENGTHS = {"too_short", "too_long"}
_SHOWN = 60
_LONGEST_DETAIL = 300
_STANDING = {"failed", "limited", "clarify"}  # steps whose screens say what their data holds


async def take_text(update: Update, context: LecternContext) -> None:
    """A message while a request is open: the answer to its present question."""
    message, dialogue = update.effective_message, context.visit.dialogue
    if message is None or dialogue is None:
        return
    talk = talk_of(update, context, dialogue)
    if context.visit.repeated:
        await talk.again()
    else:
        await _ANSWERS[dialogue.step](talk, message.text or "", message.message_id)


async def take_edited(update: Update, context: LecternContext) -> None:
    """A corrected message: counts as the answer while its question is still open, and for the topic until there is a
    proposal; what it was before is forgotten. Otherwise it is let be."""
    message, dialogue = update.edited_message, context.visit.dialogue
    if message is None or dialogue is None or message.text is None:
        return
    data = dialogue.data
    if message.message_id in data.get("tried", ()):
        await take_text(update, context)
    elif message.message_id == data.get("topic_message") and "card" not in data:
        talk = talk_of(update, context, dialogue)
        if context.visit.repeated:
            await talk.again()
        else:
            await take_topic(talk, message.text, message.message_id)


async def take_unreadable(update: Update, context: LecternContext) -> None:
    """A photo, sticker, voice, location…: say what can be read, and ask again."""
    if context.visit.dialogue is not None:
        talk = talk_of(update, context, context.visit.dialogue)
        await talk.again(note=say(talk.learner.language, "unreadable.dialogue"))


async def take_topic(talk: Talk, text: str, message_id: int | None) -> None:
    """What the learner wants to learn, in their words."""
    language = talk.learner.language
    line = clean_text(text)
    faults = topic_faults(line)
    topic = understanding.topic_of(text, language)
    forgotten = {name: value for name, value in settled(talk.data).items() if name not in {"asked", "detail"}}
    if faults:
        data = {name: value for name, value in forgotten.items() if name != "topic"}
        await talk.go("topic", {**data, "topic_message": message_id}, _sentences(faults, language))
        return
    written_in = await asyncio.to_thread(asked_in, topic, language)  # and so will the course be
    data = {**forgotten, "topic": topic, "topic_message": message_id, "language": written_in}
    await talk.go(next_step(data, talk.offline), data)


async def _topic_text(talk: Talk, text: str, message_id: int) -> None:
    if understanding.is_small_talk(text, talk.learner.language):
        await talk.go("topic", settled(talk.data))
    else:
        await take_topic(talk, text, message_id)


async def choose_level(talk: Talk, level: str) -> None:
    """A level, asked for or changed."""
    data = settled(talk.data)
    if "card" in data:
        await talk.go("card", {**data, "card": {**data["card"], "level": level}})
    else:
        data = {**data, "level": level}
        await talk.go(next_step(data, talk.offline), data)


async def answer_time(talk: Talk, minutes: int, message_id: int | None = None) -> None:
    """A time, asked for or changed; outside of what a course can take, the nearest is offered."""
    language, data = talk.learner.language, settled(talk.data)
    if minutes_faults(minutes):
        low, high = (duration(language, limit) for limit in MINUTES)
        found = duration(language, min(minutes, 60_000))
        note = say(language, "request.time.range", low=low, high=high, found=found)
        data = {**_tried(talk, message_id), "suggestion": suggestions.nearest_minutes(minutes)}
        await talk.go("time_other", data, note)
    elif "card" in data:
        card = data["card"]
        minutes = min(minutes, card.get("enough_for") or minutes)
        making = round(card["making_seconds"] * minutes / max(1, card["minutes"]))
        await talk.go("card", {**data, "card": {**card, "minutes": minutes, "making_seconds": making}})
    else:
        data = {**data, "minutes": minutes}
        await talk.go(next_step(data, talk.offline), data)


async def _level_text(talk: Talk, text: str, message_id: int) -> None:
    level: Level | None = understanding.level_of(text, talk.learner.language)
    if level is not None:
        await choose_level(talk, level)
    else:
        await _not_understood(talk, text, message_id, "request.level.again")


async def _time_text(talk: Talk, text: str, message_id: int) -> None:
    minutes = understanding.minutes_of(text, talk.learner.language)
    if minutes is not None:
        await answer_time(talk, minutes, message_id)
    else:
        await _not_understood(talk, text, message_id, "request.time.again")


async def _not_understood(talk: Talk, text: str, message_id: int, key: str) -> None:
    """Back and cancel are understood everywhere; anything else gets the question again."""
    language = talk.learner.language
    intent = understanding.intent_of(text, language)
    step, note = talk.dialogue.step, say(language, key)
    if intent == "back":
        await go_back(talk)
    elif intent == "no":
        await talk.end(welcome.cancelled(language))
    elif step == "proposing":
        await talk.again(note)  # the author has been asked, and is paid once
    else:
        stands = talk.data if step in _STANDING else {}
        await talk.go(step, {**stands, **_tried(talk, message_id)}, note)


async def go_back(talk: Talk) -> None:
    """⬅: the step before, its answer forgotten."""
    step = previous_step(talk.dialogue.step, talk.offline)
    if talk.dialogue.step == "time_other" and talk.data.get("card"):
        step = "edit"  # the time was being changed in a proposal
    await talk.go(step, forget_answers(talk.data, step))


async def _button_text(talk: Talk, text: str, message_id: int) -> None:
    """Text where only buttons decide: what obviously means one of them is taken for it."""
    step, intent = talk.dialogue.step, understanding.intent_of(text, talk.learner.language)
    if step == "card" and intent == "yes":
        await make(talk)
    elif step == "card" and intent == "change":
        await talk.go("edit_title" if talk.offline else "edit", settled(talk.data))
    elif step == "failed" and intent == "yes" and talk.data.get("again"):
        await talk.go("proposing", settled(talk.data))
    else:
        key = "request.proposing.wait" if step == "proposing" else "request.tap"
        await _not_understood(talk, text, message_id, key)


async def _detail_text(talk: Talk, text: str, message_id: int) -> None:
    """The answer to what the author asked back; "you choose" is an answer as well."""
    if understanding.intent_of(text, talk.learner.language) in {"back", "no"} or not clean_text(text):
        await _not_understood(talk, text, message_id, "request.tap")
    else:
        await talk.go("proposing", {**settled(talk.data), "detail": clean_text(text)[:_LONGEST_DETAIL]})


async def _title_text(talk: Talk, text: str, message_id: int) -> None:
    card, language, typed = talk.data["card"], talk.learner.language, clean_text(text)
    faults = title_faults(typed)
    fitting = suggestions.fitting_title(typed, card["title"], card["level"], language) if typed else None
    await _take_field(talk, message_id, typed, faults, fitting)


async def _description_text(talk: Talk, text: str, message_id: int) -> None:
    card, language, typed = talk.data["card"], talk.learner.language, clean_text(text)
    faults = description_faults(typed)
    fitting = suggestions.fitting_description(typed, card["description"], card["objectives"], language)
    await _take_field(talk, message_id, typed, faults, fitting)


async def _objectives_text(talk: Talk, text: str, message_id: int) -> None:
    card, goals = talk.data["card"], understanding.objectives_of(text)
    try:
        check_order(card["title"], card["description"], goals, card["level"], card["minutes"])
        faults: list[Fault] = []
    except Invalid as invalid:
        faults = [fault for fault in invalid.faults if fault.field.startswith("objectives")]
    fitting = suggestions.fitting_objectives(goals, card["objectives"])
    await _take_field(talk, message_id, list(goals), faults, list(fitting) if fitting else None)


async def _take_field(
    talk: Talk, message_id: int, typed: str | list[str], faults: Sequence[Fault], fitting: str | list[str] | None
) -> None:
    """Take what was typed into the proposal, or offer what would fit, or say what does not."""
    language, field = talk.learner.language, talk.dialogue.step.removeprefix("edit_")
    if not faults:
        await talk.go("card", {**settled(talk.data), "card": {**talk.data["card"], field: typed}})
        return
    rules = {fault.rule for fault in faults}
    if fitting and isinstance(typed, str) and rules <= _LENGTHS:
        note = say(language, f"edit.{field}.{faults[0].rule}", typed=typed[:_SHOWN])
    elif fitting and not isinstance(typed, str):
        note = say(language, "edit.objectives.unfit") + "\n" + _sentences(faults, language)
    else:
        fitting, note = None, _sentences(faults, language)
    data = _tried(talk, message_id)
    await talk.go(talk.dialogue.step, {**data, "suggestion": fitting} if fitting else data, note)


def _tried(talk: Talk, message_id: int | None) -> Data:
    """The data with one more message whose answer would not do, so that correcting it counts."""
    tried = [*talk.data.get("tried", ()), message_id] if message_id is not None else []
    return {**settled(talk.data), "tried": tried[-10:]}


def _sentences(faults: Sequence[Fault], language: str) -> str:
    return "\n".join(fault_sentence(fault, language) for fault in faults[:4])


_Answer = Callable[[Talk, str, int], Awaitable[None]]
_ANSWERS: dict[str, _Answer] = {
    "topic": _topic_text,
    "level": _level_text,
    "edit_level": _level_text,
    "time": _time_text,
    "time_other": _time_text,
    "edit_time": _time_text,
    "proposing": _button_text,
    "clarify": _detail_text,
    "failed": _button_text,
    "card": _button_text,
    "edit": _button_text,
    "limited": _button_text,
    "edit_title": _title_text,
    "edit_description": _description_text,
    "edit_objectives": _objectives_text,
}
