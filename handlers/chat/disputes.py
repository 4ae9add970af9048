"""🚩: a question is disputed, its owner decides, and everybody whom it concerns is told."""

from __future__ import annotations

from telegram import Update
from telegram.error import BadRequest
from telegram.ext import ExtBot

from handlers.chat import present, reply
from handlers.chat.buttons_questions import Decide, Flag
from handlers.chat.context import Desk, LecternContext
from handlers.chat.errors import ALERT_FROM
from handlers.chat.screen import Screen
from handlers.chat.screens import disputes as screens
from handlers.chat.talk import delivering
from handlers.texts import plain
from services.errors import NotFound
from services.jobs import WorkItem
from services.views import LearnerView


async def flag(update: Update, context: LecternContext, button: Flag) -> None:
    """🚩: note it, once, and say what happens now. The question stays as it is."""
    learner, query, desk = context.learner, update.callback_query, context.desk
    raised = await desk.disputes.raise_(learner, button.question_id)
    course, _, _ = await desk.disputes.subject(button.question_id)
    word = "flag.noted" if desk.disputes.solves else "flag.noted.owner"
    if not desk.disputes.solves and course.owner_id == learner.id:
        word = "flag.noted.own"
    if query is not None:
        words = plain(learner.language, word if raised else "flag.before")
        await reply.answer(context.bot, query.id, words, alert=len(words) >= ALERT_FROM)


async def decide(update: Update, context: LecternContext, button: Decide) -> None:
    """The owner of the course has said whether the question is wrong."""
    learner = context.learner
    dispute = await context.desk.disputes.decide(learner.id, button.dispute_id, wrong=bool(button.wrong))
    toast = plain(learner.language, f"dispute.toast.{dispute.state}")
    await present.show(update, context, screens.to_decide(learner.language, dispute), toast)


class DisputeNews:
    """Work of kind ``dispute_owner`` (who has to decide) and ``dispute_told`` (what came of it): a message each."""

    def __init__(self, desk: Desk, bot: ExtBot[None]) -> None:
        self._desk = desk
        self._bot = bot

    async def ask_owner(self, item: WorkItem) -> None:
        """Ask the owner of the course, or tell them what came of it."""
        learner = await self._to_reach(item)
        if learner is None:
            return
        try:
            dispute = await self._desk.disputes.of_owner(learner.id, int(item.payload["dispute_id"]))
        except NotFound:
            return
        await self._send(learner, screens.to_decide(learner.language, dispute))

    async def tell(self, item: WorkItem) -> None:
        """Tell one person what came of a dispute."""
        learner, payload = await self._to_reach(item), item.payload
        if learner is None:
            return
        question_id = int(payload["question_id"])
        try:
            course, _, prompt = await self._desk.disputes.subject(question_id)
        except NotFound:
            return
        screen = screens.outcome(
            learner.language,
            course.title,
            prompt,
            question_id,
            str(payload["outcome"]),
            disputed=bool(payload["disputed"]),
            by_owner=bool(payload["by_owner"]),
        )
        await self._send(learner, screen)

    async def _to_reach(self, item: WorkItem) -> LearnerView | None:
        try:
            learner = await self._desk.learners.get(int(item.payload["learner_id"]))
        except NotFound:
            return None
        return learner if learner.reachable and learner.admitted else None

    async def _send(self, learner: LearnerView, screen: Screen) -> None:
        async with delivering(self._desk, learner):
            try:
                await reply.send(self._bot, learner.telegram_id, screen)
            except BadRequest:  # deleted, or a chat that never was: not to be reached, until they write
                await self._desk.learners.set_reachable(learner.telegram_id, False)
