"""Asking the author for a proposal: durable work beside the dialogue, whose outcome comes back into it."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from telegram.ext import ExtBot

from handlers.chat import reply
from handlers.chat.context import Desk
from handlers.chat.costing import with_cost
from handlers.chat.errors import author_key, document_key, document_values, operator, sentence, toast
from handlers.chat.request_steps import KIND, settled
from handlers.chat.talk import Talk, delivering, request_under_way, screen_of, typing
from services.authors.model.material import source_characters
from services.authors.protocol import Payer, Wish
from services.errors import AuthorAsks, AuthorError, AuthorRefused, DocumentRefused, Invalid, LecternError, NotFound
from services.jobs import NewWork, WorkItem
from services.views import DialogueView, LearnerView

OFFLINE_MINUTES = 60  # an author who works from a text asks for no time; the text decides
_FINAL = {"cap_course", "price_unknown", "spent", "key_refused", "model_unknown", "no_author", "needs_source"}


class Proposing:
    """Work of kind ``proposal`` (the author's call) and ``proposed`` (showing what came of it)."""

    def __init__(self, desk: Desk, bot: ExtBot[None]) -> None:
        self._desk = desk
        self._bot = bot

    async def propose(self, item: WorkItem) -> None:
        """Ask the author, and put the outcome into the learner's own lane, so that it never meets a tap half-way.
        Nothing is asked for a request that has moved on."""
        learner = await self._desk.learners.get(int(item.payload["learner_id"]))
        dialogue = await self._waiting(learner, item.key)
        if dialogue is None:
            return
        chat_id = int(item.payload["chat_id"])
        try:
            async with typing(self._bot, chat_id):
                outcome = await self._outcome(learner, dialogue.data)
        except LecternError as error:
            outcome = self._failure(error, learner.language)
        payload = {"learner_id": learner.id, "chat_id": chat_id, "proposal": item.key, "outcome": outcome}
        await self._desk.jobs.put(NewWork("proposed", f"u:{learner.telegram_id}", f"{item.key}:done", payload))

    async def show(self, item: WorkItem) -> None:
        """Show the card, or why there is none, if the request still waits for it."""
        learner = await self._desk.learners.get(int(item.payload["learner_id"]))
        dialogue = await self._waiting(learner, str(item.payload["proposal"]), shown=item.tries > 0)
        if dialogue is None or not learner.reachable:
            return
        chat_id, outcome = int(item.payload["chat_id"]), item.payload["outcome"]
        step, data = _step_of(outcome), {**settled(dialogue.data), **outcome}
        whole = await self._desk.dialogues.load(learner.id)
        async with delivering(self._desk, learner):
            if whole is not None and whole.kind != KIND:
                data = await with_cost(self._desk, learner, step, data)
                await self._put_aside(whole, replace(dialogue, step=step, data=data), learner, chat_id)
                return
            talk = Talk(self._desk, self._bot, learner, chat_id, dialogue, dialogue.update_id, dialogue.message_id)
            await talk.go(step, data)

    async def _put_aside(self, whole: DialogueView, request: DialogueView, learner: LearnerView, chat_id: int) -> None:
        """The learner is writing a note or the like: the request stays put aside, with its card in its message."""
        before = {**whole.data["before"], "step": request.step, "data": request.data}
        await self._desk.dialogues.save(replace(whole, data={**whole.data, "before": before}))
        await reply.show(self._bot, chat_id, request.message_id, screen_of(request, learner, self._desk))

    async def _waiting(self, learner: LearnerView, proposal: str, *, shown: bool = False) -> DialogueView | None:
        """The dialogue, if it waits for this proposal (or, where it may have been shown, is still at it)."""
        dialogue = request_under_way(await self._desk.dialogues.load(learner.id))
        if dialogue is None or dialogue.data.get("proposal") != proposal:
            return None
        steps = ("proposing", "card", "clarify", "failed") if shown else ("proposing",)
        return dialogue if dialogue.step in steps else None

    async def _outcome(self, learner: LearnerView, data: dict[str, Any]) -> dict[str, Any]:
        source = None
        if data.get("document_id") is not None:
            source = await self._desk.documents.source(learner.id, int(data["document_id"]))
        wish = Wish(
            topic=data["topic"],
            level=data.get("level") or "beginner",
            minutes=data.get("minutes") or OFFLINE_MINUTES,
            language=data.get("language") or learner.language,
            source=source,
            interests=learner.interests,
            payer=Payer(learner.id),
            detail=data.get("detail") or "",
            may_ask=not data.get("asked"),
        )
        try:
            proposal = await self._desk.courses.propose(wish)
        except AuthorAsks as asks:
            return {"question": asks.question, "asked": True}
        card = {**asdict(proposal), "objectives": list(proposal.objectives)}
        return {"card": {**card, "source_characters": source_characters(source) if source else 0}}

    def _failure(self, error: LecternError, language: str) -> dict[str, Any]:
        """The key of the sentence, what it says besides, and whether asking again can help."""
        match error:
            case AuthorError():
                again = not isinstance(error, AuthorRefused) and error.why not in _FINAL
                values = {"operator": operator(language, self._desk)}
                return {"failure": author_key(error), "failure_values": values, "again": again}
            case DocumentRefused():
                return {"failure": document_key(error), "failure_values": document_values(error), "again": False}
            case NotFound():
                return {"failure": "error.not_found.document", "failure_values": {}, "again": False}
            case Invalid():
                said = toast(sentence(error, language, self._desk))
                return {"failure": "request.faults", "failure_values": {"faults": said}, "again": False}
        return {"failure": "error", "failure_values": {}, "again": True}


def _step_of(outcome: dict[str, Any]) -> str:
    """Where what came of asking leads."""
    if "question" in outcome:
        return "clarify"
    return "card" if "card" in outcome else "failed"
