"""Wake-ups for whoever follows a generation's feed, here and in other processes. The events themselves are in the
database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

MOST_FOLLOWERS = 2_000


class Follower:
    """One who waits for news."""

    def __init__(self) -> None:
        self._news = asyncio.Event()

    def wake(self) -> None:
        """There is something new."""
        self._news.set()

    async def wait(self, seconds: float) -> None:
        """Until there is something new, or that long: another process may have written it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()
        self._news.clear()


class Feed:
    """Who follows which generation. Whoever leaves `following` is forgotten. `tell` passes news on to other processes,
    where there are some; it returns at once and never fails."""

    def __init__(self, tell: Callable[[int], None] | None = None) -> None:
        self._tell = tell
        self._followers: dict[int, set[Follower]] = {}
        self._count = 0

    @property
    def followers(self) -> int:
        """How many follow anything at all."""
        return self._count

    @contextmanager
    def following(self, generation_id: int) -> Iterator[Follower]:
        """A follower that is woken whenever that generation has news. Beyond 2 000 followers the new ones are not
        woken and live by polling."""
        follower = Follower()
        if self._count >= MOST_FOLLOWERS:
            yield follower
            return
        group = self._followers.setdefault(generation_id, set())
        group.add(follower)
        self._count += 1
        try:
            yield follower
        finally:
            group.discard(follower)
            self._count -= 1
            if not group and self._followers.get(generation_id) is group:
                del self._followers[generation_id]

    def wake(self, generation_id: int) -> None:
        """Wake all that follow this generation, wherever; call it after the commit."""
        self.heard(generation_id)
        if self._tell is not None:
            self._tell(generation_id)

    def heard(self, generation_id: int) -> None:
        """Wake those here: another process has written the news."""
        for follower in self._followers.get(generation_id, ()):
            follower.wake()
