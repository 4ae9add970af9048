"""Wakes the other workers over Redis: that there is work, and which feeds have news. Only a help: what is not heard is
found by looking, once a second.

Import this only where there is a Redis: its client takes a second and 20 MB."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable

from redis.asyncio.client import PubSub

from storage.redis_link import GONE, RedisLink

CHANNEL = "lectern:wake"
TOGETHER = 0.02  # seconds in which several rings become one
LISTEN = 10.0  # seconds of silence after which the line is tried
AGAIN = (0.5, 1.0, 2.0, 5.0)  # seconds until we try to listen again
MOST_NEWS = 500  # feeds named in one message; more than these find out by looking
log = logging.getLogger(__name__)


class RedisWaker:
    """`me` tells our own messages from the others'. Start with `listen`; `ring` and `news` return at once."""

    def __init__(self, link: RedisLink, me: str) -> None:
        self._link = link
        self._me = me
        self._work = False
        self._news: set[int] = set()
        self._telling: asyncio.Task[None] | None = None

    def ring(self) -> None:
        """Say to the other workers that the table of work has changed."""
        self._work = True
        self._tell_soon()

    def news(self, feed: int) -> None:
        """Say to the other workers that a feed has news."""
        if len(self._news) < MOST_NEWS:
            self._news.add(feed)
        self._tell_soon()

    async def listen(self, look: Callable[[], None], heard: Callable[[int], None]) -> None:
        """Until cancelled: `look` is called when the table of work has changed, `heard` when a feed has news. Whenever
        the line is new, `look` is called as well: something may have been missed."""
        failures = 0
        while True:
            try:
                async with self._link.redis.pubsub() as line:
                    await line.subscribe(CHANNEL)
                    look()
                    failures = 0
                    await self._hear(line, look, heard)
            except GONE as error:
                self._link.failed(error)
                failures += 1
                await asyncio.sleep(AGAIN[min(failures, len(AGAIN)) - 1])

    async def _hear(self, line: PubSub, look: Callable[[], None], heard: Callable[[int], None]) -> None:
        while True:
            message = await line.get_message(ignore_subscribe_messages=True, timeout=LISTEN)
            if message is None:
                await line.ping()  # a line that broke without a word is found out by writing
            elif message["type"] == "message":
                self._understand(message["data"], look, heard)

    def _understand(self, data: bytes, look: Callable[[], None], heard: Callable[[int], None]) -> None:
        try:
            said = json.loads(data)
            if said["from"] == self._me:
                return
            work, news = bool(said["work"]), [int(one) for one in said["news"]]
        except (ValueError, KeyError, TypeError):
            log.warning("a message on %s that is none of ours", CHANNEL)
            return
        if work:
            look()
        for feed in news:
            heard(feed)

    async def said(self) -> None:
        """Returns when everybody has been told what there was to tell."""
        while self._telling is not None:
            await asyncio.wait([self._telling])

    def _tell_soon(self) -> None:
        if self._telling is None:
            self._telling = asyncio.get_running_loop().create_task(self._tell(), name="waker")

    async def _tell(self) -> None:
        try:
            while self._work or self._news:
                await asyncio.sleep(TOGETHER)
                said = json.dumps({"from": self._me, "work": self._work, "news": sorted(self._news)})
                self._work, self._news = False, set()
                if self._link.worth_asking():
                    await self._link.redis.publish(CHANNEL, said)
                    self._link.answered()
        except GONE as error:
            self._link.failed(error)
        finally:
            self._telling = None
