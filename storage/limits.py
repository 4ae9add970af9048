"""What was taken lately, key by key, in exact moving windows: in this process's memory.

A window is closed at both ends and counts in milliseconds: in no stretch of its length is more taken than allowed."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple, Protocol, cast

from pyrate_limiter import BucketFactory, InMemoryBucket, Rate, RateItem

MOST_KEYS = 100_000  # a bucket for each: beyond that, who was here least lately is forgotten
_FORGET_AT_ONCE = 4  # keys looked at whenever one is added, so that what is over goes faster than new ones come
log = logging.getLogger(__name__)


class Taken(NamedTuple):
    """What came of asking: `granted` or not, how many are `left` now, in how many milliseconds as many as were asked
    for can be had (`wait_ms`, 0 if they were granted), and in how many the oldest that counts is over (`reset_ms`)."""

    granted: bool
    left: int
    wait_ms: int
    reset_ms: int


class Window(Protocol):
    """`allowed` in any stretch of a length, for each key."""

    async def take(self, key: str, cost: int) -> Taken:
        """Take `cost` at once or nothing. What was refused does not count."""
        ...


class MemoryWindow(BucketFactory):
    """One bucket a key; `now` gives milliseconds that never go back."""

    def __init__(
        self, allowed: int, window_seconds: int, now: Callable[[], int], *, most_keys: int = MOST_KEYS
    ) -> None:
        self._rates = [Rate(allowed, window_seconds * 1000)]
        self._now = now
        self._most_keys = most_keys
        self._buckets: OrderedDict[str, InMemoryBucket] = OrderedDict()  # who took least lately comes first
        self._said_full = False

    def __len__(self) -> int:
        return len(self._buckets)

    def wrap_item(self, name: str, weight: int = 1) -> RateItem:
        """What is to be taken, with the time."""
        return RateItem(name, self._now(), weight)

    def get(self, item: RateItem) -> InMemoryBucket:
        """The bucket of the item's key."""
        bucket = self._buckets.get(item.name)
        if bucket is None:
            self._forget(item.timestamp)
            bucket = self._buckets[item.name] = InMemoryBucket(self._rates)
        else:
            self._buckets.move_to_end(item.name)
        return bucket

    async def take(self, key: str, cost: int) -> Taken:
        """Take `cost` at once or nothing."""
        item, (rate,) = self.wrap_item(key, cost), self._rates
        bucket = self.get(item)
        items = bucket.items  # the oldest first; read without its lock, as no thread but this one is here
        if items and items[0].timestamp < item.timestamp - rate.interval:
            bucket.leak(item.timestamp)
        granted = bucket.put(item)
        wait = 0 if granted else wait_ms(cast("int", bucket.waiting(item)), rate)
        begun = items[0].timestamp if items else None
        return Taken(granted, rate.limit - len(items), wait, reset_ms(begun, rate, item.timestamp))

    def _forget(self, now: int) -> None:
        """Let go of a few keys whose window is over, and of the least recent one if there are too many."""
        oldest_that_counts = now - self._rates[0].interval
        for _ in range(_FORGET_AT_ONCE):
            name = next(iter(self._buckets), None)
            newest = self._buckets[name].peek(0) if name is not None else None
            if name is None or (newest is not None and newest.timestamp >= oldest_that_counts):
                break
            del self._buckets[name]
        if len(self._buckets) >= self._most_keys:
            self._buckets.popitem(last=False)
            if not self._said_full:
                self._said_full = True
                log.warning("More than %d keys are counted at once; the least recent are forgotten", self._most_keys)


def wait_ms(waiting: int, rate: Rate) -> int:
    """pyrate-limiter's wait; what can never fit (-1) is told to come back when everything is free."""
    return waiting if waiting >= 0 else rate.interval + 1


def reset_ms(oldest: int | None, rate: Rate, now: int) -> int:
    """Milliseconds until what was taken at `oldest` is over: its last millisecond still counts."""
    return 0 if oldest is None else oldest + rate.interval + 1 - now
