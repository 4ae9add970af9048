"""How often somebody may guess: wrong codes are counted by the address that they come from."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from services.clock import Clock
from services.errors import Forbidden, LimitReached

ALLOWED = 5
WINDOW = 60  # seconds
_ADDRESSES = 10_000


class Tries:
    """At most `ALLOWED` wrong tries of one address in any `WINDOW` seconds, counted by each process for itself."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wrong: OrderedDict[str, deque[datetime]] = OrderedDict()

    @contextmanager
    def one(self, address: str) -> Iterator[None]:
        """Try inside: it counts from the beginning, so that many at once gain nothing, and until it was right.

        Raises LimitReached("sign_in") without trying if there is no try left."""
        wrong, now = self._wrong.setdefault(address, deque()), self._clock.now()
        self._wrong.move_to_end(address)
        while wrong and wrong[0] <= now - timedelta(seconds=WINDOW):
            wrong.popleft()
        if len(wrong) >= ALLOWED:
            raise LimitReached("sign_in", ALLOWED, WINDOW, wrong[0] + timedelta(seconds=WINDOW))
        wrong.append(now)
        while len(self._wrong) > _ADDRESSES:
            self._wrong.popitem(last=False)
        try:
            yield
        except Forbidden:
            _forget(wrong, now)  # the code was right, the person is not welcome
            raise
        else:
            _forget(wrong, now)


def _forget(wrong: deque[datetime], at: datetime) -> None:
    if at in wrong:
        wrong.remove(at)
