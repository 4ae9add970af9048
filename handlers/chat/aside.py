"""Questions beside the way (a note, a new title, a city): asked, asked again, ended; a request that was under way when
one was asked is put aside with it and comes back afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from telegram import Update

from handlers.chat.context import LecternContext
from services.views import DialogueView

KEPT = "written"  # a step that only waits for a correction; looking at something else does not end it
_BEFORE = "before"
_KINDS = frozenset({"note", "rename", "settings", "question"})


async def ask(context: LecternContext, kind: str, step: str, data: dict[str, Any], message: int) -> None:
    """Remember which question the message `message` asks; what was under way is kept inside."""
    visit, before = context.visit, _under_way(context)
    whole = {**data, _BEFORE: before} if before is not None else data
    await context.desk.dialogues.save(DialogueView(visit.learner.id, kind, step, whole, message, visit.update_id))


async def again(context: LecternContext, message: int) -> None:
    """The same question as before, now asked by the message `message`."""
    visit = context.visit
    if visit.dialogue is not None:
        moved = replace(visit.dialogue, message_id=message, update_id=visit.update_id)
        await context.desk.dialogues.save(moved)


async def leave(context: LecternContext) -> None:
    """End a question that the person walked away from by looking at something else. A request stays as it is."""
    dialogue = context.visit.dialogue
    if dialogue is not None and dialogue.kind in _KINDS and dialogue.step != KEPT:
        await end(context)


async def end(context: LecternContext) -> None:
    """End the question: it is answered. What was under way before is under way again."""
    visit, before = context.visit, _under_way(context)
    if before is None:
        await context.desk.dialogues.end(visit.learner.id, visit.update_id)
    else:
        await context.desk.dialogues.save(DialogueView(visit.learner.id, **before, update_id=visit.update_id))


def interrupts(context: LecternContext) -> bool:
    """Whether something is under way that the open question interrupts."""
    return _under_way(context) is not None


def _under_way(context: LecternContext) -> dict[str, Any] | None:
    dialogue = context.visit.dialogue
    if dialogue is None:
        return None
    if dialogue.kind in _KINDS:
        before: dict[str, Any] | None = dialogue.data.get(_BEFORE)
        return before
    kept = {"kind": dialogue.kind, "step": dialogue.step, "data": dialogue.data}
    return {**kept, "message_id": dialogue.message_id}


def typed(update: Update, context: LecternContext) -> str | None:
    """What was typed in answer to the open question; None for a correction of a message from before the question, and
    for an answer that was taken already (the update is delivered again)."""
    message, dialogue = update.effective_message, context.visit.dialogue
    if message is None or dialogue is None or context.visit.repeated:
        return None
    if update.edited_message is not None and message.message_id <= int(dialogue.data.get("asked", 0)):
        return None
    return message.text or ""
