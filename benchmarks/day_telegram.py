"""Telegram of a simulated day, behind python-telegram-bot's requests: updates wait for a poll, calls are kept."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Iterable
from typing import Any

from telegram.request import BaseRequest, RequestData

from benchmarks.rig.deeds import Deed
from benchmarks.rig.ledger import Call, Ledger

_ME = {"id": 1_234_567, "is_bot": True, "first_name": "Lectern", "username": "lectern_bot"}
FIRST_UPDATE = 100_000


class DayTelegram(BaseRequest):
    """`took` are the real seconds from a tap to its answer; `sent` counts what Telegram counts."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.took: list[float] = []
        self.sent = 0
        self._waiting: deque[tuple[int, dict[str, Any]]] = deque()
        self._given: dict[str, float] = {}
        self._new = asyncio.Event()
        self._messages = 0

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    def give(self, deeds: Iterable[Deed]) -> None:
        """Have these fetched."""
        at = time.monotonic()
        for deed in deeds:
            number = FIRST_UPDATE + deed.number
            self.ledger.note(deed, number, at)
            self._waiting.append((number, deed.update(number)))
            if deed.query:
                self._given[deed.query] = at
        self._new.set()

    @property
    def idle(self) -> bool:
        """Whether all that was given is acknowledged, and every tap answered."""
        return not self._waiting and not self._given

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: object, **more: object
    ) -> tuple[int, bytes]:
        """Status and body of one call."""
        name = url.rsplit("/", 1)[-1].lower()
        fields = request_data.json_parameters if request_data is not None else {}
        result = await self._updates(fields) if name == "getupdates" else self._called(name, fields)
        return 200, json.dumps({"ok": True, "result": result}).encode()

    async def _updates(self, fields: dict[str, Any]) -> list[dict[str, Any]]:
        offset = int(fields.get("offset", 0))
        while self._waiting and self._waiting[0][0] < offset:
            self.ledger.acknowledged[self._waiting.popleft()[0]] = time.monotonic()
        self._new.clear()
        if not self._waiting and int(fields.get("timeout", 0)):
            await self._new.wait()
        return [update for _, (_, update) in zip(range(100), self._waiting, strict=False)]

    def _called(self, name: str, fields: dict[str, Any]) -> Any:
        at = time.monotonic()
        if name == "answercallbackquery":
            query = str(fields["callback_query_id"])
            kept = {"callback_query_id": query, "text": fields.get("text", "")}
            self.ledger.calls.append(Call("day", name, kept, at, 200))
            given = self._given.pop(query, None)
            self.took += [] if given is None else [at - given]
        if name == "getme":
            return _ME
        if not name.startswith(("send", "edit")):
            return True
        self.sent += 1
        self._messages += 1
        chat = {"id": int(fields.get("chat_id", 0)), "type": "private", "first_name": "Ada"}
        number = int(fields.get("message_id") or 10**7 + self._messages)
        return {"message_id": number, "date": 1_790_000_000, "chat": chat, "from": _ME, "text": "…"}
