"""What takes long to work out, kept for a short while for whoever asks for the same state of things."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Generic, TypeVar

from storage.cache import Cache

if TYPE_CHECKING:
    from pydantic import TypeAdapter

V = TypeVar("V")


class Fresh(Generic[V]):
    """Values of one `kind` (a dataclass), each for `seconds`. A key names a state: whatever the value is made from has
    to be in it, as a revision or as it is. However many ask for a key, its value is worked out once."""

    def __init__(self, cache: Cache, kind: type[V], *, seconds: float) -> None:
        self._cache = cache
        self._kind = kind
        self._seconds = seconds
        self._known_form: TypeAdapter[V] | None = None
        self._making: dict[str, asyncio.Task[V]] = {}

    async def get(self, key: str, make: Callable[[], Awaitable[V]]) -> V:
        """The value, from `make` unless it is known. Raises what `make` raises."""
        found = await self._cache.get(key)
        known = None if found is None else self._read(found)
        if known is not None:
            return known
        task = self._making.get(key)
        if task is None:
            task = asyncio.ensure_future(self._make(key, make))
            self._making[key] = task
            task.add_done_callback(lambda done: self._made(key, done))
        return await asyncio.shield(task)

    async def _make(self, key: str, make: Callable[[], Awaitable[V]]) -> V:
        value = await make()
        await self._cache.put(key, self._form().dump_json(value), self._seconds)
        return value

    def _made(self, key: str, task: asyncio.Task[V]) -> None:
        del self._making[key]
        if not task.cancelled():
            task.exception()  # seen, even if whoever asked has left

    def _read(self, found: bytes) -> V | None:
        from pydantic import ValidationError

        try:
            return self._form().validate_json(found)
        except ValidationError:  # written by a program that has another form for it
            return None

    def _form(self) -> TypeAdapter[V]:
        if self._known_form is None:
            from pydantic import TypeAdapter

            self._known_form = TypeAdapter(self._kind)
        return self._known_form
