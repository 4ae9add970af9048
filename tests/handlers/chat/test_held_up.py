from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram.error import NetworkError
from telegram.ext import ExtBot

from bot.localchat.people import LEARNER, TOKEN
from handlers.chat import reply
from handlers.chat.held_up import MOST, HeldUp
from handlers.chat.screen import Screen
from handlers.chat.transport import AiohttpRequest
from services.errors import Unavailable
from tests.kit.telegram_server import TelegramServer, telegram_server


async def cut_off() -> None:
    """The guard of a worker whose database is away."""
    raise Unavailable("unreachable")


@asynccontextmanager
async def line() -> AsyncIterator[tuple[TelegramServer, ExtBot[None]]]:
    request = AiohttpRequest(guard=cut_off)
    await request.initialize()
    try:
        async with telegram_server() as server:
            yield server, ExtBot(TOKEN, base_url=f"{server.url}/bot", request=request)
    finally:
        await request.shutdown()


def message(chat: int = LEARNER.id, kind: str = "private") -> dict[str, Any]:
    return {"update_id": 1, "message": {"message_id": 1, "chat": {"id": chat, "type": kind}}}


async def test_who_cannot_know_whether_it_counts_says_this_and_nothing_else() -> None:
    async with line() as (server, bot):
        await HeldUp(bot).tell([message()])
        (said,) = server.of("sendMessage")
        assert str(said.params["text"]).startswith("I cannot write anything down at the moment")
        with pytest.raises(NetworkError, match="unreachable"):
            await reply.send(bot, LEARNER.id, Screen("anything else"))
        assert len(server.of("sendMessage")) == 1


async def test_everybody_is_told_once_until_it_is_over_in_private_and_not_too_many_at_a_time() -> None:
    async with line() as (server, bot):
        held_up = HeldUp(bot)
        await held_up.tell([message(), message(), message(-5, "group"), {"update_id": 2, "poll_answer": {}}])
        await held_up.tell([message()])
        assert [call.params["chat_id"] for call in server.of("sendMessage")] == [str(LEARNER.id)]
        held_up.over()
        await held_up.tell([message()])
        assert len(server.of("sendMessage")) == 2
        await held_up.tell([message(7_100_000_000 + number) for number in range(MOST + 5)])
        assert len(server.of("sendMessage")) == 2 + MOST
