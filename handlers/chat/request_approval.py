"""✅ Make this course: from an approved proposal to a course in the making, or to a reminder when there is a limit."""

from __future__ import annotations

from datetime import datetime

from telegram.ext import ExtBot

from handlers.chat import reply
from handlers.chat.context import Desk
from handlers.chat.errors import fault_sentence, sentence
from handlers.chat.request_steps import KIND, settled
from handlers.chat.talk import Talk, delivering
from handlers.texts import plain, say
from services.authors.protocol import Order
from services.errors import AuthorRefused, Invalid, LimitReached
from services.jobs import NewWork, WorkItem

REMINDER = "request"


async def make(talk: Talk) -> None:
    """Have the proposal made. Its card becomes the status message; nothing else is said."""
    card, data = talk.data["card"], talk.data
    order = Order(
        title=card["title"],
        description=card["description"],
        objectives=tuple(card["objectives"]),
        level=card["level"],
        minutes=card["minutes"],
        language=card["language"],
    )
    try:
        await talk.desk.courses.request(
            talk.learner,
            order,
            key=str(data["draft"]),
            document_id=data.get("document_id"),
            chat_id=talk.chat_id,
            message_id=talk.dialogue.message_id,
            making_seconds=card["making_seconds"],
        )
    except LimitReached as limit:
        await talk.go("limited", _limited(talk, limit))
    except Invalid as invalid:
        language = talk.learner.language
        sentences = "\n".join(fault_sentence(fault, language) for fault in invalid.faults)
        await talk.go("card", settled(data), f"{say(language, 'card.faults')}\n{sentences}")
    except AuthorRefused as refused:  # edited into something that is not taught; a toast would be too short for it
        await talk.go("card", settled(data), sentence(refused, talk.learner.language, talk.desk).text)
    else:
        await talk.desk.dialogues.end(talk.learner.id, talk.update_id)
        if talk.query_id is not None:
            await reply.answer(talk.bot, talk.query_id, plain(talk.learner.language, "approved"))


def _limited(talk: Talk, limit: LimitReached) -> dict[str, object]:
    return {
        **settled(talk.data),
        "limit": limit.limit,
        "retry_at": limit.retry_at.isoformat(),
        "allowed": limit.allowed,
        "window_seconds": limit.window_seconds,
    }


async def remind(talk: Talk) -> None:
    """Bring the request back when the limit allows it."""
    draft, data = talk.data["draft"], talk.data
    if "retry_at" not in data:  # the card had said that it can be made later only
        cost = data.get("cost", {})
        if "until" not in cost:
            await talk.again()
            return
        data = {**settled(data), "limit": cost["over"], "retry_at": cost["until"]}
    await talk.desk.courses.remind(
        talk.learner.id,
        datetime.fromisoformat(data["retry_at"]),
        REMINDER,
        {"draft": draft, "chat_id": talk.chat_id},
        key=f"{draft}:{talk.update_id}",
    )
    await talk.go("limited", {**data, "reminder": True})


class Reminders:
    """Work of kind ``reminder`` and ``reminded``: when its time has come, the request is put into the learner's own
    lane, so that it never meets a tap of theirs half-way."""

    def __init__(self, desk: Desk, bot: ExtBot[None]) -> None:
        self._desk = desk
        self._bot = bot

    async def due(self, item: WorkItem) -> None:
        """The time has come."""
        learner = await self._desk.learners.get(int(item.payload["learner_id"]))
        payload = {"learner_id": learner.id, **item.payload["data"]}
        await self._desk.jobs.put(NewWork("reminded", f"u:{learner.telegram_id}", f"{item.key}:due", payload))

    async def show(self, item: WorkItem) -> None:
        """Send the card anew, which rings, unless the learner has gone on with something else."""
        learner = await self._desk.learners.get(int(item.payload["learner_id"]))
        dialogue = await self._desk.dialogues.load(learner.id)
        if not learner.reachable or dialogue is None or dialogue.kind != KIND:
            return
        waiting = dialogue.step == "limited" or (dialogue.step == "card" and item.tries > 0)
        if dialogue.data.get("draft") != item.payload["draft"] or not waiting:
            return
        talk = Talk(self._desk, self._bot, learner, int(item.payload["chat_id"]), dialogue, dialogue.update_id)
        async with delivering(self._desk, learner):
            await talk.go("card", settled(dialogue.data), say(learner.language, "limit.over"))
