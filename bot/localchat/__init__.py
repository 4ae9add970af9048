"""A Telegram for one machine: the engine, the page, and how the wiring takes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aiohttp.web import Application, HTTPFound, Request, Response
from telegram.request import BaseRequest

from bot.localchat.people import PEOPLE, TOKEN
from bot.settings import Settings

__all__ = ["TOKEN", "LocalChat", "opened"]

PREFIX = "/chat"


@dataclass(frozen=True, slots=True)
class LocalChat:
    """What the wiring needs of it: requests for python-telegram-bot, who is an admin, and its page."""

    request: BaseRequest
    admin_ids: tuple[int, ...]
    page: Application

    def mount(self, app: Application) -> None:
        """Put the page under /chat and let the root lead to it."""

        async def to_chat(_: Request) -> Response:
            raise HTTPFound(f"{PREFIX}/")

        app.router.add_get("/", to_chat)
        app.router.add_get(PREFIX, to_chat)
        app.add_subapp(PREFIX, self.page)


@contextmanager
def opened(settings: Settings) -> Iterator[LocalChat | None]:
    """The local chat with its history from the data folder; None where there is a token for Telegram."""
    if not settings.local_chat:
        yield None
        return
    from bot.localchat.engine import Engine
    from bot.localchat.request import LocalRequest
    from bot.localchat.web import routes

    engine = Engine(settings.data_dir / "localchat")
    try:
        names = ("127.0.0.1", "localhost", "[::1]")
        hosts = frozenset(f"{name}:{settings.http_port}" for name in names)
        yield LocalChat(
            request=LocalRequest(engine),
            admin_ids=tuple(person.id for person in PEOPLE if person.role == "admin"),
            page=routes(engine, allowed_hosts=hosts),
        )
    finally:
        engine.close()
