"""Work that is not left half-way when whoever waits for it is cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def uninterrupted(method: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Make a short coroutine function run to its end even if its caller is cancelled; the caller is cancelled then.

    For transactions: what an author delivered is stored even if we stop just then, and no connection is left with
    a transaction open."""

    @wraps(method)
    async def call(*args: P.args, **kwargs: P.kwargs) -> T:
        return await to_its_end(asyncio.ensure_future(method(*args, **kwargs)))

    return call


async def to_its_end(task: asyncio.Future[T]) -> T:
    """What `task` comes to. Who is cancelled while waiting for it is so only after its end."""
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # the caller is gone; nobody else will ask
        raise
