"""Every message and edit waits here for its turn. Taps are answered at once: that is not counted by Telegram."""

from __future__ import annotations

import math
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from handlers.chat.intake import seconds_of
from services.jobs import Handler, WorkItem
from services.pacing import Pacer, TooSoon, Urgency

_PACED = ("send", "edit", "copy", "forward", "stop")
_FREE = frozenset({"sendchataction", "sendmessagedraft"})
_URGENCY: ContextVar[Urgency] = ContextVar("urgency", default=Urgency.ANSWER)
_Answer = bool | dict[str, Any] | list[dict[str, Any]]


@contextmanager
def less_urgent(urgency: Urgency) -> Iterator[None]:
    """What is sent inside gives way to what is more urgent. Without it, it is an answer to somebody who waits."""
    before = _URGENCY.set(urgency)
    try:
        yield
    finally:
        _URGENCY.reset(before)


def giving_way(handler: Handler, urgency: Urgency) -> Handler:
    """The same handler of work, of which all that it sends is that urgent."""

    async def handle(item: WorkItem) -> None:
        with less_urgent(urgency):
            await handler(item)

    return handle


class Paced(BaseRateLimiter[Urgency]):
    """python-telegram-bot's rate limiter, on our pacer. A pause that Telegram asks for is kept by all workers, and who
    sends into it is told at once (RetryAfter) if it is long."""

    def __init__(self, pacer: Pacer) -> None:
        self._pacer = pacer

    async def initialize(self) -> None:
        """Nothing to get ready."""

    async def shutdown(self) -> None:
        """Nothing to let go of."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, _Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Urgency | None,
    ) -> _Answer:
        """Wait for the turn, then call. Raises RetryAfter, of Telegram's or instead of a long wait."""
        chat = data.get("chat_id")
        if chat is not None and is_paced(endpoint):
            try:
                await self._pacer.turn(chat, rate_limit_args if rate_limit_args is not None else _URGENCY.get())
            except TooSoon as soon:
                raise RetryAfter(math.ceil(soon.seconds)) from soon
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as pause:
            await self._pacer.pause(chat, seconds_of(pause))
            raise


def is_paced(endpoint: str) -> bool:
    """Whether Telegram counts calls of this method; names of methods are case-insensitive."""
    name = endpoint.lower()
    return name.startswith(_PACED) and name not in _FREE
