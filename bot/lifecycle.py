"""Starting and stopping, in order: what is needed first comes up first and goes down last."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from aiohttp import web
from telegram.error import InvalidToken, NetworkError, RetryAfter

from bot import localchat
from bot.money import MoneyError
from bot.providers import ModelsError, check_models
from bot.secret import SecretError
from bot.settings import Settings
from bot.wiring import House, build_house
from handlers.chat.registry import announce_commands
from services.clock import Clock
from storage.database import Database
from storage.errors import StorageError
from storage.migrate import migrate

GRACE = 4.0  # seconds for what is in hand; with the rest of the way down it must stay below 8
START_AGAIN = (1.0, 2.0, 5.0, 15.0)
log = logging.getLogger(__name__)

_STORAGE = {
    "locked": "The database is held by another program; close that, or set DATABASE_URL to another one.",
    "read_only": "The data folder cannot be written to; allow that, or set DATA_DIR to a folder that can.",
    "newer": "The database was made by a newer Lectern; start that one, or set DATABASE_URL to another database.",
    "in_use": "Another Lectern is already running on this database; stop it, or set DATA_DIR to another folder.",
    "full": "The disk is full; make room and start again.",
    "unreachable": "The database cannot be reached; start it, or set DATABASE_URL to another one.",
    "migration": "The database could not be brought up to date and is as it was; please report this",
}


class CannotStart(Exception):
    """Why not, in one sentence for the person who starts it."""


async def run(settings: Settings, clock: Clock | None = None) -> None:
    """Serve until SIGINT or SIGTERM, by this machine's clock unless another is given. Raises CannotStart with one
    sentence."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    async with _database(settings) as database:
        with localchat.opened(settings) as chat:
            house = _build(settings, database, chat, clock)
            if chat:
                chat.mount(house.web)
            async with _listening(house) as address:
                await _serve(house, stop, address)


def _build(settings: Settings, database: Database, chat: localchat.LocalChat | None, clock: Clock | None) -> House:
    try:
        return build_house(
            settings,
            database,
            token=_token(settings),
            request=chat.request if chat else None,
            clock=clock,
            admin_ids=chat.admin_ids if chat else (),
        )
    except (MoneyError, SecretError) as error:
        raise CannotStart(str(error)) from error


async def _serve(house: House, stop: asyncio.Event, address: str) -> None:
    stopping = asyncio.create_task(stop.wait())
    connecting = asyncio.create_task(_prepare(house))
    try:
        await asyncio.wait([stopping, connecting], return_when=asyncio.FIRST_COMPLETED)
        if not connecting.done():
            connecting.cancel()
            await asyncio.wait([connecting])
            return
        connecting.result()
        arriving = await start(house)
        _say(house, address)
        await asyncio.wait([stopping, arriving], return_when=asyncio.FIRST_COMPLETED)
        await shut_down(house, arriving)
        if not arriving.cancelled():
            arriving.result()
    except InvalidToken as error:
        raise CannotStart("TELEGRAM_BOT_TOKEN was refused by Telegram; ask @BotFather for the right one.") from error
    except ModelsError as error:
        raise CannotStart(str(error)) from error
    finally:
        await house.application.bot.shutdown()


async def start(house: House) -> asyncio.Task[None]:
    """Begin to work and to take updates; returns the task that takes them."""
    await house.jobs.start()
    house.sweeping = asyncio.create_task(house.purse.sweep_forever(), name="money: sweep")
    house.company.listen()
    house.serving = True
    # What lives as long as the process is not looked at again by the collector.
    gc.collect()
    gc.freeze()
    # Short-lived objects mostly go by themselves: looking for cycles at every seven hundredth costs more than it finds,
    # and a completion over REST some hundredths of its CPU.
    gc.set_threshold(50_000, 20, 20)
    return asyncio.create_task(house.arrival.run(), name="arrival of updates")


async def shut_down(house: House, arriving: asyncio.Task[None]) -> None:
    """Take no more updates, finish or hand back what is in hand, let go of Telegram and the author."""
    house.serving = False
    arriving.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await arriving
    await house.jobs.stop(GRACE)
    if house.sweeping is not None:
        house.sweeping.cancel()
        await asyncio.wait([house.sweeping])
    await house.company.close_ears()
    await house.application.shutdown()
    close = getattr(house.author, "aclose", None)
    if close is not None:
        await close()
    await house.limits.aclose()


async def _prepare(house: House) -> None:
    """What needs the world outside: that our models are known, and Telegram's word on who we are."""
    await check_models(getattr(house.author, "providers", ()))
    await _connect(house)


async def _connect(house: House) -> None:
    """Get to know the bot's own name from Telegram, however long Telegram is away."""
    for attempt in range(1_000_000):
        try:
            await house.application.initialize()
            await announce_commands(house.application)
        except (NetworkError, RetryAfter) as error:
            wait = START_AGAIN[min(attempt, len(START_AGAIN) - 1)]
            log.warning("Telegram cannot be reached (%s); trying again in %.0f s", error, wait)
            await house.clock.sleep(wait)
        else:
            return


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Database]:
    try:
        database = await Database.open(settings.database_url.get_secret_value())
    except StorageError as error:
        raise CannotStart(_worded(error)) from error
    try:
        await migrate(database)
        yield database
    except StorageError as error:
        raise CannotStart(_worded(error)) from error
    finally:
        with suppress(StorageError):
            await database.close()


@asynccontextmanager
async def _listening(house: House) -> AsyncIterator[str]:
    """The sidecar's own server; yields its address. Raises CannotStart if the port is taken."""
    settings = house.settings
    runner = web.AppRunner(house.web, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.http_host, settings.http_port)
        try:
            await site.start()
        except OSError as error:
            raise CannotStart(
                f"HTTP_PORT {settings.http_port} cannot be used on {settings.http_host} ({error.strerror}); "
                "set HTTP_PORT to a free one."
            ) from error
        host, port = runner.addresses[0][:2]
        yield f"http://{f'[{host}]' if ':' in host else host}:{port}"
    finally:
        await runner.cleanup()


def _token(settings: Settings) -> str:
    return settings.telegram_bot_token.get_secret_value() if settings.telegram_bot_token else localchat.TOKEN


def _worded(error: StorageError) -> str:
    if error.why == "migration":
        return f"{_STORAGE[error.why]}: {error.detail}"
    return _STORAGE.get(error.why, f"The database cannot be used: {error.detail}.")


def _say(house: House, address: str) -> None:
    if house.settings.local_chat:
        log.info("Lectern is ready. Chat with it at %s (this machine only; Ctrl+C stops it)", address)
    else:
        log.info("Lectern is ready as @%s on Telegram; health at %s/health", house.application.bot.username, address)
    if house.author.name == "offline":
        log.info("No model key is set: courses are made from documents and the bundled samples, without AI")
    elif house.settings.access == "open" and not (house.settings.local_chat or house.settings.caps.bot_day):
        log.warning(
            "ACCESS is open, a model key is set and CAP_DAY_USD is not: anybody can spend your money, without an end"
        )
