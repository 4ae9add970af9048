"""What several processes share over Redis, where there is one: the line to it, and what is kept ready for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.settings import Settings
from services.clock import Clock
from storage.cache import Cache, MemoryCache

if TYPE_CHECKING:
    from storage.redis_link import RedisLink


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
