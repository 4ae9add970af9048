from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.localchat.engine import Engine
from bot.localchat.people import LEARNER
from bot.localchat.seats import Seat


class HeldClock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 1, 12, tzinfo=UTC) + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return self.passed

    async def sleep(self, seconds: float) -> None:
        self.passed += seconds


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def engine(clock: HeldClock) -> Iterator[Engine]:
    found = Engine(pace=None, clock=clock)
    yield found
    found.close()


@pytest.fixture
def learner(engine: Engine) -> Seat:
    return engine.person(LEARNER.id)


class Api:
    """Calls of the Bot API in one line: `ok` gives the result, `error` what went wrong."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    async def ok(self, method: str, **params: Any) -> Any:
        status, body = await self.engine.call(method, params)
        assert (status, body["ok"]) == (200, True), body
        return body["result"]

    async def error(self, method: str, **params: Any) -> str:
        status, body = await self.engine.call(method, params)
        assert body["ok"] is False, body
        assert body["error_code"] == status
        return str(body["description"])

    async def say(self, text: str = "Hello", **params: Any) -> Any:
        return await self.ok("sendMessage", chat_id=LEARNER.id, text=text, **params)


@pytest.fixture
def api(engine: Engine) -> Api:
    return Api(engine)


def buttons(*rows: list[str]) -> dict[str, Any]:
    """An inline keyboard whose buttons say and send the same."""
    return {"inline_keyboard": [[{"text": word, "callback_data": word} for word in row] for row in rows]}


def png(width: int, height: int) -> bytes:
    """The start of a PNG of that size, which is all that is looked at."""
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
