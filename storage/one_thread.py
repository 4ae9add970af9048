"""A thread that does one call after the other for an event loop, with half of what a thread pool costs a call."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_Call = tuple[asyncio.Future[Any], Callable[[], Any]]


class OneThread:
    """Starts with the first call. Calls of several loops may take turns; each is answered in its own."""

    def __init__(self, name: str) -> None:
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)

    async def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do `call` in the thread; returns or raises what it does. It is done even if its caller is cancelled."""
        if not self._thread.is_alive():
            self._thread.start()
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._calls.put((future, partial(call, *args, **kwargs)))
        return await future

    def end(self) -> None:
        """Let the thread end once it has done what it was given."""
        self._calls.put(None)

    def _work(self) -> None:
        while (given := self._calls.get()) is not None:
            future, call = given
            try:
                tell = partial(_answer, future, call())
            except BaseException as error:  # noqa: BLE001 - raised again where the call was made
                tell = partial(_fail, future, error)
            with suppress(RuntimeError):  # the loop was closed meanwhile: nobody waits any more
                future.get_loop().call_soon_threadsafe(tell)


def _answer(future: asyncio.Future[Any], answer: object) -> None:
    if not future.done():
        future.set_result(answer)


def _fail(future: asyncio.Future[Any], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
