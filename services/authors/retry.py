"""How often, how soon and how long a call to a model is tried again: the one loop's bookkeeping."""

from __future__ import annotations

import random
from collections.abc import Sequence

from services.clock import Clock
from services.errors import AuthorBusy, AuthorError, AuthorUnusable

TRIES = 4
WAIT_CAP = 60.0  # seconds; a service may ask for an hour, and a learner is waiting
FIRST_WAIT = 1.0  # seconds; doubled with every try, then jittered


class BadAnswer(AuthorUnusable):
    """The answer came but breaks rules; `findings` are sentences for the next try, written by code and never quoting
    the model. Becomes the plain `AuthorUnusable` (``invalid_answer``) that it is when no try is left."""

    def __init__(self, findings: Sequence[str]) -> None:
        super().__init__("invalid_answer")
        self.findings = tuple(findings)


def seconds_before_next(error: AuthorBusy, faults: int, seconds_left: float, rng: random.Random) -> float | None:
    """How long to wait after `error`, the `faults`-th passing fault (1-based); None if there is no time left for it.

    A service that asks for more time than is left is not asked again; otherwise a minute is the longest wait."""
    if error.retry_after is None:
        wait = FIRST_WAIT * 2.0 ** (faults - 1) * rng.uniform(0.5, 1.5)
    else:
        # A little over what was asked, or everyone who was told the same comes back in the same instant.
        wait = max(0.0, error.retry_after) + rng.uniform(0.0, 0.5)
    return min(wait, WAIT_CAP) if wait < seconds_left else None


class Tries:
    """The tries at one piece of work: at most `tries` calls within `deadline_seconds`, all faults counted together.

    `findings` is what the last answer broke, to be said in the next call; `roomier` is True once an answer was cut off
    and the next one may be longer. Make one of these for each piece; ask `after` what to do with each failure."""

    def __init__(self, clock: Clock, rng: random.Random, *, deadline_seconds: float, tries: int = TRIES) -> None:
        self._clock = clock
        self._rng = rng
        self._tries = tries
        self._ends_at = clock.monotonic() + deadline_seconds
        self._made = 0
        self.findings: tuple[str, ...] = ()
        self.roomier = False

    def seconds_left(self) -> float:
        """Seconds until the deadline, 0 when it has passed."""
        return max(0.0, self._ends_at - self._clock.monotonic())

    async def after(self, error: AuthorError) -> None:
        """Return when the next call may start; raise `error` when there must be none.

        A passing fault is waited out (`retry_after` where the service named one, at most 60 s), an answer that broke
        rules or was cut off is asked for again at once (cut off: only once), anything else is final.
        """
        self._made += 1
        wait = self._wait_for(error)
        if self._made >= self._tries or wait >= self.seconds_left():
            raise error
        if wait > 0:
            await self._clock.sleep(wait)

    def _wait_for(self, error: AuthorError) -> float:
        """Seconds to wait before the next call; notes what that call must do otherwise. Raises final errors."""
        if isinstance(error, BadAnswer):
            self.findings = error.findings
            return 0.0
        if isinstance(error, AuthorUnusable) and error.why == "truncated" and not self.roomier:
            self.roomier = True
            return 0.0
        if not isinstance(error, AuthorBusy):
            raise error
        backoff = FIRST_WAIT * 2.0 ** (self._made - 1) * self._rng.uniform(0.5, 1.5)
        if error.retry_after is None:
            return min(backoff, WAIT_CAP)
        # A little over what was asked, or everyone who was told the same comes back in the same instant.
        return min(max(0.0, error.retry_after) + self._rng.uniform(0.0, 0.5), WAIT_CAP)
