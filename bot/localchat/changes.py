"""What happens in the chats, as a stream that any number of pages can follow and resume."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["message", "edited", "deleted", "toast", "typing", "draft", "person", "commands", "reset"]
_KEPT = 2000


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened. `chat` is where (0: everywhere), `person` whom it concerns alone (0: all), `body` what.

    ``reset`` says that what happened since is not known any more: read everything again.
    """

    id: int
    kind: Kind
    chat: int = 0
    person: int = 0
    body: dict[str, Any] = field(default_factory=dict)


class Changes:
    """The last changes; ids grow, also over a restart if `first` does (milliseconds since 1970 at the start)."""

    def __init__(self, first: int) -> None:
        self._last = first
        self._kept: deque[Change] = deque(maxlen=_KEPT)
        self._bell = asyncio.Event()

    @property
    def last(self) -> int:
        """The id of the latest change."""
        return self._last

    def publish(self, kind: Kind, chat: int = 0, person: int = 0, body: dict[str, Any] | None = None) -> None:
        """Tell whoever follows."""
        self._last += 1
        self._kept.append(Change(self._last, kind, chat, person, body or {}))
        bell, self._bell = self._bell, asyncio.Event()
        bell.set()

    def since(self, after: int) -> list[Change]:
        """What happened after the change with id `after`, or one ``reset`` if that is not known any more."""
        oldest = self._kept[0].id if self._kept else self._last + 1
        if after + 1 < oldest or after > self._last:
            return [Change(self._last, "reset")]
        return [change for change in self._kept if change.id > after]

    async def wait(self, after: int, timeout: float) -> list[Change]:
        """As `since`, but waits up to `timeout` seconds for something to happen."""
        if not (found := self.since(after)):
            try:
                async with asyncio.timeout(timeout):
                    await self._bell.wait()
            except TimeoutError:
                return []
            found = self.since(after)
        return found

    async def follow(self, after: int | None = None) -> AsyncIterator[Change]:
        """All changes after `after` (default: from now on), for ever."""
        at = self._last if after is None else after
        while True:
            for change in await self.wait(at, 3600.0):
                at = change.id
                yield change
