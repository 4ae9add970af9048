"""Courses ready to be sent: bytes, the same bytes packed, and their tag, made once for each version of a course."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from services.views import CourseView

MOST_BYTES = 16 * 1024 * 1024
LEVEL = 6
TAG_LENGTH = 27


@dataclass(frozen=True, slots=True)
class Page:
    """`raw` is what is shown, `packed` the same after gzip, `tag` changes whenever a byte does."""

    raw: bytes
    packed: bytes
    tag: str

    @property
    def size(self) -> int:
        """Bytes that it takes to keep."""
        return len(self.raw) + len(self.packed)


class Rendered:
    """Pages of the courses last asked for, `most_bytes` in all.

    A page belongs to one `CourseView` object: the library gives another one after each write that changes the course,
    so what was made from the old one is never given out again."""

    def __init__(self, *, most_bytes: int = MOST_BYTES) -> None:
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
        task = asyncio.ensure_future(asyncio.to_thread(_make, course, render))
        self._pages[course.id] = (course, task)
        task.add_done_callback(lambda done: self._made(course, done))
        return await asyncio.shield(task)

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


def _make(course: CourseView, render: Callable[[CourseView], bytes]) -> Page:
    raw = render(course)
    tag = hashlib.blake2b(raw, digest_size=20).hexdigest()[:TAG_LENGTH]
    return Page(raw, gzip.compress(raw, LEVEL, mtime=0), tag)
