"""How a route is written down: which update, in which state of the conversation, goes to which function."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from telegram import Update
from telegram.ext import BaseHandler
from telegram.ext.filters import BaseFilter, UpdateFilter

from handlers.chat.buttons import Button, StaleButton, decode
from handlers.chat.context import VISIT, LecternContext
from handlers.chat.understanding import goes_on

B = TypeVar("B", bound=Button)
OnButton = Callable[[Update, LecternContext, B], Coroutine[Any, Any, None]]
OnUpdate = Callable[[Update, LecternContext], Coroutine[Any, Any, None]]


class Press(BaseHandler[Update, LecternContext, None], Generic[B]):
    """Routes a press of one kind of button to a function that is given the button."""

    def __init__(self, kind: type[B], callback: OnButton[B]) -> None:
        super().__init__(callback)  # type: ignore[arg-type]  # the button is handed over in handle_update
        self._kind = kind
        self._on_button = callback

    def check_update(self, update: object) -> B | None:
        """The button, if this is a press of the kind."""
        pressed = pressed_button(update)
        return pressed if isinstance(pressed, self._kind) else None

    async def handle_update(self, update: Update, application: Any, check_result: object, context: Any) -> None:
        """Call the function with the button."""
        await self._on_button(update, context, check_result)  # type: ignore[arg-type]  # what check_update gave


class Step(BaseHandler[Update, LecternContext, None]):
    """Routes a message to a function while the person's dialogue is at one of `steps` of `kind` (all, if none given).

    An edited message counts like a new one: the function decides whether its question is still open."""

    def __init__(self, kind: str, callback: OnUpdate, filters: BaseFilter, *steps: str) -> None:
        super().__init__(callback)
        self._place = (kind, frozenset(steps))
        self._filters = filters

    def check_update(self, update: object) -> bool:
        """Whether the update is such a message, from a person who is at such a step."""
        if not isinstance(update, Update) or update.callback_query is not None or update.effective_message is None:
            return False
        visit = VISIT.get()
        dialogue = visit.dialogue if visit is not None else None
        kind, steps = self._place
        if dialogue is None or dialogue.kind != kind or (steps and dialogue.step not in steps):
            return False
        return bool(self._filters.check_update(update))

    async def handle_update(self, update: Update, application: Any, check_result: object, context: Any) -> None:
        """Call the function."""
        await self.callback(update, context)


class Onward(UpdateFilter):
    """Passes a message that says no more than that the person would like to read on, in their language."""

    def filter(self, update: Update) -> bool:
        """Whether the update is such a message."""
        message, visit = update.effective_message, VISIT.get()
        if message is None or not message.text or visit is None:
            return False
        return goes_on(message.text, visit.learner.language)


def pressed_button(update: object) -> Button | None:
    """The button that was pressed, or None if the update is no press or its data is not one of today's buttons."""
    if not isinstance(update, Update) or update.callback_query is None or update.callback_query.data is None:
        return None
    try:
        return decode(update.callback_query.data)
    except StaleButton:
        return None
