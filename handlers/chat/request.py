"""Asking for a course, as far as it goes by taps: product.md §2. What is typed is in `request_answers`."""

from __future__ import annotations

from telegram import Update

from handlers.chat import buttons_asking as press
from handlers.chat import reply
from handlers.chat.buttons_asking import RequestButton
from handlers.chat.context import LecternContext
from handlers.chat.present import message_of
from handlers.chat.request_answers import answer_time, choose_level, go_back, take_topic
from handlers.chat.request_approval import make, remind
from handlers.chat.request_steps import FIELDS, KIND, OFFLINE_FIELDS, next_step, settled
from handlers.chat.screens import welcome
from handlers.chat.talk import Talk, new_talk, request_under_way, talk_of
from handlers.texts import plain
from services.validation import LEVELS
from services.views import DocumentView


async def learn(update: Update, context: LecternContext) -> None:
    """/learn and /learn <topic>."""
    message = update.effective_message
    _, _, topic = ((message.text or "") if message is not None else "").partition(" ")
    await begin(update, context, topic)


async def begin(update: Update, context: LecternContext, topic: str) -> None:
    """A new request; without a topic it asks for one."""
    if await _seen(update, context):
        return
    talk = new_talk(update, context)
    if topic.strip():
        message = update.effective_message
        await take_topic(talk, topic, message.message_id if message is not None else None)
    else:
        await talk.go("topic", talk.data)


async def new_request(update: Update, context: LecternContext, button: press.NewRequest) -> None:
    """*Ask for a course*."""
    await begin(update, context, "")


async def use_sample(update: Update, context: LecternContext, button: press.UseSample) -> None:
    """A bundled text becomes the source: of the request in the tapped message, else of a new one."""
    if await _seen(update, context):
        return
    document = await context.desk.documents.add_sample(context.learner.id, button.key)
    dialogue, tapped = request_under_way(context.visit.dialogue), message_of(update)
    if dialogue is not None and dialogue.message_id == tapped:
        await take_source(talk_of(update, context, dialogue), document)
    else:
        await take_source(new_talk(update, context), document)


async def take_source(talk: Talk, document: DocumentView, note: str = "") -> None:
    """A document is what the course rests on; level and time stay as they were said."""
    data = {name: value for name, value in settled(talk.data).items() if name not in ("card", "topic_message")}
    data = {**data, "document_id": document.id, "topic": document.title, "language": document.language}
    await talk.go(next_step(data, talk.offline), data, note)


async def pick_level(update: Update, context: LecternContext, button: press.PickLevel) -> None:
    """A level was chosen, while asked for or while changing it."""
    talk = await open_talk(update, context, button, "level", "edit_level")
    if talk is not None and button.level in LEVELS:
        await choose_level(talk, button.level)
    elif talk is not None:
        await talk.again()


async def pick_time(update: Update, context: LecternContext, button: press.PickTime) -> None:
    """A time was chosen, while asked for or while changing it."""
    talk = await open_talk(update, context, button, "card", "time", "time_other", "edit_time")
    if talk is not None:
        await answer_time(talk, button.minutes)


async def other_time(update: Update, context: LecternContext, button: press.OtherTime) -> None:
    """*Other*: the time is typed."""
    talk = await open_talk(update, context, button, "time", "edit_time")
    if talk is not None:
        await talk.go("time_other", settled(talk.data))


async def back(update: Update, context: LecternContext, button: press.Back) -> None:
    """⬅: the step before, its answer forgotten."""
    talk = await open_talk(update, context, button)
    if talk is not None:
        await go_back(talk)


async def cancel_request(update: Update, context: LecternContext, button: press.CancelRequest) -> None:
    """✖: nothing is made."""
    talk = await open_talk(update, context, button)
    if talk is not None:
        await talk.end(welcome.cancelled(talk.learner.language))


async def ask_again(update: Update, context: LecternContext, button: press.AskAgain) -> None:
    """↻: ask the author once more; or, where the author had asked back: let the author choose."""
    talk = await open_talk(update, context, button, "failed", "clarify")
    if talk is not None:
        await talk.go("proposing", settled(talk.data))


async def change_card(update: Update, context: LecternContext, button: press.ChangeCard) -> None:
    """✏️: what shall be changed?"""
    talk = await open_talk(update, context, button, "card")
    if talk is not None:
        await talk.go("edit", settled(talk.data))


async def change_field(update: Update, context: LecternContext, button: press.ChangeField) -> None:
    """One thing of the proposal is changed."""
    talk = await open_talk(update, context, button, "card", "edit")
    if talk is not None and button.field in (OFFLINE_FIELDS if talk.offline else FIELDS):
        await talk.go(f"edit_{button.field}", settled(talk.data))
    elif talk is not None:
        await talk.again()


async def use_suggestion(update: Update, context: LecternContext, button: press.UseSuggestion) -> None:
    """*Use this*: the suggestion takes the place of what was proposed."""
    talk = await open_talk(update, context, button, "edit_title", "edit_description", "edit_objectives")
    if talk is None:
        return
    suggestion = talk.data.get("suggestion")
    card = talk.data["card"]
    if suggestion:
        card = {**card, talk.dialogue.step.removeprefix("edit_"): suggestion}
    await talk.go("card", {**settled(talk.data), "card": card})


async def write_another(update: Update, context: LecternContext, button: press.WriteAnother) -> None:
    """*I'll write another*: ask again."""
    talk = await open_talk(update, context, button, "edit_title", "edit_description", "edit_objectives")
    if talk is not None:
        await talk.go(talk.dialogue.step, settled(talk.data))


async def approve(update: Update, context: LecternContext, button: press.Approve) -> None:
    """✅: make this course."""
    talk = await open_talk(update, context, button, "card", "limited")
    if talk is not None:
        await make(talk)


async def remind_me(update: Update, context: LecternContext, button: press.RemindMe) -> None:
    """*Remind me then*."""
    talk = await open_talk(update, context, button, "card", "limited")
    if talk is not None:
        await remind(talk)


async def open_talk(update: Update, context: LecternContext, button: RequestButton, *steps: str) -> Talk | None:
    """The request that the button belongs to, if it is at one of `steps` (any, if none given). Else the learner is
    shown where they are, in the message that was tapped, and None is given back."""
    query, language = update.callback_query, context.learner.language
    dialogue = request_under_way(context.visit.dialogue)
    if dialogue is None:
        if query is not None:
            await reply.answer(context.bot, query.id, plain(language, "stale.request"))
        return None
    talk = talk_of(update, context, dialogue)
    here = dialogue.data.get("draft") == button.draft and talk.place == dialogue.message_id
    if here and not context.visit.repeated and (not steps or dialogue.step in steps):
        return talk
    # Delivered twice or tapped twice, it stands where it stands; from an earlier screen, it comes to where they look.
    await talk.again(toast="" if here else plain(language, "stale"))
    return None


async def cancel(update: Update, context: LecternContext) -> None:
    """/cancel: drops whatever is under way, a request or another dialogue."""
    dialogue, chat, visit = context.visit.dialogue, update.effective_chat, context.visit
    if chat is None:
        return
    if dialogue is not None:
        await talk_of(update, context, dialogue).end(welcome.cancelled(visit.learner.language))
        return
    applied = await context.desk.dialogues.applied(visit.learner.id, visit.update_id)
    said = welcome.cancelled if applied else welcome.nothing_to_cancel
    await reply.send(context.bot, chat.id, said(visit.learner.language))


async def _seen(update: Update, context: LecternContext) -> bool:
    """Whether this update has begun or moved a request already; then that is shown again."""
    dialogue = context.visit.dialogue
    if dialogue is None or dialogue.kind != KIND or not context.visit.repeated:
        return False
    await talk_of(update, context, dialogue).again()
    return True
