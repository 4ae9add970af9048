"""A provider that keeps failing is left alone for a while, so that others are asked at once."""

from __future__ import annotations

from services.clock import Clock
from services.errors import AuthorBusy

FAILURES = 3  # steps in a row, each with all its tries
FIRST_REST = 30.0  # seconds; doubled every time the one call that looks whether it is back fails too
LONGEST_REST = 300.0


class Breaker:
    """Counts steps that failed in passing, one provider's. After `failures` in a row it opens: nobody is let through
    for a rest, then one, on whose fate it depends."""

    def __init__(self, clock: Clock, *, failures: int = FAILURES, rest_seconds: float = FIRST_REST) -> None:
        self._clock = clock
        self._failures = failures
        self._first_rest = rest_seconds
        self._rest = rest_seconds
        self._in_a_row = 0
        self._until: float | None = None
        self._probing = False

    @property
    def resting(self) -> float:
        """Seconds until the next one is let through, 0 if at once."""
        if self._until is None:
            return 0.0
        left = max(0.0, self._until - self._clock.monotonic())
        return max(left, 1.0) if self._probing else left

    def admit(self) -> bool:
        """Let a step through: True if it is the one that looks whether the provider is back (it must not insist). Every
        admitted step ends in exactly one of `succeeded`, `failed` and `left`. Raises `AuthorBusy` (``resting``)."""
        if left := self.resting:
            raise AuthorBusy("resting", retry_after=left)
        self._probing = self._until is not None
        return self._probing

    def succeeded(self, *, probe: bool = False) -> None:
        """The provider answered, whoever asked."""
        self._in_a_row = 0
        self._until = None
        self._probing = False
        self._rest = self._first_rest

    def failed(self, *, probe: bool) -> None:
        """A step failed in passing, after all its tries."""
        self._in_a_row += 1
        if probe:
            self._probing = False
            self._rest = min(LONGEST_REST, self._rest * 2)
        if probe or (self._until is None and self._in_a_row >= self._failures):
            self._until = self._clock.monotonic() + self._rest

    def left(self, *, probe: bool) -> None:
        """A step ended without telling anything about the provider (cancelled, no money, a fault of ours)."""
        if probe:
            self._probing = False
