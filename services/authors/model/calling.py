"""What the author calls models through: providers in order, each call paid for, tried again, and counted."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from typing import Protocol

from services.authors.model.wire import Ask, Receipt, Usage
from services.authors.protocol import Payer


class Purse(Protocol):
    """Whoever keeps the money. The worst case is reserved before a call and settled after it; both commit at once."""

    async def reserve(self, payer: Payer | None, provider: str, ask: Ask) -> int:
        """The id of a reservation for the worst case of `ask`. Raises `AuthorUnusable` (``cap_course``,
        ``cap_learner``, ``cap_bot``, ``price_unknown``) when it does not fit, before anything is spent; `CapHeld` where
        it may fit once other calls have come to their end."""
        ...

    async def settle(self, reservation: int, usage: Usage | None) -> None:
        """Replace a reservation by what the call used; None: nothing was said and nothing can have been used."""
        ...


class OpenPurse:
    """A purse without a bottom: nothing is counted. For authors outside the house (benches, trials)."""

    async def reserve(self, payer: Payer | None, provider: str, ask: Ask) -> int:
        """Always allowed."""
        return 0

    async def settle(self, reservation: int, usage: Usage | None) -> None:
        """Nothing to do."""


AskOf = Callable[[str, str], Ask]
"""Makes the call for a provider's name and one of its models: only `Ask.model` and the wording may depend on them."""


class Calls(Protocol):
    """One way to all providers. `services.authors.model.caller` is it."""

    def stream(self, provider: str, ask: Ask, payer: Payer | None, receipt: Receipt) -> AsyncGenerator[str, None]:
        """One answer of `provider`, tried again within bounds (1 + 3 calls for passing faults, exactly 1 for final
        ones) as long as nothing of it has been passed on; at most 8 calls are in flight over all, halved after a 429.

        Raises the last `AuthorError`; `AuthorBusy` (``resting``) at once while the provider's breaker is open. After a
        fault in mid-stream the step may be gone on with by another call: with the same `receipt` it is one step."""
        ...
