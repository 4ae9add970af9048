"""Courses ready to be sent: bytes, the same bytes packed, and their tag, made once for each version of a course."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import struct
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from services.views import CourseView
from storage.cache import Cache

MOST_BYTES = 16 * 1024 * 1024
LEVEL = 6  # of gzip
QUALITY = 11  # of brotli: its best, which takes 30 ms, because it is done once
SHARED_SECONDS = 86_400.0
_TAG_BYTES = 27
_HEAD = struct.Struct(f">{_TAG_BYTES}sII")


@dataclass(frozen=True, slots=True)
class Page:
    """`raw` is what is shown, `packed` the same as gzip and brotli pack it, `tag` changes whenever a byte does."""

    raw: bytes
    packed: Mapping[Literal["br", "gzip"], bytes]
    tag: str

    @property
    def size(self) -> int:
        """Bytes that it takes to keep."""
        return len(self.raw) + sum(map(len, self.packed.values()))


class Rendered:
    """Pages of the courses last asked for, `most_bytes` in all.

    A page belongs to one `CourseView` object: the library gives another one after each write that changes the course,
    so what was made from the old one is never given out again. In `shared` other processes find what was made here,
    under a digest of all that the page was made from."""

    def __init__(self, shared: Cache | None = None, *, most_bytes: int = MOST_BYTES) -> None:
        self._shared = shared
        self._most = most_bytes
        self._pages: OrderedDict[int, tuple[CourseView, asyncio.Task[Page]]] = OrderedDict()
        self._bytes = 0

    @property
    def kept_bytes(self) -> int:
        """How much is kept."""
        return self._bytes

    async def page(self, course: CourseView, render: Callable[[CourseView], bytes]) -> Page:
        """The page of a course as it is now, made by `render` (in a thread) if it is not there; once, however many
        ask at the same time."""
        known = self._pages.get(course.id)
        if known is not None and known[0] is course:
            self._pages.move_to_end(course.id)
            return await asyncio.shield(known[1])
        self._drop(course.id)
        task = asyncio.ensure_future(self._make(course, render))
        self._pages[course.id] = (course, task)
        task.add_done_callback(lambda done: self._made(course, done))
        return await asyncio.shield(task)

    async def _make(self, course: CourseView, render: Callable[[CourseView], bytes]) -> Page:
        if self._shared is None:
            return await asyncio.to_thread(_render, course, render)
        key = await asyncio.to_thread(_key, course)
        found = await self._shared.get(key)
        page = None if found is None else _unpacked(found)
        if page is None:
            page = await asyncio.to_thread(_render, course, render)
            await self._shared.put(key, _as_bytes(page), SHARED_SECONDS)
        return page

    def _made(self, course: CourseView, task: asyncio.Task[Page]) -> None:
        known = self._pages.get(course.id)
        if known is None or known[1] is not task:
            return
        if task.cancelled() or task.exception() is not None:
            del self._pages[course.id]
            return
        self._bytes += task.result().size
        while self._bytes > self._most and self._pages:
            self._drop(next(iter(self._pages)))

    def _drop(self, course_id: int) -> None:
        known = self._pages.pop(course_id, None)
        if known is not None and known[1].done():
            self._bytes -= known[1].result().size


def _render(course: CourseView, render: Callable[[CourseView], bytes]) -> Page:
    import brotli

    raw = render(course)
    tag = hashlib.blake2b(raw, digest_size=20).hexdigest()[:_TAG_BYTES]
    return Page(raw, {"br": brotli.compress(raw, quality=QUALITY), "gzip": gzip.compress(raw, LEVEL, mtime=0)}, tag)


def _key(course: CourseView) -> str:
    """A name for everything that is in a course: a course that differs in anything has another one."""
    return f"course:{course.id}:{hashlib.blake2b(repr(course).encode('utf-8', 'replace'), digest_size=20).hexdigest()}"


def _as_bytes(page: Page) -> bytes:
    br, zipped = page.packed["br"], page.packed["gzip"]
    return _HEAD.pack(page.tag.encode(), len(br), len(zipped)) + br + zipped + page.raw


def _unpacked(kept: bytes) -> Page | None:
    """The page that `_as_bytes` wrote; None for anything else."""
    if len(kept) < _HEAD.size:
        return None
    tag, br, zipped = _HEAD.unpack_from(kept)
    ends = (_HEAD.size + br, _HEAD.size + br + zipped)
    if len(kept) < ends[1] or not tag.isalnum():
        return None
    return Page(kept[ends[1] :], {"br": kept[_HEAD.size : ends[0]], "gzip": kept[ends[0] : ends[1]]}, tag.decode())
