"""What a model-backed author asks of a provider, and what a provider's adapter gives back."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from services.errors import AuthorError

Effort = Literal["low", "medium", "high"]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the rules that goes before the task; everything up to a `cached` one is kept by the provider and costs
    a tenth when it comes again byte for byte, to the same model and with the same schema (which goes before it all)."""

    text: str
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """One call: the blocks before the task, the task (`user`), the JSON schema of the answer, how many tokens (`room`)
    the answer may take, thinking included, and the name of the `step` (``plan``, ``body``…) for accounts and logs."""

    model: str
    blocks: tuple[Block, ...]
    user: str
    schema: Mapping[str, object]
    room: int
    effort: Effort
    step: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a call used: `fresh` input, input read from (`cached`) and `written` to the provider's cache, output
    with thinking."""

    fresh: int = 0
    cached: int = 0
    written: int = 0
    output: int = 0


@dataclass(slots=True)
class Receipt:
    """What became known of a call while it ran, however it ended: its usage (None if the provider said nothing), the
    stop reason, and the characters of text that came. Of several calls it tells of the last.

    Handed in again for a further call of the same step, it makes the step's bounds go on: `calls` were made, `faults`
    of them failed in passing, the last one with `failed`, and the step must be over at `ends_at` (monotonic)."""

    usage: Usage | None = None
    stop_reason: str | None = None
    characters: int = 0
    extra: dict[str, str] = field(default_factory=dict)
    calls: int = 0
    faults: int = 0
    failed: AuthorError | None = None
    ends_at: float | None = None


class Wire(Protocol):
    """One provider. No retries here: each call is one request."""

    def stream(self, ask: Ask, seconds: float, receipt: Receipt) -> AsyncGenerator[str, None]:
        """The answer's text, piece by piece, in at most `seconds` seconds of waiting for the provider; `receipt` is
        filled on the way, also when it fails.

        Ends quietly only if the answer is complete; raises `AuthorBusy`, `AuthorRefused` or `AuthorUnusable`
        (``truncated`` among them) otherwise, after whatever text came before.
        """
        ...

    async def load(self) -> None:
        """Load what is needed for calls now rather than at the first one."""
        ...

    async def models(self, seconds: float, wanted: Collection[str] = ()) -> frozenset[str] | None:
        """The ids of the models that the provider offers, with those of `wanted` that it knows by another name; None
        where it keeps no such list. Raises `AuthorError`."""
        ...

    async def aclose(self) -> None:
        """Close connections, if any were made."""
        ...
