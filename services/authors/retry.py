"""How often and how soon a call to a model is tried again, and the one fault that is mended by saying it."""

from __future__ import annotations

import random
from collections.abc import Sequence

from services.errors import AuthorBusy, AuthorUnusable

TRIES = 4  # of a step, for passing faults: one call and three more
WAIT_CAP = 60.0  # seconds; a service may ask for more, and a learner is waiting
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
