"""How many calls are in flight: so many over all, and for each provider fewer after it has said "too many"."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass

MOST = 8


@dataclass(slots=True)
class _Lane:
    """The calls to one provider: how many may be inside, how many are, and the last ticket given when it was halved."""

    width: float
    inside: int = 0
    halved_at: int = 0


_Waiting = tuple[str, asyncio.Future[None]]


class Gate:
    """At most `most` calls inside, first come first in, except that the urgent go before the others. A provider's own
    share is halved when it throttles us, and grows back by one for every round of calls that went well (additive
    increase, multiplicative decrease)."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._inside = 0
        self._tickets = 0
        self._lanes: defaultdict[str, _Lane] = defaultdict(lambda: _Lane(float(most)))
        self._urgent: deque[_Waiting] = deque()
        self._waiting: deque[_Waiting] = deque()

    def width(self, provider: str) -> int:
        """How many calls to `provider` may be inside now."""
        return int(self._lanes[provider].width)

    async def enter(self, provider: str, *, urgent: bool = False) -> int:
        """Wait for a place; returns the ticket. Whoever entered must `leave`."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue = self._urgent if urgent else self._waiting
        queue.append((provider, turn))
        self._admit()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave(provider)
            else:
                queue.remove((provider, turn))
            raise
        self._tickets += 1
        return self._tickets

    def leave(self, provider: str) -> None:
        """Give a place back."""
        self._inside -= 1
        self._lanes[provider].inside -= 1
        self._admit()

    def throttled(self, provider: str, ticket: int) -> None:
        """The call with `ticket` was told "too many". Calls that began before the last halving say nothing new."""
        lane = self._lanes[provider]
        if ticket > lane.halved_at:
            lane.width = max(1.0, lane.width / 2)
            lane.halved_at = self._tickets

    def went_well(self, provider: str) -> None:
        """A call came to its end."""
        lane = self._lanes[provider]
        lane.width = min(float(self._most), lane.width + 1 / lane.width)
        self._admit()

    def _admit(self) -> None:
        """Let in whoever fits; who waits for a full provider does not keep others out."""
        for queue in (self._urgent, self._waiting):
            for provider, turn in tuple(queue):
                lane = self._lanes[provider]
                if self._inside >= self._most:
                    return
                if lane.inside < int(lane.width) and not turn.cancelled():
                    queue.remove((provider, turn))
                    self._inside += 1
                    lane.inside += 1
                    turn.set_result(None)
