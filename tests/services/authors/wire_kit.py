"""What the tests of the way to models share: providers and a caller on the stub, a purse that remembers, a question."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace

from services.authors.claude import claude_provider
from services.authors.model.caller import DEADLINE_SECONDS, Caller
from services.authors.model.provider import Provider
from services.authors.model.wire import Ask, Block, Receipt, Usage
from services.authors.openai_compatible import openai_provider
from services.authors.protocol import Payer
from services.clock import Clock
from services.errors import AuthorError
from tests.kit.hurried_clock import HurriedClock
from tests.kit.model_server import Fault, ModelServer, Pace, model_server

PROVIDERS = ("claude", "openai")
PAYER = Payer(7, 12)
SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {"objectives": {"type": "array", "items": {"type": "string"}}},
    "required": ["objectives"],
    "additionalProperties": False,
}
QUESTION = Ask(
    model="",
    blocks=(Block("Write for people." * 300, cached=True), Block("This course is about bread.")),
    user='Task: propose a course.\n{"wish": "bread"}',
    schema=SCHEMA,
    room=4_000,
    effort="low",
    step="proposal",
)
SAYS = json.dumps({"objectives": [f"Say what lives in starter number {number}" for number in range(30)]})


@dataclass
class RecordingPurse:
    """A purse that allows everything (or nothing: `refuses`) and remembers: who paid for what, in which order."""

    refuses: AuthorError | None = None
    reserved: list[tuple[Payer | None, str, str]] = field(default_factory=list)
    settled: dict[int, Usage | None] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    slowly: float = 0.0

    async def reserve(self, payer: Payer | None, provider: str, ask: Ask) -> int:
        await asyncio.sleep(self.slowly)
        if self.refuses:
            raise self.refuses
        self.reserved.append((payer, provider, ask.step))
        self.log.append("reserve")
        return len(self.reserved)

    async def settle(self, reservation: int, usage: Usage | None) -> None:
        await asyncio.sleep(self.slowly)
        assert reservation not in self.settled
        self.settled[reservation] = usage
        self.log.append("settle")

    @property
    def usages(self) -> list[Usage | None]:
        """What was settled, in the order of reservation; fails if anything is open."""
        return [self.settled[number] for number in range(1, len(self.reserved) + 1)]


@asynccontextmanager
async def talking_stub(*faults: Fault, pace: Pace | None = None) -> AsyncIterator[ModelServer]:
    """A stub that always says `SAYS`."""
    async with model_server(*faults, pace=pace) as stub:
        stub.says = SAYS
        yield stub


def provider_on(stub: ModelServer, name: str, clock: Clock, idle: float = 5.0) -> Provider:
    if name == "claude":
        return claude_provider(api_key="a-key", base_url=stub.url, clock=clock, idle_seconds=idle)
    return openai_provider(api_key="a-key", base_url=stub.openai_url, clock=clock, idle_seconds=idle)


@dataclass
class Way:
    """A caller on the stub, with everything that it was given."""

    caller: Caller
    purse: RecordingPurse
    clock: Clock
    providers: dict[str, Provider]

    async def ask(self, name: str, receipt: Receipt | None = None, ask: Ask = QUESTION) -> str:
        """The whole answer of provider `name`."""
        asked = replace(ask, model=self.providers[name].lesson_model)
        async with aclosing(self.caller.stream(name, asked, PAYER, receipt or Receipt())) as pieces:
            return "".join([piece async for piece in pieces])


@asynccontextmanager
async def way_to(
    stub: ModelServer,
    *,
    clock: Clock | None = None,
    purse: RecordingPurse | None = None,
    idle: float = 5.0,
    deadline: float = DEADLINE_SECONDS,
) -> AsyncIterator[Way]:
    clock, purse = clock or HurriedClock(), purse or RecordingPurse()
    providers = {name: provider_on(stub, name, clock, idle) for name in PROVIDERS}
    caller = Caller(
        tuple(providers.values()), purse=purse, clock=clock, rng=random.Random(7), deadline_seconds=deadline
    )
    try:
        yield Way(caller, purse, clock, providers)
    finally:
        await caller.aclose()
