"""What was worked out once and can be worked out again, kept for a while under a key that names its very version.

Nothing here is ever taken back: whoever keeps something puts into its key what it was made from (a revision that the
write raised in its own transaction, a digest of the contents), so that after a write another key is asked for. What a
cache has lost, or never got, costs time and nothing else."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

MOST_BYTES = 8 * 1024 * 1024


class Cache(Protocol):
    """Bytes by key. Never raises because of where they are kept."""

    async def get(self, key: str) -> bytes | None:
        """What was put there, if it is still there."""
        ...

    async def put(self, key: str, value: bytes, seconds: float) -> None:
        """Keep it for so long at most."""
        ...


class MemoryCache:
    """In this process; beyond `most_bytes` what was used longest ago goes first. `monotonic` gives seconds."""

    def __init__(self, monotonic: Callable[[], float], *, most_bytes: int = MOST_BYTES) -> None:
        self._monotonic = monotonic
        self._most = most_bytes
        self._kept: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._bytes = 0

    @property
    def kept_bytes(self) -> int:
        """How much is kept, keys included."""
        return self._bytes

    async def get(self, key: str) -> bytes | None:
        """What was put there, if it is still there."""
        known = self._kept.get(key)
        if known is None:
            return None
        if self._monotonic() >= known[0]:
            self._drop(key)
            return None
        self._kept.move_to_end(key)
        return known[1]

    async def put(self, key: str, value: bytes, seconds: float) -> None:
        """Keep it for so long at most."""
        self._drop(key)
        self._kept[key] = (self._monotonic() + seconds, value)
        self._bytes += _size(key, value)
        while self._bytes > self._most:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: str) -> None:
        known = self._kept.pop(key, None)
        if known is not None:
            self._bytes -= _size(key, known[1])


def _size(key: str, value: bytes) -> int:
    return len(key.encode()) + len(value)
