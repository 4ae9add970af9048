"""What a model-backed author asks of its provider's adapter."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

Effort = Literal["low", "medium", "high"]


@dataclass(frozen=True, slots=True)
class Ask:
    """One call: the rules (`system`), the task (`user`), the JSON schema of the answer, and how many tokens (`room`)
    the answer may take, thinking included."""

    model: str
    system: str
    user: str
    schema: Mapping[str, object]
    room: int
    effort: Effort


class Wire(Protocol):
    """One provider. No retries here: each call is one request."""

    def stream(self, ask: Ask, seconds: float) -> AsyncGenerator[str, None]:
        """The answer's text, piece by piece, in at most `seconds` seconds of waiting for the provider.

        Ends quietly only if the answer is complete; raises `AuthorBusy`, `AuthorRefused` or `AuthorUnusable`
        (``truncated`` among them) otherwise, after whatever text came before.
        """
        ...
