from __future__ import annotations

import asyncio
import io
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from telegram.error import NetworkError, RetryAfter, TimedOut
from telegram.ext import ExtBot
from telegram.request import BaseRequest

from bot.localchat.people import LEARNER, TOKEN
from handlers.chat.reply import call
from handlers.chat.transport import GATEWAY_AGAIN, AiohttpRequest
from storage.errors import StorageError
from tests.kit.telegram_server import BadGateway, Drop, Hang, TelegramServer, TooMany, telegram_server

ME = LEARNER.id


@asynccontextmanager
async def connected() -> AsyncIterator[tuple[TelegramServer, ExtBot[None]]]:
    async with telegram_server() as server:
        bot = ExtBot(TOKEN, base_url=server.base_url, base_file_url=server.base_file_url, request=AiohttpRequest())
        async with bot:
            yield server, bot


async def test_text_goes_as_json_and_comes_back_as_it_was() -> None:
    async with connected() as (server, bot):
        words = "Zoë says <b>hi</b> 🦊 שלום"
        sent = await call(bot, "sendMessage", {"chat_id": ME, "text": words, "entities": [], "reply_markup": None})
        assert sent["text"] == words
        assert server.engine.person(ME).messages()[0]["text"] == words
        answer = await bot.get_me()
        assert answer.username == "lectern_local_bot"


async def test_files_go_up_and_come_down() -> None:
    async with connected() as (_, bot):
        body = bytes(range(256)) * 4096
        sent = await bot.send_document(ME, io.BytesIO(body), filename="Grüße.pdf", caption="read <this>")
        assert sent.document is not None
        assert (sent.document.file_name, sent.caption) == ("Grüße.pdf", "read <this>")
        file = await sent.document.get_file()
        assert bytes(await file.download_as_bytearray()) == body
        quoted = await bot.send_document(ME, b"second", filename='a "b"; c=d.txt')
        assert quoted.document is not None
        assert (quoted.document.file_name, quoted.document.file_size) == ("a _b_; c=d.txt", 6)


async def test_connections_stay_open() -> None:
    ports: set[object] = set()

    async def answer(request: web.Request) -> web.Response:
        assert request.transport is not None
        ports.add(request.transport.get_extra_info("peername"))
        return web.json_response({"ok": True, "result": []})

    async with _server(answer) as url, _bot(url) as bot:
        for _ in range(5):
            await call(bot, "getUpdates", {})
        assert len(ports) == 1


async def test_what_the_guard_does_not_let_through_is_not_sent() -> None:
    async def closed() -> None:
        raise StorageError("fenced")

    async with telegram_server() as server:
        request = AiohttpRequest(guard=closed)
        await request.initialize()
        bot: ExtBot[None] = ExtBot(TOKEN, base_url=server.base_url, request=request)
        with pytest.raises(NetworkError, match="fenced"):
            await bot.send_message(LEARNER.id, "hello")
        assert server.calls == []
        await request.shutdown()


@asynccontextmanager
async def guarded(
    guard: Callable[[TelegramServer], Awaitable[None]],
) -> AsyncIterator[tuple[TelegramServer, ExtBot[None]]]:
    async with telegram_server() as server:
        request = AiohttpRequest(guard=lambda: guard(server))
        await request.initialize()
        yield server, ExtBot(TOKEN, base_url=server.base_url, request=request)
        await request.shutdown()


async def test_who_slept_while_the_connection_was_made_sends_nothing() -> None:
    asked: list[int] = []

    async def closed_the_second_time(server: TelegramServer) -> None:
        asked.append(len(server.calls))
        if len(asked) == 2:
            raise StorageError("fenced")

    async with guarded(closed_the_second_time) as (server, bot):
        with pytest.raises(NetworkError, match="fenced"):
            await bot.send_message(ME, "hello")
        assert server.calls == []
        await bot.send_message(ME, "hello again")
        assert [each.method for each in server.calls] == ["sendMessage"]


async def test_who_slept_between_two_tries_sends_nothing_more() -> None:
    async def closed_after_a_call(server: TelegramServer) -> None:
        if server.calls:
            raise StorageError("fenced")

    async with guarded(closed_after_a_call) as (server, bot):
        server.fault("*", BadGateway())
        with pytest.raises(NetworkError, match="fenced"):
            await bot.send_message(ME, "hello")
        assert [each.status for each in server.calls] == [502]


async def test_a_pause_that_telegram_asks_for() -> None:
    async with connected() as (server, bot):
        server.fault("*", TooMany(7))
        with pytest.raises(RetryAfter, match="7"):
            await bot.send_message(ME, "x")


async def test_no_answer_in_time_and_the_line_is_good_afterwards() -> None:
    async with connected() as (server, bot):
        server.fault("*", Hang(1.0, delivered=False))
        with pytest.raises(TimedOut):
            await bot.send_message(ME, "x", read_timeout=0.1)
        await bot.send_message(ME, "y")
        assert [one["text"] for one in server.engine.person(ME).messages()] == ["y"]


async def test_what_a_gateway_refuses_is_asked_again_and_not_for_ever() -> None:
    async with connected() as (server, bot):
        server.fault("*", BadGateway(), times=2)
        await bot.send_message(ME, "x")
        assert [call.status for call in server.of("sendMessage")] == [502, 502, 200]
        server.fault("*", BadGateway(), times=1 + len(GATEWAY_AGAIN))
        with pytest.raises(NetworkError):
            await bot.send_message(ME, "y")


@pytest.mark.parametrize("fault", [Drop(delivered=False), Drop(delivered=True)])
async def test_a_broken_line_is_a_network_error(fault: Drop) -> None:
    async with connected() as (server, bot):
        server.fault("*", fault)
        with pytest.raises(NetworkError):
            await bot.send_message(ME, "x")
        await bot.send_message(ME, "y")


async def test_nobody_listening_is_a_network_error(free_port: int) -> None:
    async with _bot(f"http://127.0.0.1:{free_port}") as bot:
        with pytest.raises(NetworkError):
            await call(bot, "getMe", {})


async def test_an_answer_cut_off_is_a_network_error() -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b'{"ok": tr')
        assert request.transport is not None
        request.transport.abort()
        return response

    async with _server(cut) as url, _bot(url) as bot:
        with pytest.raises(NetworkError):
            await call(bot, "getMe", {})


async def test_a_port_that_never_shakes_hands_times_out() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(1)
        async with _bot(f"http://127.0.0.1:{deaf.getsockname()[1]}") as bot:
            with pytest.raises(TimedOut):
                await call(bot, "getMe", {}, read_timeout=0.1)


async def test_many_at_once() -> None:
    async with connected() as (server, bot):
        await asyncio.gather(*(bot.send_message(ME, f"m{n}") for n in range(300)))
        assert len(server.engine.person(ME).messages(limit=1000)) == 300


async def test_it_says_what_is_missing_before_it_is_initialized() -> None:
    with pytest.raises(RuntimeError, match="not initialized"):
        await AiohttpRequest().do_request("http://127.0.0.1/", "POST")


async def test_opened_twice_and_closed_twice_is_once() -> None:
    request: BaseRequest = AiohttpRequest()
    await request.initialize()
    await request.initialize()
    await request.shutdown()
    await request.shutdown()


@asynccontextmanager
async def _bot(url: str) -> AsyncIterator[ExtBot[None]]:
    """A bot that has not asked who it is."""
    request = AiohttpRequest()
    await request.initialize()
    try:
        yield ExtBot(TOKEN, base_url=f"{url}/bot", request=request)
    finally:
        await request.shutdown()


@asynccontextmanager
async def _server(answer: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield "http://{}:{}".format(*runner.addresses[0][:2])
    finally:
        await runner.cleanup()
