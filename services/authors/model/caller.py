"""The one way to all providers: each call in its turn, paid for, tried again within bounds, and counted."""

from __future__ import annotations

import asyncio
import logging
import random
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from services.authors.model.breaker import Breaker
from services.authors.model.calling import Purse
from services.authors.model.estimating import tokens_of, used
from services.authors.model.gate import Gate
from services.authors.model.provider import Provider
from services.authors.model.wire import Ask, Receipt
from services.authors.protocol import Payer
from services.authors.retry import TRIES, seconds_before_next
from services.clock import Clock
from services.errors import AuthorBusy, AuthorError, CapHeld
from services.uninterrupted import to_its_end

DEADLINE_SECONDS = 600.0  # of a step, all its calls and the waits between them, but not the wait for its turn
# While calls under way hold all that a cap leaves: seconds between two looks, and in all.
HELD_EVERY = 1.0
HELD_SECONDS = 300.0
# Somebody sits and waits for these, and they are few; texts and questions of courses come after them.
_URGENT = frozenset({"proposal", "plan"})
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Call:
    """What is asked, of whom, on whose account; what becomes known of it; and where the text goes, None at the end."""

    provider: Provider
    ask: Ask
    payer: Payer | None
    receipt: Receipt
    pieces: asyncio.Queue[str | None]

    @property
    def in_words(self) -> str:
        """Which call it is, for the log."""
        return f"{self.provider.name}: {self.ask.step}, call {self.receipt.calls}"


class Caller:
    """Satisfies `services.authors.model.calling.Calls`; one for the whole house, since its bounds are shared."""

    def __init__(
        self,
        providers: Sequence[Provider],
        *,
        purse: Purse,
        clock: Clock,
        rng: random.Random,
        gate: Gate | None = None,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self._providers = {provider.name: provider for provider in providers}
        self._breakers = {name: Breaker(clock) for name in self._providers}
        self._purse = purse
        self._clock = clock
        self._rng = rng
        self._gate = gate or Gate()
        self._deadline_seconds = deadline_seconds

    async def stream(self, provider: str, ask: Ask, payer: Payer | None, receipt: Receipt) -> AsyncGenerator[str, None]:
        """See `services.authors.model.calling.Calls.stream`. Close it when no more is wanted: that ends the call.

        The text is fetched as fast as it comes, in a task of its own: a reader who stops to think, or to make another
        call, neither holds a place among those in flight nor lets the provider time out."""
        pieces: asyncio.Queue[str | None] = asyncio.Queue()
        work = asyncio.create_task(self._step(_Call(self._providers[provider], ask, payer, receipt, pieces)))
        try:
            while (piece := await pieces.get()) is not None:
                yield piece
            await work
        finally:
            work.cancel()
            await asyncio.wait([work])
            if not work.cancelled():
                work.exception()

    async def aclose(self) -> None:
        """Close the connections to all providers."""
        for provider in self._providers.values():
            await provider.wire.aclose()

    async def _step(self, call: _Call) -> None:
        """The calls of a step, told to the breaker as one: a step that may yet be gone on with has not failed."""
        breaker, before = self._breakers[call.provider.name], call.receipt.calls
        try:
            probe = breaker.admit()
            ended = breaker.left
            try:
                await self._tries(call, 1 if probe else TRIES)
                ended = breaker.succeeded
            except AuthorBusy:
                over = not call.receipt.characters or call.receipt.faults >= TRIES
                if call.receipt.calls > before and over:
                    ended = breaker.failed
                raise
            finally:
                ended(probe=probe)
        finally:
            call.pieces.put_nowait(None)

    async def _tries(self, call: _Call, tries: int) -> None:
        """Call until it succeeds, fails for good, or has begun to give text; waits between calls."""
        receipt, held = call.receipt, 0.0
        if receipt.ends_at is None:
            receipt.ends_at = self._clock.monotonic() + self._deadline_seconds
        while True:
            await self._wait_for_next(receipt, tries)
            try:
                await self._once(call)
            except CapHeld:
                if held >= HELD_SECONDS:
                    raise
                held += HELD_EVERY
                receipt.ends_at += HELD_EVERY
                await self._clock.sleep(HELD_EVERY)
            except AuthorError as error:
                receipt.failed = error
                receipt.faults += isinstance(error, AuthorBusy)
                log.warning("%s, failed: %s", call.in_words, error.why)
                if receipt.characters or not isinstance(error, AuthorBusy):
                    raise
            else:
                receipt.failed = None
                return

    async def _wait_for_next(self, receipt: Receipt, tries: int) -> None:
        """Return when the next call may start; raise what the last one failed with if there must be none."""
        error = receipt.failed
        if not isinstance(error, AuthorBusy):
            return
        wait = seconds_before_next(error, receipt.faults, self._seconds_left(receipt), self._rng)
        if wait is None or receipt.faults >= tries:
            raise error
        await self._clock.sleep(wait)

    async def _once(self, call: _Call) -> None:
        """One request, in its turn and paid for."""
        name, receipt = call.provider.name, call.receipt
        begun = self._clock.monotonic()
        ticket = await self._gate.enter(name, urgent=call.ask.step in _URGENT)
        try:
            receipt.ends_at = (receipt.ends_at or begun) + self._clock.monotonic() - begun
            await self._paid(call)
            self._gate.went_well(name)
        except AuthorBusy as error:
            if error.why == "rate_limited":
                self._gate.throttled(name, ticket)
            raise
        finally:
            self._gate.leave(name)

    async def _paid(self, call: _Call) -> None:
        """One request between its reservation and its settlement, both made even if nobody waits for them any more."""
        reservation = await self._reserved(call)
        one, written = Receipt(), 0
        call.receipt.calls += 1
        try:
            seconds = self._seconds_left(call.receipt)
            async with aclosing(call.provider.wire.stream(call.ask, seconds, one)) as texts:
                async for text in texts:
                    written += tokens_of(text)
                    call.pieces.put_nowait(text)
        finally:
            usage = used(call.ask, one, written, sys.exception())
            call.receipt.usage, call.receipt.stop_reason = usage, one.stop_reason
            call.receipt.characters, call.receipt.extra = one.characters, one.extra
            await to_its_end(asyncio.ensure_future(self._purse.settle(reservation, usage)))

    async def _reserved(self, call: _Call) -> int:
        """The id of a reservation for the worst case; given back at once if nobody waits for the call any more."""
        asking = asyncio.ensure_future(self._purse.reserve(call.payer, call.provider.name, call.ask))
        try:
            return await to_its_end(asking)
        except asyncio.CancelledError:
            if not asking.cancelled() and asking.exception() is None:
                await self._purse.settle(asking.result(), None)
            raise

    def _seconds_left(self, receipt: Receipt) -> float:
        return max(0.0, (receipt.ends_at or 0.0) - self._clock.monotonic())
