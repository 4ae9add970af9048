"""The whole bot, driven as people do: they type and tap in the local chat, the test reads what the screen says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from telegram.request import BaseRequest

from bot.lifecycle import shut_down, start
from bot.localchat.engine import Engine
from bot.localchat.people import ADMIN, INSTRUCTOR, LEARNER, TOKEN, Person
from bot.localchat.request import LocalRequest
from bot.localchat.seats import Seat
from bot.localchat.state import Toast
from bot.settings import load_settings
from bot.wiring import House, build_house
from handlers.chat.registry import announce_commands
from services.authors.protocol import Author
from services.clock import Clock
from services.disputes import ASK_OWNER, SOLVE, TELL, Solver
from services.intake import KIND
from storage.database import Database
from storage.errors import StorageError
from storage.migrate import migrate
from tests.kit.spares import sqlite_copy

PATIENCE = 30.0  # seconds until a test gives up waiting for the screen
_SMALL = (KIND, "proposed", "reminded", SOLVE, ASK_OWNER, TELL)  # people's screens change until it is done


@dataclass(frozen=True)
class Shown:
    """A message of the bot's as a person sees it: text (or caption), rows of button labels, the raw message."""

    text: str
    labels: list[list[str]]
    raw: dict[str, Any]

    @property
    def buttons(self) -> list[str]:
        """All labels, in reading order."""
        return [label for row in self.labels for label in row]

    def data(self, label: str) -> str:
        """The callback data behind the first button whose label contains `label`."""
        for row in self.raw.get("reply_markup", {}).get("inline_keyboard", []):
            for key in row:
                if label in key["text"] and "callback_data" in key:
                    return str(key["callback_data"])
        raise AssertionError(f"no button {label!r} under {self.text!r}: {self.buttons}")


class Someone:
    """A person at the local chat, with the patience of a test."""

    def __init__(self, seat: Seat, engine: Engine) -> None:
        self.seat = seat
        self._engine = engine

    async def say(self, text: str) -> dict[str, Any]:
        """Type a message."""
        return await self.seat.send_text(text)

    async def tap(self, label: str, on: Shown | None = None) -> Toast:
        """Tap the first button whose label contains `label`, on a message or on the last one that has it."""
        shown = on or next((one for one in reversed(self.messages()) if _has(one, label)), None)
        if shown is None:
            raise AssertionError(f"nobody shows a button {label!r}; the screen: {self.messages()[-3:]}")
        press = await self.seat.press(shown.raw["message_id"], shown.data(label))
        return await press.toast(PATIENCE)

    def messages(self) -> list[Shown]:
        """What the bot said in this chat and can still be seen, oldest first."""
        bot = self._engine.bot["id"]
        return [_shown(one) for one in self.seat.messages() if one["from"]["id"] == bot]

    @property
    def screen(self) -> Shown:
        """The bot's last message."""
        return self.messages()[-1]

    async def sees(self, *words: str, button: str | None = None, timeout: float = PATIENCE) -> Shown:
        """Wait until one of the bot's messages, the last first, says all the words and has the button."""

        def found() -> Shown | None:
            for one in reversed(self.messages()):
                if all(word in one.text for word in words) and (button is None or _has(one, button)):
                    return one
            return None

        return await self.until(found, f"{words} {button or ''}", timeout)

    async def until(self, found: Callable[[], Shown | None], what: str, timeout: float = PATIENCE) -> Shown:
        """Wait until `found` gives a message; looks again at every change."""
        deadline = asyncio.get_running_loop().time() + timeout
        while True:
            last = self._engine.last_change
            shown = found()
            if shown is not None:
                return shown
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                raise AssertionError(f"never saw {what}; the screen: {[one.text for one in self.messages()[-4:]]}")
            await self._engine.wait(last, min(left, 0.5))


@dataclass
class Live:
    """A running bot with its people."""

    house: House
    engine: Engine
    learner: Someone
    instructor: Someone
    admin: Someone

    async def quiet(self) -> None:
        """Until whatever people did has been taken and dealt with."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while await self._unread() or await self._in_hand():
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError("what people did is still being dealt with")
            await asyncio.sleep(0.005)

    async def _unread(self) -> int:
        _, body = await self.engine.call("getWebhookInfo", {})
        return int(body["result"]["pending_update_count"])

    async def _in_hand(self) -> int:
        with suppress(StorageError):
            await self.house.jobs.put()  # nothing, but what is finished is marked with it, and not only in a while
        load = await self.house.application.desk.health.workload()
        return sum(load.open.get(kind, 0) for kind in _SMALL)

    def stranger(self, person_id: int, name: str, language: str = "en") -> Someone:
        """One more person."""
        return Someone(self.engine.add_person(Person(person_id, name, name.lower(), "learner", language)), self.engine)


@asynccontextmanager
async def lectern(
    folder: Path,
    line: Callable[[Engine], BaseRequest] = LocalRequest,
    solver: Solver | None = None,
    /,
    *,
    author: Author | None = None,
    clock: Clock | None = None,
    **environ: str,
) -> AsyncIterator[Live]:
    """The bot on the data folder `folder`, with the local chat; `line` leads to it, `environ` adds settings."""
    settings = load_settings({"DATA_DIR": str(folder), **environ}, None)
    if "DATABASE_URL" not in environ and not (folder / "lectern.db").exists():
        await sqlite_copy(folder / "lectern.db", migrate)
    database = await Database.open(settings.database_url.get_secret_value())
    await migrate(database)
    engine = Engine(folder / "localchat", pace=None)
    house = build_house(
        settings,
        database,
        token=TOKEN,
        request=line(engine),
        clock=clock,
        author=author,
        solver=solver,
        admin_ids=(ADMIN.id,),
    )
    await house.application.initialize()
    await announce_commands(house.application)
    polling = await start(house)
    people = [Someone(engine.person(person.id), engine) for person in (LEARNER, INSTRUCTOR, ADMIN)]
    try:
        yield Live(house, engine, *people)
    finally:
        await shut_down(house, polling)
        await database.close()
        engine.close()


def _has(shown: Shown, label: str) -> bool:
    return any(label in one for one in shown.buttons)


def _shown(raw: dict[str, Any]) -> Shown:
    rows = raw.get("reply_markup", {}).get("inline_keyboard", [])
    text = raw.get("text") or raw.get("caption") or ""
    return Shown(text, [[key["text"] for key in row] for row in rows], raw)
