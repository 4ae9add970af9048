"""What several processes share: the table of work, and over Redis, where there is one, what is kept ready for all, who
wakes whom, and how fast they talk to Telegram."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.settings import Settings
from handlers.chat.pacing import Paced
from services.clock import Clock
from services.feed import Feed
from services.jobs import Jobs
from services.pacing import make_pacer
from storage.cache import Cache, MemoryCache
from storage.database import Database

if TYPE_CHECKING:
    from storage.redis_link import RedisLink
    from storage.redis_waker import RedisWaker


@dataclass(slots=True)
class Company:
    """This worker among the others: its `jobs`, the `feed` that others' news come into, the `link` to Redis and who
    wakes the others over it (None without one), and the task that `listens` for being woken while it works."""

    jobs: Jobs
    feed: Feed
    link: RedisLink | None = None
    waker: RedisWaker | None = None
    listening: asyncio.Task[None] | None = None

    def listen(self) -> None:
        """Begin to hear when others wake us."""
        if self.waker is not None:
            self.listening = asyncio.create_task(self.waker.listen(self.jobs.look, self.feed.heard), name="waker")

    async def close_ears(self) -> None:
        """Hear nothing any more, and have told what there was to tell."""
        if self.waker is not None:
            await self.waker.said()
        if self.listening is not None:
            self.listening.cancel()
            await asyncio.wait([self.listening])


def make_company(settings: Settings, database: Database, clock: Clock) -> Company:
    """This worker under a name that nobody had before."""
    me = secrets.token_hex(8)
    link = make_link(settings, clock)
    waker = make_waker(link, me)
    jobs = Jobs(database, clock, worker=me, waker=waker)
    return Company(jobs, Feed(waker.news if waker else None), link, waker)


def make_link(settings: Settings, clock: Clock) -> RedisLink | None:
    """The line to Redis; None without `REDIS_URL`."""
    if settings.redis_url is None:
        return None
    from storage.redis_link import RedisLink  # a second and 20 MB, so only where there is a Redis

    return RedisLink(settings.redis_url.get_secret_value(), monotonic=clock.monotonic)


def make_cache(link: RedisLink | None, clock: Clock, version: str) -> Cache | None:
    """What is kept for all processes of this `version` of the program; None where each keeps its own."""
    if link is None:
        return None
    from storage.redis_cache import RedisCache

    return RedisCache(link, version, alone=MemoryCache(clock.monotonic))


def make_waker(link: RedisLink | None, me: str) -> RedisWaker | None:
    """Who wakes the other workers, `me` being this one's name; None without Redis, where they look by themselves."""
    if link is None:
        return None
    from storage.redis_waker import RedisWaker

    return RedisWaker(link, me)


def paced(settings: Settings, clock: Clock, company: Company) -> Paced | None:
    """How fast we talk to Telegram, together with all workers; None for the local chat, which is in no hurry."""
    if settings.local_chat or settings.telegram_messages_per_second == 0:
        return None
    heart = company.jobs.heart
    pacer = make_pacer(clock, settings.telegram_messages_per_second, link=company.link, workers=lambda: heart.living)
    return Paced(pacer)
