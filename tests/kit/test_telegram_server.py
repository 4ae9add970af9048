from __future__ import annotations

import asyncio
import time

import pytest
from telegram import Bot
from telegram.error import InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.request import HTTPXRequest

from bot.localchat.people import LEARNER, TOKEN
from tests.kit.telegram_server import BadGateway, Drop, Hang, TelegramServer, TooMany, telegram_server

ME = LEARNER.id


def connected(server: TelegramServer, token: str = TOKEN, read_timeout: float = 5) -> Bot:
    request = HTTPXRequest(read_timeout=read_timeout)
    return Bot(token, base_url=server.base_url, base_file_url=server.base_file_url, request=request)


async def test_the_same_telegram_over_http() -> None:
    async with telegram_server() as server, connected(server) as bot:
        sent = await bot.send_document(ME, b"abc", filename="a.txt")
        assert sent.document is not None
        assert bytes(await (await sent.document.get_file()).download_as_bytearray()) == b"abc"
        await server.engine.person(ME).send_text("hi")
        (update,) = await bot.get_updates(timeout=1)
        assert update.message is not None
        assert update.message.text == "hi"
        assert [call.method for call in server.of("sendDocument", "getFile")] == ["sendDocument", "getFile"]
        (call,) = server.of("sendDocument", chat_id=ME)
        assert (call.status, call.result["message_id"]) == (200, sent.message_id)
        with pytest.raises(InvalidToken):
            await bot.request.retrieve(f"{server.base_file_url}{TOKEN}/none")


async def test_another_token_is_refused() -> None:
    async with telegram_server() as server:
        with pytest.raises(InvalidToken):
            await connected(server, "1:other").initialize()


async def test_faults_by_script() -> None:
    async with telegram_server() as server, connected(server) as bot:
        server.fault("sendMessage", TooMany(3), chat_id=ME)
        server.fault("sendMessage", BadGateway(), chat_id=ME)
        await bot.send_message(1002, "other chats are spared")
        with pytest.raises(RetryAfter):
            await bot.send_message(ME, "x")
        with pytest.raises(NetworkError, match="Bad Gateway"):
            await bot.send_message(ME, "x")
        await bot.send_message(ME, "x")
        assert [call.status for call in server.of("sendMessage", chat_id=ME)] == [429, 502, 200]
        assert len(server.engine.person(ME).messages()) == 1


@pytest.mark.parametrize("delivered", [True, False])
async def test_time_outs_and_dropped_lines(delivered: bool) -> None:
    async with telegram_server() as server, connected(server, read_timeout=0.1) as bot:
        server.fault("*", Hang(0.3, delivered))
        with pytest.raises(TimedOut):
            await bot.send_message(ME, "x")
        server.fault("*", Drop(delivered))
        with pytest.raises(NetworkError):
            await bot.send_message(ME, "x")
        assert len(server.engine.person(ME).messages()) == (2 if delivered else 0)


async def test_latency_and_waiting_for_calls() -> None:
    async with telegram_server() as server, connected(server) as bot:
        server.latency = 0.05
        began = time.monotonic()
        task = asyncio.create_task(bot.send_message(ME, "x"))
        await server.until(lambda s: bool(s.of("sendMessage")))
        assert time.monotonic() - began >= 0.05
        await task
        with pytest.raises(TimeoutError):
            await server.until(lambda s: len(s.calls) > 99, timeout=0.05)
