from __future__ import annotations

import asyncio
import gzip
import time
from dataclasses import replace
from datetime import UTC, datetime

import brotli
import pytest

from services.authors.protocol import Credit
from services.rendered import Page, Rendered
from services.views import CourseView
from storage.cache import MemoryCache
from tests.kit.clocks import HeldClock

COURSE = CourseView(
    id=1,
    owner_id=2,
    title="Sourdough",
    description="",
    objectives=(),
    level="beginner",
    language="en",
    state="ready",
    credit=Credit(ai=False, name="people"),
    created_at=datetime(2026, 11, 23, tzinfo=UTC),
    lessons=(),
)


class Renderer:
    """Counts how often it was asked; slow enough for others to come in between."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, course: CourseView) -> bytes:
        self.asked.append(course.title)
        time.sleep(0.02)
        return course.title.encode() * 100


async def test_a_page_is_made_once_however_many_ask() -> None:
    kept, render = Rendered(), Renderer()
    pages = await asyncio.gather(*(kept.page(COURSE, render) for _ in range(20)))
    assert len({id(page) for page in pages}) == 1
    assert render.asked == ["Sourdough"]
    packed = pages[0].packed
    assert gzip.decompress(packed["gzip"]) == brotli.decompress(packed["br"]) == pages[0].raw == b"Sourdough" * 100
    assert kept.kept_bytes == pages[0].size == len(pages[0].raw) + len(packed["gzip"]) + len(packed["br"])


async def test_what_one_process_made_others_find() -> None:
    cache, render = MemoryCache(HeldClock().monotonic), Renderer()
    page = await Rendered(cache).page(COURSE, render)
    again = await Rendered(cache).page(replace(COURSE), render)
    assert again == page
    assert render.asked == ["Sourdough"]
    for other in (replace(COURSE, title="Rye bread"), replace(COURSE, state="making"), replace(COURSE, picture="")):
        assert (await Rendered(cache).page(other, render)).raw == other.title.encode() * 100
    assert len(render.asked) == 4


@pytest.mark.parametrize("rubbish", [b"", b"x", b"\xff" * 200, b"0" * 40])
async def test_what_nobody_can_have_put_there_is_made_anew(rubbish: bytes) -> None:
    class Odd(MemoryCache):
        async def get(self, key: str) -> bytes | None:
            return rubbish

    render = Renderer()
    page = await Rendered(Odd(HeldClock().monotonic)).page(COURSE, render)
    assert (page.raw, render.asked) == (b"Sourdough" * 100, ["Sourdough"])


async def test_another_view_of_the_course_is_another_page() -> None:
    kept, render = Rendered(), Renderer()
    before = await kept.page(COURSE, render)
    changed = await kept.page(replace(COURSE, title="Rye bread"), render)
    assert (changed.raw[:9], before.tag == changed.tag) == (b"Rye bread", False)
    again = await kept.page(replace(COURSE), render)
    assert again.tag == before.tag
    assert render.asked == ["Sourdough", "Rye bread", "Sourdough"]
    assert kept.kept_bytes == again.size


async def test_what_changes_while_it_is_made_is_not_given_for_the_new() -> None:
    kept, render = Rendered(), Renderer()
    old = asyncio.create_task(kept.page(COURSE, render))
    await asyncio.sleep(0)
    new = await kept.page(replace(COURSE, title="Rye bread"), render)
    assert (new.raw[:3], (await old).raw[:3]) == (b"Rye", b"Sou")
    assert kept.kept_bytes == new.size


async def test_only_so_much_is_kept() -> None:
    size = (await Rendered().page(COURSE, Renderer())).size
    kept, render = Rendered(most_bytes=3 * size), Renderer()
    for number in [1, 2, 3, 1, 4]:
        await kept.page(replace(COURSE, id=number), render)
        assert kept.kept_bytes <= 3 * size
    views = [replace(COURSE, id=number) for number in range(10)]
    for view in (*views, views[-1]):
        await kept.page(view, render)
    assert len(render.asked) == 5 + 10
    assert kept.kept_bytes == 3 * size


async def test_one_who_leaves_spoils_nothing_and_a_fault_is_not_kept() -> None:
    kept, render = Rendered(), Renderer()
    left = asyncio.create_task(kept.page(COURSE, render))
    await asyncio.sleep(0)
    left.cancel()
    assert isinstance(await kept.page(COURSE, render), Page)
    assert render.asked == ["Sourdough"]

    def broken(course: CourseView) -> bytes:
        raise LookupError(course.title)

    other = replace(COURSE, id=9)
    for _ in range(2):
        with pytest.raises(LookupError):
            await kept.page(other, broken)
    assert (await kept.page(other, render)).raw
