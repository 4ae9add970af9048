"""What goes out, over the wire to a Telegram with real limits: three workers on one Redis."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from telegram.error import RetryAfter
from telegram.ext import ExtBot

from bot.localchat.people import TOKEN
from handlers.chat import reply
from handlers.chat.pacing import Paced, is_paced, less_urgent
from handlers.chat.screen import Screen
from handlers.chat.transport import AiohttpRequest
from services.clock import SystemClock
from services.pacing import Urgency, make_pacer
from storage.redis_link import RedisLink
from tests.kit.redis import RedisServer, redis_server

__all__ = ["redis_server"]

ADA = 7_000_000_001
SAID = Screen("hello")


@dataclass
class Telegram:
    """Refuses the thirty-first message of a second, and the fourth of a second in one chat; and, for as long as it is
    told to, everything in a chat. `got` are times and chats, `refused` the chats that were."""

    got: list[tuple[float, int]] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    paused: dict[int, float] = field(default_factory=dict)
    url: str = ""
    _lately: deque[tuple[float, int]] = field(default_factory=deque)

    async def answer(self, request: web.Request) -> web.Response:
        method, given = request.path.rpartition("/")[2].lower(), await request.json()
        if not is_paced(method):
            return web.json_response({"ok": True, "result": True})
        now, chat = time.monotonic(), int(given["chat_id"])
        while self._lately and self._lately[0][0] <= now - 0.9:  # a tenth for what the way here takes
            self._lately.popleft()
        wait = self.paused.get(chat, 0.0) - now
        in_chat = sum(1 for _, one in self._lately if one == chat)
        if wait > 0 or len(self._lately) >= 30 or in_chat >= 4:
            self.refused.append(chat)
            about = {"retry_after": max(1, round(wait))}
            text = "Too Many Requests"
            body = {"ok": False, "error_code": 429, "description": text, "parameters": about}
            return web.json_response(body, status=429)
        self._lately.append((now, chat))
        self.got.append((now, chat))
        return web.json_response({"ok": True, "result": {"message_id": len(self.got)}})


@asynccontextmanager
async def telegram() -> AsyncIterator[Telegram]:
    told = Telegram()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", told.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    told.url = "http://{}:{}".format(*runner.addresses[0][:2])
    try:
        yield told
    finally:
        await runner.cleanup()


@asynccontextmanager
async def worker(told: Telegram, redis_url: str | None = None) -> AsyncIterator[ExtBot[None]]:
    """A worker's line to Telegram, paced."""
    link = RedisLink(redis_url) if redis_url is not None else None
    request = AiohttpRequest()
    await request.initialize()
    paced = Paced(make_pacer(SystemClock(), 30, link=link))
    bot: Any = ExtBot(TOKEN, base_url=f"{told.url}/bot", request=request, rate_limiter=paced)
    try:
        yield bot
    finally:
        await request.shutdown()
        if link is not None:
            await link.aclose()


async def test_three_workers_on_one_redis_are_never_refused(redis_server: RedisServer) -> None:
    async with telegram() as told, AsyncExitStack() as stack:
        bots = [await stack.enter_async_context(worker(told, redis_server.url)) for _ in range(3)]
        chats = [ADA + n for n in range(30)]
        await asyncio.gather(*(reply.send(bots[n % 3], chats[n % 30], SAID) for n in range(90)))
        assert told.refused == []
        assert len(told.got) == 90
        assert told.got[-1][0] - told.got[0][0] < 8


async def test_one_chats_429_keeps_no_other_waiting_and_is_respected_by_all(redis_server: RedisServer) -> None:
    async with telegram() as told, AsyncExitStack() as stack:
        bots = [await stack.enter_async_context(worker(told, redis_server.url)) for _ in range(3)]
        told.paused[ADA] = time.monotonic() + 5
        with pytest.raises(RetryAfter):
            await reply.send(bots[0], ADA, SAID)
        took: list[float] = []

        async def send(number: int) -> None:
            begun = time.monotonic()
            await reply.send(bots[number % 3], ADA + number, SAID)
            took.append(time.monotonic() - begun)

        others = [asyncio.create_task(send(number)) for number in range(1, 21)]
        for bot in bots:
            with pytest.raises(RetryAfter) as told_to_wait:
                await reply.send(bot, ADA, SAID)
            assert 3 <= float(told_to_wait.value.retry_after) <= 6  # type: ignore[arg-type]  # whole seconds
        await asyncio.gather(*others)
        assert told.refused == [ADA], "Telegram was asked once"
        assert sorted(took)[-2] <= 1.5
        await reply.answer(bots[0], "1", "a tap is answered all the same")


async def test_redis_killed_costs_nobody_an_answer(redis_server: RedisServer) -> None:
    async with telegram() as told, worker(told, redis_server.url) as bot:
        await reply.send(bot, ADA, SAID)
        redis_server.stop()
        await asyncio.gather(*(reply.send(bot, ADA + n, SAID) for n in range(1, 10)))
        assert len(told.got) == 10
        redis_server.start()


async def test_answers_pass_what_waits_with_less_haste() -> None:
    async with telegram() as told, worker(told) as bot:

        async def words(number: int) -> None:
            with less_urgent(Urgency.WORD):
                await reply.send(bot, ADA + number, SAID)

        waiting = [asyncio.create_task(words(number)) for number in range(1, 41)]
        await asyncio.sleep(0.2)
        await reply.send(bot, ADA, SAID)
        place = [chat for _, chat in told.got].index(ADA)
        await asyncio.gather(*waiting)
        assert place < 25
        assert told.refused == []


@pytest.mark.parametrize(
    ("method", "paced"),
    [
        ("sendMessage", True),
        ("editMessageText", True),
        ("copyMessage", True),
        ("answerCallbackQuery", False),
        ("sendChatAction", False),
        ("getMe", False),
        ("deleteMessage", False),
    ],
)
def test_what_telegram_counts(method: str, paced: bool) -> None:
    assert is_paced(method) is is_paced(method.lower()) is paced


async def test_files_go_through_the_same_door() -> None:
    async with telegram() as told, worker(told) as bot:
        told.paused[ADA] = time.monotonic() + 30
        with pytest.raises(RetryAfter):
            await bot.do_api_request("sendmessage", api_kwargs={"chat_id": ADA, "text": "hello"})
        with pytest.raises(RetryAfter):
            await reply.send(bot, ADA, SAID)
        assert told.refused == [ADA]
